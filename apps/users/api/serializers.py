"""Shapes of the auth and profile endpoints, in and out. Key names are those the published clients use."""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from validate_docbr import CPF

from apps.core.phones import national_digits
from apps.users.models import PlatformRole, Profile, User
from apps.users.services.passwords import MAX_LENGTH


class PasswordField(serializers.CharField):
    """A password as it was typed, spaces included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=MAX_LENGTH, write_only=True, **kwargs)


class LanguageField(serializers.ChoiceField):
    """A language of this install, in any capitals (`pt-BR`), or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code as Django spells it."""
        return str(super().to_internal_value(data.lower() if isinstance(data, str) else data))


class CpfField(serializers.CharField):
    """A CPF in any punctuation, kept as 11 digits; empty removes it."""

    def to_internal_value(self, data: Any) -> str:
        """The digits, if their check digits are right."""
        digits = re.sub(r"\D", "", super().to_internal_value(data))
        if digits and not CPF().validate(digits):
            raise serializers.ValidationError(_("This is not a CPF."))
        return digits


class CredentialsSerializer(serializers.Serializer[Any]):
    """A login: `email` (it may hold a phone number), or the same under `username` or `phone`."""

    email = serializers.CharField(required=False, max_length=254)
    username = serializers.CharField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=40)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Name the one identifier that was given."""
        identifier = attrs.get("email") or attrs.get("username") or attrs.get("phone")
        if not identifier:
            raise serializers.ValidationError({"email": [_("Give an e-mail address or a phone number.")]})
        return {"identifier": identifier, "password": attrs["password"]}


class RegisterSerializer(serializers.Serializer[Any]):
    """A new account, in the three shapes of the storefronts: one `name` or two, e-mail or phone or both."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=161)
    first_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    email = serializers.EmailField(required=False, allow_blank=True, allow_null=True)
    phone = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=40)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What `services.accounts.register` takes."""
        first, _space, rest = attrs.get("name", "").partition(" ")
        return {
            "first_name": attrs.get("first_name", "") or first[:80],
            "last_name": attrs.get("last_name", "") or rest.strip()[:80],
            "email": attrs.get("email") or "",
            "phone": attrs.get("phone") or "",
            "password": attrs["password"],
        }


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """Both passwords."""

    old_password = PasswordField()
    new_password = PasswordField()


class RefreshSerializer(serializers.Serializer[Any]):
    """The refresh token to exchange."""

    refresh = serializers.CharField(max_length=2048)


class PairSerializer(serializers.Serializer[Any]):
    """A JWT login. The refresh token is good for one exchange."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class PersonSerializer(serializers.ModelSerializer[User]):
    """A user inside a login answer; e-mail and phone are text, empty when there is none."""

    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: tuple[str, ...] = ("id", "email", "first_name", "last_name", "phone")

    def get_email(self, user: User) -> str:
        """Never null: one client stores it as it is and needs text."""
        return user.email or ""

    def get_phone(self, user: User) -> str:
        """National digits, as the clients' forms want them."""
        return national_digits(user.phone or "")


class LoginAnswerSerializer(serializers.Serializer[Any]):
    """A login answer: the dashboard reads the flat keys, the storefronts `user`."""

    token = serializers.CharField()
    user_id = serializers.UUIDField()
    email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    user = PersonSerializer()


class NewTokenSerializer(serializers.Serializer[Any]):
    """After a password change: a sentence, and the token that replaces all others."""

    message = serializers.CharField()
    token = serializers.CharField()


class MeSerializer(PersonSerializer):
    """The caller's own account."""

    username = serializers.CharField(source="display_name")
    platform_role = serializers.ChoiceField(choices=PlatformRole.choices)

    class Meta(PersonSerializer.Meta):
        fields = (
            *PersonSerializer.Meta.fields,
            "username", "language", "platform_role", "is_active", "is_staff", "is_superuser", "date_joined",
        )  # fmt: skip
        read_only_fields = fields


class MeChangeSerializer(serializers.Serializer[Any]):
    """What a person may change about their account."""

    first_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    language = LanguageField(required=False)


class AddressSerializer(serializers.Serializer[Any]):
    """A remembered address; the client makes the id."""

    id = serializers.CharField(max_length=64)
    label = serializers.CharField(  # type: ignore[assignment]  # the clients' key; DRF takes it out of the class body
        required=False, allow_blank=True, max_length=60, default=""
    )
    street = serializers.CharField(required=False, allow_blank=True, max_length=160, default="")
    number = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    complement = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    neighborhood = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    city = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    state = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    zip_code = serializers.CharField(required=False, allow_blank=True, max_length=12, default="")
    is_default = serializers.BooleanField(required=False, default=False)


class PreferencesSerializer(serializers.Serializer[Any]):
    """What the account pages let a person choose. Keys that are missing stay as they are."""

    notifications_email = serializers.BooleanField(required=False)
    notifications_whatsapp = serializers.BooleanField(required=False)
    notifications_push = serializers.BooleanField(required=False)
    marketing_emails = serializers.BooleanField(required=False)
    order_updates = serializers.BooleanField(required=False)
    delivery_instructions = serializers.CharField(required=False, allow_blank=True, max_length=500)
    preferred_payment = serializers.ChoiceField(required=False, choices=["pix", "credit_card", "cash"])


class ProfileSerializer(serializers.ModelSerializer[Profile]):
    """A person's whole profile, as its owner sees it."""

    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    cpf = serializers.SerializerMethodField()
    addresses = AddressSerializer(many=True)
    preferences = PreferencesSerializer()

    class Meta:
        model = Profile
        fields = (
            "first_name", "last_name", "email", "phone", "cpf", "address", "city", "state", "zip_code",
            "addresses", "preferences",
        )  # fmt: skip

    def get_email(self, profile: Profile) -> str:
        """Text, empty when there is none."""
        return profile.user.email or ""

    def get_phone(self, profile: Profile) -> str:
        """National digits."""
        return national_digits(profile.user.phone or "")

    def get_cpf(self, profile: Profile) -> str:
        """The one place that shows a CPF, to the person it belongs to: the checkout form is filled from it."""
        return profile.cpf.reveal() if profile.cpf else ""


class ProfileChangeSerializer(MeChangeSerializer):
    """Any part of a profile."""

    cpf = CpfField(required=False, allow_blank=True, max_length=20)
    address = serializers.CharField(required=False, allow_blank=True, max_length=300)
    city = serializers.CharField(required=False, allow_blank=True, max_length=80)
    state = serializers.CharField(required=False, allow_blank=True, max_length=40)
    zip_code = serializers.CharField(required=False, allow_blank=True, max_length=12)
    addresses = AddressSerializer(many=True, required=False)
    preferences = PreferencesSerializer(required=False)

    def validate_addresses(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A person has a handful of addresses."""
        if len(value) > MAX_ADDRESSES:
            raise serializers.ValidationError(_("This is too many addresses."))
        return [dict(row) for row in value]


MAX_ADDRESSES = 20
