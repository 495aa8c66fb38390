"""Shapes of the customer endpoints: what comes in is checked here, what goes out is documented here."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.customers.models import BlockPolicy, ConsentChannel, IdentityKind, Purpose

Plain = serializers.Serializer[dict[str, Any]]
MAX_TAGS = 50


class CustomerAddressIn(Plain):
    """A customer's address."""

    id = serializers.UUIDField(required=False, allow_null=True)
    label = serializers.CharField(required=False, allow_blank=True, max_length=60)  # type: ignore[assignment]  # the clients' key
    street = serializers.CharField(required=False, allow_blank=True, max_length=200)
    number = serializers.CharField(required=False, allow_blank=True, max_length=30)
    complement = serializers.CharField(required=False, allow_blank=True, max_length=120)
    neighborhood = serializers.CharField(required=False, allow_blank=True, max_length=120)
    neighborhood_slug = serializers.CharField(required=False, allow_blank=True, max_length=80)
    city = serializers.CharField(required=False, allow_blank=True, max_length=120)
    state = serializers.CharField(required=False, allow_blank=True, max_length=60)
    zip_code = serializers.CharField(required=False, allow_blank=True, max_length=20)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=200)
    lat = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    lng = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)
    is_default = serializers.BooleanField(required=False)


class CustomerAddressOut(CustomerAddressIn):
    """An address as it is kept."""

    id = serializers.UUIDField()


class CompanyIn(Plain):
    """The company a customer buys for. The CNPJ may be numeric or alphanumeric; its check digits have to be right."""

    name = serializers.CharField(required=False, max_length=160)
    cnpj = serializers.CharField(required=False, allow_blank=True, max_length=20)
    vat_number = serializers.CharField(required=False, allow_blank=True, max_length=24)
    state_registration = serializers.CharField(required=False, allow_blank=True, max_length=20)
    payment_terms_days = serializers.IntegerField(required=False, min_value=0, max_value=365)


class CustomerIn(Plain):
    """What staff write of a customer. `phone`, `email` … replace the customer's own of that kind; empty removes it."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    language = serializers.CharField(required=False, allow_blank=True, max_length=10)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=MAX_TAGS)
    orders_before = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    email = serializers.CharField(required=False, allow_blank=True, max_length=160)
    whatsapp = serializers.CharField(required=False, allow_blank=True, max_length=160)
    instagram = serializers.CharField(required=False, allow_blank=True, max_length=160)
    cpf = serializers.CharField(required=False, allow_blank=True, max_length=20)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    address_list = CustomerAddressIn(many=True, required=False)

    def validate_tags(self, value: list[str]) -> list[str]:
        """Each once, in their order."""
        return list(dict.fromkeys(tag.strip() for tag in value if tag.strip()))


class IdentityIn(Plain):
    """One more way to recognise a customer."""

    kind = serializers.ChoiceField(choices=IdentityKind.choices)
    value = serializers.CharField(max_length=160)


class IdentityOut(Plain):
    """A way to recognise a customer."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=IdentityKind.choices)
    value = serializers.CharField()
    verified_at = serializers.DateTimeField(allow_null=True)


class CustomerOut(Plain):
    """A customer with what their orders say about them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    whatsapp = serializers.CharField()
    instagram = serializers.CharField()
    cpf = serializers.CharField(help_text="Masked.")
    tags = serializers.ListField(child=serializers.CharField())
    identities = IdentityOut(many=True)
    addresses = CustomerAddressOut(many=True)
    company = CompanyIn(allow_null=True)
    notes = serializers.CharField(help_text="The newest note.")
    points = serializers.IntegerField()
    stamps = serializers.IntegerField()
    orders_before = serializers.IntegerField()
    total_orders = serializers.IntegerField()
    total_spent = serializers.FloatField()
    last_order_at = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    is_blocked = serializers.BooleanField()
    blocked_until = serializers.DateTimeField(allow_null=True)
    block_reason = serializers.CharField()
    block_policy = serializers.ChoiceField(choices=BlockPolicy.choices, allow_blank=True)
    merged_into = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()


class NoteIn(Plain):
    """A note."""

    text = serializers.CharField(max_length=2000)


class NoteOut(Plain):
    """A note with who wrote it."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    author = serializers.CharField()
    created_at = serializers.DateTimeField()


class BlockIn(Plain):
    """Why, until when (without `until` for good), and whether orders paid in advance are still welcome."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=280, default="")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    policy = serializers.ChoiceField(choices=BlockPolicy.choices, required=False, default=BlockPolicy.REFUSE)


class MergeIn(Plain):
    """Which customer turns out to be the one in the path."""

    customer_id = serializers.UUIDField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=280, default="")


class UnmergeIn(Plain):
    """Which merge was a mistake."""

    merge_id = serializers.UUIDField()


class MergeOut(Plain):
    """A merge."""

    id = serializers.UUIDField()
    source = serializers.UUIDField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    target = serializers.UUIDField()
    reason = serializers.CharField()
    merged_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class ConsentIn(Plain):
    """A "yes" or "no" to a text."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    channel = serializers.ChoiceField(choices=ConsentChannel.choices)
    granted = serializers.BooleanField()
    text_version = serializers.CharField(max_length=40)
    text = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    source = serializers.CharField(required=False, max_length=40, default="api")  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class


class ConsentOut(Plain):
    """How consent stands for a purpose and channel."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    channel = serializers.ChoiceField(choices=ConsentChannel.choices)
    granted = serializers.BooleanField()
    text_version = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    at = serializers.DateTimeField()
    granted_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class ConsentsOut(Plain):
    """How consent stands now, and every word of it with its proof."""

    results = ConsentOut(many=True)
    history = serializers.ListField(child=serializers.JSONField())


class NotesOut(Plain):
    """Notes, newest first."""

    results = NoteOut(many=True)


class MergesOut(Plain):
    """Merges, newest first."""

    results = MergeOut(many=True)


class AddressesOut(Plain):
    """Addresses, the default one first."""

    results = CustomerAddressOut(many=True)


class IdentitiesOut(Plain):
    """Identities, oldest first."""

    results = IdentityOut(many=True)


class PointsIn(Plain):
    """Points to give, or with a minus to take, and why."""

    points = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000)
    reason = serializers.CharField(max_length=280)

    def validate_points(self, value: int) -> int:
        """Not nothing."""
        if value == 0:
            raise serializers.ValidationError(_("Must not be zero."))
        return value
