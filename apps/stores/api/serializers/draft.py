"""Shapes of draft orders."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.payments.models import Method
from apps.stores.api.fields import RelatedById
from apps.stores.api.serializers.cart import AddressIn, CartAddIn, moment_of
from apps.stores.models import Channel, DraftStatus, Outlet, Service

CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.WHATSAPP, Channel.INSTAGRAM)
# Body → what a draft keeps under `wish`.
WISHES = {
    "delivery_method": "service", "payment_method": "payment_method", "customer_email": "customer_email", "delivery_address": "address",
    "notes": "notes", "coupon_code": "coupon",
}  # fmt: skip


class DraftIn(serializers.Serializer[dict[str, Any]]):
    """Who wants what, where and when. What is left open the customer says when confirming."""

    customer_name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    customer_phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    customer_email = serializers.EmailField(required=False, allow_blank=True)
    delivery_method = serializers.ChoiceField(choices=Service.choices, required=False)
    payment_method = serializers.ChoiceField(choices=Method.choices, required=False, allow_blank=True)
    delivery_address = AddressIn(required=False)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=500)
    coupon_code = serializers.CharField(required=False, allow_blank=True, max_length=40)
    scheduled_date = serializers.DateField(required=False, allow_null=True)
    scheduled_time_slot = serializers.RegexField(r"^\d{2}:\d{2}(-\d{2}:\d{2})?$", required=False, allow_null=True)
    outlet = RelatedById(queryset=Outlet.objects, required=False, allow_null=True)
    channel = serializers.ChoiceField(choices=[(c.value, c.label) for c in CHANNELS], required=False)
    items = serializers.ListField(child=CartAddIn(), required=False, max_length=100)

    def values(self) -> dict[str, Any]:
        """The checked body as columns of a draft."""
        data = self.validated_data
        found = {name: data[name] for name in ("customer_name", "customer_phone", "outlet", "channel") if name in data}
        wish = {kept: data[name] for name, kept in WISHES.items() if name in data}
        if "scheduled_date" in data or "scheduled_time_slot" in data:
            moment = moment_of(data)
            wish["scheduled_for"] = moment.isoformat() if moment else None
        return {**found, "wish": wish} if wish else found


class DraftLineIn(serializers.Serializer[dict[str, Any]]):
    """Another quantity."""

    quantity = serializers.IntegerField(min_value=0, max_value=999)


class SendIn(serializers.Serializer[dict[str, Any]]):
    """For how long the link is good."""

    hours = serializers.IntegerField(required=False, min_value=1, max_value=7 * 24, default=48)


class ConfirmIn(serializers.Serializer[dict[str, Any]]):
    """What the draft left open."""

    payment_method = serializers.ChoiceField(choices=Method.choices, required=False)
    change_for = serializers.DecimalField(required=False, allow_null=True, max_digits=12, decimal_places=2, min_value=0)
    customer_name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    customer_phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    delivery_address = AddressIn(required=False)

    def filled(self) -> dict[str, Any]:
        """As the service takes it."""
        data = dict(self.validated_data)
        return {**data, "address": data.pop("delivery_address", None)}


class DraftLineOut(serializers.Serializer[dict[str, Any]]):
    """A line of a draft."""

    id = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    combo = serializers.CharField(allow_null=True)
    product_name = serializers.CharField()
    variant_name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.FloatField()
    total = serializers.FloatField()
    notes = serializers.CharField()
    options = serializers.JSONField()


class DraftRowOut(serializers.Serializer[dict[str, Any]]):
    """A draft in a list."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=DraftStatus.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    customer_name = serializers.CharField()
    customer_phone = serializers.CharField()
    outlet = serializers.CharField(allow_null=True)
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    order_id = serializers.CharField(allow_null=True)
    order_number = serializers.CharField(allow_null=True)


class DraftTotalsOut(serializers.Serializer[dict[str, Any]]):
    """What it would come to now."""

    items = DraftLineOut(many=True)
    problems = serializers.ListField(child=serializers.JSONField())
    currency = serializers.CharField()
    subtotal = serializers.FloatField()
    discount = serializers.FloatField()
    delivery_fee = serializers.FloatField()
    delivery_discount = serializers.FloatField()
    service_charge = serializers.FloatField()
    tax = serializers.FloatField()
    total = serializers.FloatField()


class DraftOut(DraftRowOut, DraftTotalsOut):
    """A draft in full."""

    wish = serializers.JSONField()
    manual = serializers.JSONField()
    link = serializers.CharField(help_text=_("the page the customer confirms and pays on"))
    whatsapp_url = serializers.CharField()


class OfferOut(DraftTotalsOut):
    """A draft as its customer sees it."""

    status = serializers.ChoiceField(choices=DraftStatus.choices)
    store = serializers.JSONField()
    service = serializers.CharField()
    payment_method = serializers.CharField()
    payment_methods = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    access_token = serializers.CharField(allow_null=True, help_text=_("of the order, once it is placed"))
