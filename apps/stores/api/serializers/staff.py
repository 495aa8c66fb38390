"""Shapes of team, invitation and device endpoints."""

from typing import Any

from rest_framework import serializers

from apps.stores.models import Device, DeviceKind, Role, Staff, StaffInvite


class StaffSerializer(serializers.ModelSerializer[Staff]):
    """A team member. `outlets` empty: all of them."""

    user_id = serializers.UUIDField()
    email = serializers.SerializerMethodField()
    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    name = serializers.CharField(source="user.display_name")
    role_display = serializers.CharField(source="get_role_display")
    outlets = serializers.SerializerMethodField()

    class Meta:
        model = Staff
        fields = (
            "id", "user_id", "email", "first_name", "last_name", "name", "role", "role_display", "outlets",
            "is_active", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_email(self, staff: Staff) -> str:
        """Text, empty for people who log in by phone."""
        return staff.user.email or ""

    def get_outlets(self, staff: Staff) -> list[str]:
        """Ids of the outlets the member is limited to."""
        return sorted(str(link.outlet_id) for link in staff.outlet_links.all())


class StaffChangeSerializer(serializers.Serializer[Any]):
    """What can be changed about a member."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    outlets = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    is_active = serializers.BooleanField(required=False)


class InviteSerializer(serializers.ModelSerializer[StaffInvite]):
    """An open invitation."""

    class Meta:
        model = StaffInvite
        fields: tuple[str, ...] = (
            "id",
            "email",
            "role",
            "outlets",
            "first_name",
            "last_name",
            "expires_at",
            "created_at",
        )
        read_only_fields = fields


class NewInviteSerializer(InviteSerializer):
    """A new invitation with its token, which is never shown again."""

    invite_token = serializers.CharField()

    class Meta(InviteSerializer.Meta):
        fields = (*InviteSerializer.Meta.fields, "invite_token")
        read_only_fields = fields


class InviteRequestSerializer(serializers.Serializer[Any]):
    """Whom to invite as what."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)
    outlets = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=200)
    first_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)
    last_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)


class AcceptInviteSerializer(serializers.Serializer[Any]):
    """The token, and the password of the account: a new one, or the present one of an account that exists."""

    token = serializers.CharField(max_length=100)
    password = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=256, trim_whitespace=False
    )


class StoreNameSerializer(serializers.Serializer[Any]):
    """A store as a newcomer needs it."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class JoinedSerializer(serializers.Serializer[Any]):
    """After accepting: a login, and where the person now works."""

    token = serializers.CharField()
    user_id = serializers.UUIDField()
    email = serializers.CharField()
    store = StoreNameSerializer()
    role = serializers.CharField()


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A paired device. Its token is shown to nobody."""

    is_active = serializers.SerializerMethodField()

    class Meta:
        model = Device
        fields = ("id", "name", "kind", "station", "outlet", "is_active", "paired_at", "last_seen_at", "revoked_at")
        read_only_fields = fields

    def get_is_active(self, device: Device) -> bool:
        """Whether it still has access."""
        return device.revoked_at is None


class ClaimSerializer(serializers.Serializer[Any]):
    """The code on the screen, and what the device is to be."""

    code = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=DeviceKind.choices)
    station = serializers.SlugField(required=False, allow_blank=True, default="", max_length=50)
    outlet = serializers.UUIDField(required=False, allow_null=True, default=None)


class PairingSerializer(serializers.Serializer[Any]):
    """A started pairing: show `code`, keep `secret`."""

    code = serializers.CharField()
    secret = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PollRequestSerializer(serializers.Serializer[Any]):
    """The secret from the start of the pairing."""

    secret = serializers.CharField(max_length=100)


class PollSerializer(serializers.Serializer[Any]):
    """Where the pairing stands. `token` comes once, with the first `claimed`."""

    status = serializers.ChoiceField(choices=["pending", "claimed", "expired"])
    token = serializers.CharField(required=False)
    store = StoreNameSerializer(required=False)
    device = DeviceSerializer(required=False)
