"""Shapes of the cart and checkout endpoints: what comes in is checked here, what goes out is documented here."""

from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.payments.models import Method
from apps.stores.api.serializers.amounts_out import DiscountOut, ExplanationOut, TraceOut
from apps.stores.models import Channel, Service
from apps.stores.queries.access import Access
from apps.stores.services.channels import OURS, channel_for
from apps.stores.services.placing_rules import Wish

MOST_MONEY = {"max_digits": 12, "decimal_places": 2, "min_value": 0}


class CartAddIn(serializers.Serializer[dict[str, Any]]):
    """A wish for the cart. Ids may be slugs. The price is the server's business."""

    product_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    combo_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    variant_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=999)
    options = serializers.JSONField(
        required=False, help_text='{"selections": [{"group", "option", "quantity", "options"}], "pizza": {…}}'
    )
    customizations = serializers.JSONField(
        required=False, help_text='{"choices": [{"slot", "product_id", "variant_id", "quantity"}]}'
    )
    notes = serializers.CharField(required=False, allow_blank=True, max_length=280)


class QuantityIn(serializers.Serializer[dict[str, Any]]):
    """An absolute quantity."""

    quantity = serializers.IntegerField(min_value=1, max_value=999)


class LineProblemOut(serializers.Serializer[dict[str, Any]]):
    """Something wrong with a line."""

    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField()
    line = serializers.CharField(required=False)


class CartItemOut(serializers.Serializer[dict[str, Any]]):
    """A product line."""

    id = serializers.CharField()
    product = serializers.CharField()
    product_name = serializers.CharField()
    variant = serializers.CharField(allow_null=True)
    variant_name = serializers.CharField()
    product_image = serializers.CharField(allow_null=True)
    unit_price = serializers.FloatField()
    line_total = serializers.FloatField()
    quantity = serializers.IntegerField()
    options = serializers.JSONField()
    options_text = serializers.CharField()
    notes = serializers.CharField()
    problems = LineProblemOut(many=True)


class CartComboOut(serializers.Serializer[dict[str, Any]]):
    """A combo line."""

    id = serializers.CharField()
    combo = serializers.CharField()
    combo_name = serializers.CharField()
    combo_image = serializers.CharField(allow_null=True)
    unit_price = serializers.FloatField()
    line_total = serializers.FloatField()
    quantity = serializers.IntegerField()
    customizations = serializers.JSONField()
    options_text = serializers.CharField()
    notes = serializers.CharField()
    problems = LineProblemOut(many=True)


class CartOut(serializers.Serializer[dict[str, Any]]):
    """The whole cart; every cart endpoint answers it."""

    id = serializers.CharField(allow_null=True)
    items = CartItemOut(many=True)
    combo_items = CartComboOut(many=True)
    item_count = serializers.IntegerField()
    subtotal = serializers.FloatField()
    discount = serializers.FloatField()
    service_charge = serializers.FloatField()
    tax = serializers.FloatField()
    total = serializers.FloatField()
    currency = serializers.CharField()
    coupon = serializers.JSONField(allow_null=True, help_text="What became of `?coupon=`.")
    discounts = DiscountOut(many=True)
    promotions = TraceOut(many=True)
    explanation = ExplanationOut(many=True)
    problems = LineProblemOut(many=True)


class EmptyDateField(serializers.DateField):
    """A date; "" is none."""

    def to_internal_value(self, value: Any) -> Any:
        """The date, or None."""
        return None if value == "" else super().to_internal_value(value)


class Forgiving(serializers.Serializer[dict[str, Any]]):
    """A form in which null says the same as leaving the field out: some clients send every field they know of."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """What was really said."""
        return {name: value for name, value in super().to_internal_value(data).items() if value is not None}


class AddressIn(Forgiving):
    """Where to bring it. `lat` and `lng` are the pin the customer confirmed."""

    street = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)
    number = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=30)
    complement = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=120)
    neighborhood = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=120)
    neighborhood_slug = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=80)
    city = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=120)
    state = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=60)
    zip_code = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=20)
    country = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=2)
    reference = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)
    raw_address = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=300)
    lat = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    lng = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)


class CheckoutIn(Forgiving):
    """A checkout. Items come from the cart; totals, fees and distances a client sends are ignored."""

    customer_name = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=120)
    customer_phone = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=30)
    customer_email = serializers.EmailField(required=False, allow_blank=True, allow_null=True, max_length=160)
    cpf = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=20)
    delivery_method = serializers.ChoiceField(choices=Service.choices, required=False)
    shipping_method = serializers.ChoiceField(choices=Service.choices, required=False)
    delivery_address = AddressIn(required=False, allow_null=True)
    payment_method = serializers.ChoiceField(
        choices=[*Method.choices, ("credit_card", _("card")), ("debit_card", _("card"))], required=False
    )
    payment = serializers.JSONField(required=False, allow_null=True)
    change_for = serializers.DecimalField(required=False, allow_null=True, **MOST_MONEY)  # type: ignore[arg-type]  # same keywords for every amount
    coupon_code = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=40)
    notes = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)
    delivery_notes = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)
    scheduled_date = EmptyDateField(required=False, allow_null=True)
    scheduled_time_slot = serializers.RegexField(
        r"^\d{2}:\d{2}(-\d{2}:\d{2})?$", required=False, allow_blank=True, allow_null=True
    )
    outlet = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=60)
    table = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=40)
    channel = serializers.ChoiceField(
        choices=[(c.value, c.label) for c in Channel if c not in OURS],
        required=False,
        help_text="Believed of staff and tills; of a guest only `table`, and that for `dine_in`.",
    )
    service_charge_waived = serializers.BooleanField(required=False)
    redeem_points = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000_000)
    cart_key = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=80)

    def wish(self, access: Access | None) -> Wish:
        """The checked request as the checkout service reads it. `access`: what the caller is in this store, if anything."""
        data = self.validated_data
        service = data.get("delivery_method") or data.get("shipping_method") or Service.PICKUP
        return Wish(
            service=service,
            payment_method=_method(data),
            customer_name=data.get("customer_name", ""),
            customer_phone=data.get("customer_phone", ""),
            customer_email=data.get("customer_email", "").lower(),
            tax_id="".join(filter(str.isalnum, data.get("cpf", ""))),
            address=dict(data.get("delivery_address") or {}),
            outlet=data.get("outlet", ""),
            table=data.get("table", ""),
            notes=data.get("notes") or data.get("delivery_notes") or "",
            change_for=data.get("change_for"),
            coupon=data.get("coupon_code", ""),
            scheduled_for=moment_of(data),
            service_charge_waived=data.get("service_charge_waived", False),
            channel=channel_for(data.get("channel", ""), service=service, access=access),
            redeem_points=data.get("redeem_points", 0),
        )


def _method(data: dict[str, Any]) -> str:
    """One client labels card payments "pix": a card token is the truth (clients/storefront.md 0.14)."""
    payment = data.get("payment")
    if isinstance(payment, dict) and payment.get("token"):
        return Method.CARD
    method = str(
        data.get("payment_method") or (payment.get("method") if isinstance(payment, dict) else "") or Method.PIX
    )
    return Method.CARD if method in {"credit_card", "debit_card"} else method


def moment_of(data: dict[str, Any]) -> datetime | None:
    """The chosen date and the start of the slot, naive: store time."""
    day, slot = data.get("scheduled_date"), data.get("scheduled_time_slot")
    if not day and not slot:
        return None
    if not day or not slot:  # half a wish: cooking it now would be the wrong half
        missing = "scheduled_time_slot" if day else "scheduled_date"
        raise serializers.ValidationError({missing: [_("Choose a day and a time.")]})
    hours, minutes = int(slot[:2]), int(slot[3:5])
    if hours > 23 or minutes > 59:
        raise serializers.ValidationError({"scheduled_time_slot": [_("Not a time.")]})
    return datetime.combine(day, time(hours, minutes))


class PaymentOut(serializers.Serializer[dict[str, Any]]):
    """A payment in the clients' words."""

    id = serializers.CharField()
    status = serializers.CharField()
    state = serializers.CharField()
    payment_method = serializers.CharField()
    status_detail = serializers.CharField()
    amount = serializers.FloatField()
    change_for = serializers.FloatField(allow_null=True)
    pix_code = serializers.CharField()
    qr_code = serializers.CharField()
    pix_qr_code = serializers.CharField(help_text=_("base64 PNG"))
    qr_code_base64 = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


class CheckoutOut(serializers.Serializer[dict[str, Any]]):
    """The placed order. `payment_error` is set instead when it could not be paid this way and nothing was placed."""

    order_id = serializers.CharField(required=False)
    id = serializers.CharField(required=False)
    order_number = serializers.CharField(required=False)
    display_number = serializers.CharField(required=False)
    access_token = serializers.CharField(required=False)
    status = serializers.CharField(required=False)
    payment_status = serializers.CharField(required=False)
    total_amount = serializers.FloatField(required=False)
    total = serializers.FloatField(required=False)
    subtotal = serializers.FloatField(required=False)
    discount = serializers.FloatField(required=False)
    delivery_fee = serializers.FloatField(required=False)
    delivery_discount = serializers.FloatField(required=False)
    service_charge = serializers.FloatField(required=False)
    tax = serializers.FloatField(required=False)
    currency = serializers.CharField(required=False)
    discounts = DiscountOut(many=True, required=False)
    promotions = TraceOut(many=True, required=False)
    explanation = ExplanationOut(many=True, required=False)
    payment = PaymentOut(allow_null=True, required=False)
    payment_error = serializers.CharField(required=False)
    delivery_to_be_confirmed = serializers.BooleanField(
        required=False, help_text="The maps did not answer: a person will say what delivery costs."
    )
    delivery_message = serializers.CharField(required=False)
    code = serializers.CharField(required=False, help_text="why, beside `payment_error`")
