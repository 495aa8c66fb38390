"""Shapes of the order endpoints: bodies are checked here; answers are documented here (`queries.orders` builds them)."""

from typing import Any

from rest_framework import serializers

from apps.payments.models import Method
from apps.stores.api.serializers.amounts_out import DeliveryOut, DiscountOut, ExplanationOut, TaxLineOut, TraceOut
from apps.stores.api.serializers.cart import PaymentOut
from apps.stores.models import CancelKind, Channel, OrderStatus, PaymentStatus, Service

# The other kinds are what the clock does; a person who says so would make a report lie.
BY_PEOPLE = (CancelKind.BY_CUSTOMER, CancelKind.BY_STORE, CancelKind.REJECTED)


class UpdateStatusIn(serializers.Serializer[dict[str, Any]]):
    """Where to move an order. `reason` is needed to cancel once the kitchen has started, and sets the kitchen's "not done yet"
    aside for a manager. The `notify` that a published dashboard sends along is ignored: what a status tells the customer is
    the store's own setting, and goes out whoever moves the order."""

    status = serializers.ChoiceField(choices=OrderStatus.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=280)


class CancelIn(serializers.Serializer[dict[str, Any]]):
    """Why an order is cancelled."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=280)
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in BY_PEOPLE], required=False)


class MarkPaidIn(serializers.Serializer[dict[str, Any]]):
    """How it was paid, if not as announced."""

    payment_method = serializers.ChoiceField(choices=Method.choices, required=False)


class OrderItemOut(serializers.Serializer[dict[str, Any]]):
    """A line as it was sold."""

    id = serializers.CharField()
    product = serializers.CharField(allow_null=True, required=False)
    product_name = serializers.CharField()
    variant_name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.FloatField()
    subtotal = serializers.FloatField()
    total_price = serializers.FloatField()
    notes = serializers.CharField(required=False)
    options = serializers.JSONField(required=False)
    sku = serializers.CharField(required=False)
    combo = serializers.CharField(allow_null=True, required=False)
    combo_name = serializers.CharField(required=False)


class OrderOut(serializers.Serializer[dict[str, Any]]):
    """An order with its lines and the payment to show. What is not required is left out for strangers who only know its id."""

    id = serializers.CharField()
    order_id = serializers.CharField()
    order_number = serializers.CharField()
    display_number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    status_display = serializers.CharField()
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices)
    payment_method = serializers.CharField()
    service = serializers.ChoiceField(choices=Service.choices)
    delivery_method = serializers.ChoiceField(choices=Service.choices)
    delivery_method_display = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    source = serializers.ChoiceField(choices=Channel.choices)  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    table = serializers.CharField(required=False)
    cancel_kind = serializers.CharField(required=False)
    cancel_reason = serializers.CharField(required=False)
    scheduled_for = serializers.DateTimeField(allow_null=True, required=False)
    estimated_ready_at = serializers.DateTimeField(allow_null=True)
    business_date = serializers.DateField(required=False)
    customer_name = serializers.CharField(required=False)
    customer_phone = serializers.CharField(required=False)
    customer_email = serializers.CharField(required=False)
    currency = serializers.CharField()
    subtotal = serializers.FloatField()
    discount = serializers.FloatField()
    points_discount = serializers.FloatField(required=False)
    delivery_fee = serializers.FloatField()
    delivery_discount = serializers.FloatField()
    service_charge = serializers.FloatField()
    tax = serializers.FloatField()
    total = serializers.FloatField()
    amount_paid = serializers.FloatField(required=False)
    amount_due = serializers.FloatField(required=False)
    is_fully_paid = serializers.BooleanField(required=False)
    manual_discount = serializers.FloatField(required=False)
    manual_discount_reason = serializers.CharField(required=False)
    surcharge_value = serializers.FloatField(allow_null=True, required=False)
    surcharge_reason = serializers.CharField(required=False)
    delivery_fee_reason = serializers.CharField(required=False)
    total_amount = serializers.FloatField()
    discounts = DiscountOut(many=True, required=False)
    tax_lines = TaxLineOut(many=True, required=False)
    promotions = TraceOut(many=True, required=False)
    explanation = ExplanationOut(many=True, required=False)
    delivery = DeliveryOut(allow_null=True, required=False)
    points_redeemed = serializers.IntegerField(required=False)
    points_earned = serializers.IntegerField(required=False)
    items = OrderItemOut(many=True)
    combo_items = OrderItemOut(many=True)
    items_count = serializers.IntegerField()
    delivery_address = serializers.JSONField(required=False)
    shipping_address = serializers.CharField(required=False)
    notes = serializers.CharField(required=False)
    customer_notes = serializers.CharField(required=False)
    access_token = serializers.CharField(required=False)
    pix_code = serializers.CharField(required=False)
    pix_qr_code = serializers.CharField(required=False)
    pix_expires_at = serializers.DateTimeField(allow_null=True, required=False)
    payment = PaymentOut(allow_null=True, required=False)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True, required=False)
    placed_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    preparing_at = serializers.DateTimeField(allow_null=True)
    ready_at = serializers.DateTimeField(allow_null=True)
    out_for_delivery_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    served_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)


class StepOut(serializers.Serializer[dict[str, Any]]):
    """One step of an order as its customer sees it."""

    status = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    at = serializers.DateTimeField()


class TrackedStoreOut(serializers.Serializer[dict[str, Any]]):
    """The store an order was placed at, as its tracking page shows it."""

    name = serializers.CharField()
    slug = serializers.CharField()
    phone = serializers.CharField()
    whatsapp_url = serializers.CharField()
    currency = serializers.CharField()
    primary_color = serializers.CharField()
    timezone = serializers.CharField()
    outlet = serializers.CharField()
    address = serializers.DictField()


class TrackingOut(OrderOut):
    """An order as the holder of its link sees it."""

    delivery_code = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="What the customer tells the courier; null once it is of no more use.",
    )
    courier_name = serializers.CharField(required=False, allow_blank=True)
    store = TrackedStoreOut()
    timeline = StepOut(many=True)


class WhatsAppOut(serializers.Serializer[dict[str, Any]]):
    """A link that opens a chat with the store about the order."""

    whatsapp_url = serializers.CharField()
    url = serializers.CharField()


class HistoryOut(serializers.Serializer[dict[str, Any]]):
    """One entry of the staff timeline."""

    seq = serializers.IntegerField()
    event = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    at = serializers.DateTimeField()
    actor = serializers.JSONField()
    reason = serializers.CharField()
    adjustment = serializers.JSONField(allow_null=True)
    lines = serializers.JSONField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The state before and after, by names that Python keeps for itself."""
        states = {name: serializers.CharField(allow_null=True) for name in ("from", "to")}
        return {**super().get_fields(), **states}


class TimelineOut(serializers.Serializer[dict[str, Any]]):
    """The whole story of an order, oldest first."""

    results = HistoryOut(many=True)


class EventOut(serializers.Serializer[dict[str, Any]]):
    """A fact of the store's log."""

    seq = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    subject = serializers.CharField()
    payload = serializers.JSONField()
    actor = serializers.JSONField()
    occurred_at = serializers.DateTimeField()


class FeedOut(serializers.Serializer[dict[str, Any]]):
    """A stretch of the log. Ask again with `after=next_after`; at `last_seq` there is nothing more yet."""

    results = EventOut(many=True)
    last_seq = serializers.IntegerField()
    next_after = serializers.IntegerField()
