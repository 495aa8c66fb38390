"""People who log in: the user, what they keep about themselves, their open logins, and counted attempts.

No secret is stored: a login keeps the SHA-256 of its token, the attempts table keyed hashes of who tried.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.crypto import EncryptedField
from apps.core.ids import uuid7
from apps.core.phones import to_e164


class PlatformRole(models.TextChoices):
    """What somebody is to the whole install, next to their roles in stores."""

    NONE = "", _("none")
    ADMIN = "admin", _("admin")
    SUPER_ADMIN = "super_admin", _("super admin")


def normal_email(email: str | None) -> str | None:
    """An e-mail address as it is stored and compared: trimmed, lower case; None for an empty one."""
    return (email or "").strip().lower() or None


def e164(value: str) -> None:
    """Model validator: the number is written as E.164."""
    if to_e164(value) != value:
        raise ValidationError(_("Write the phone number with its country code: +5511999990000."))


class UserManager(BaseUserManager["User"]):
    """Creates users. `email` is normalised; without a password nobody can log in as the user."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> User:
        """A user who logs in with this e-mail address (or, without one, with `phone`)."""
        fields.setdefault(
            "email_verified_at", now() if email else None
        )  # whoever makes users for others vouches for them
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may do everything, here and in the admin."""
        powers = {"is_staff": True, "is_superuser": True, "platform_role": PlatformRole.SUPER_ADMIN}
        return self.create_user(email, password, **{**powers, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail address, however it is capitalised."""
        return self.get(email=normal_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in, by e-mail address or phone number. Names are as the person writes them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone number"), max_length=16, unique=True, null=True, blank=True, validators=[e164])
    # When a code sent there came back: until then a number or address is only a claim, and opens nobody's history.
    phone_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    platform_role = models.CharField(
        _("platform role"), max_length=12, blank=True, default="", choices=PlatformRole.choices
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: every login ends at once. Prefer this to deleting.")
    )
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        db_table = "users"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=~models.Q(email="") & ~models.Q(phone=""), name="user_no_empty_name"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False), name="user_email_or_phone"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """Normalise what a form gave: an empty address or number is none at all."""
        self.email = normal_email(self.email)
        self.phone = self.phone or None
        if not self.email and not self.phone:
            raise ValidationError(_("Give an e-mail address or a phone number."))

    def get_full_name(self) -> str:
        """First and last name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """How a greeting calls the person."""
        return self.first_name or self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the e-mail address, else the phone number: never empty."""
        return self.get_full_name() or self.email or self.phone or ""

    @property
    def is_platform_admin(self) -> bool:
        """Whether the person runs the install and so may enter every store."""
        return self.is_active and (self.is_superuser or self.platform_role != PlatformRole.NONE)


class Profile(models.Model):
    """What a person lets the storefronts remember. Addresses and preferences are lists and maps the clients own."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    cpf = EncryptedField(blank=True, default="")
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    zip_code = models.CharField(max_length=12, blank=True)
    addresses = models.JSONField(default=list, blank=True)
    preferences = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        db_table = "user_profiles"

    def __str__(self) -> str:
        return str(self.user_id)


class Login(models.Model):
    """One open login: a token (`token_hash`), or a family of JWTs of which refresh number `generation` is the living one.

    Deleting the row ends the login, access tokens included.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="logins")
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    generation = models.PositiveIntegerField(default=0, editable=False)
    rotated_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False, db_index=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        db_table = "user_logins"

    def __str__(self) -> str:
        return f"login of {self.user_id}"


class Attempts(models.Model):
    """How often somebody tried something since `resets_at` was set; over the limit it is the end of the cooldown.

    A row, not a cache entry: a guesser must not get a fresh start because Redis was flushed.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("attempts")
        verbose_name_plural = _("attempts")
        db_table = "user_attempts"

    def __str__(self) -> str:
        return f"{self.count} until {self.resets_at:%H:%M:%S}"


class LoginCode(models.Model):
    """The one living code of an address (a phone number or mailbox) for a purpose. Neither the code nor the address is stored.

    Tries are counted in `Attempts`, by address, so that asking for a new code does not buy new guesses.
    """

    key = models.CharField(primary_key=True, max_length=64)
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("login code")
        verbose_name_plural = _("login codes")
        db_table = "user_login_codes"

    def __str__(self) -> str:
        return f"until {self.expires_at:%H:%M:%S}"
