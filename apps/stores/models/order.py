"""Orders: a placed cart. Names, prices and options are snapshots and never change after placing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.crypto import EncryptedField
from apps.core.jsonb import PlainEncoder
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models.cart import Cart
from apps.stores.models.catalog import Product, Variant
from apps.stores.models.modifier import Combo
from apps.stores.models.store import Outlet, Service


class OrderStatus(models.TextChoices):
    """States of `domain.md`; the allowed moves are in `apps.stores.states`."""

    DRAFT = "draft", _("draft")
    PENDING = "pending", _("pending")
    CONFIRMED = "confirmed", _("confirmed")
    PREPARING = "preparing", _("preparing")
    READY = "ready", _("ready")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    SHIPPED = "shipped", _("shipped")
    SERVED = "served", _("served")
    DELIVERED = "delivered", _("delivered")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


class PaymentStatus(models.TextChoices):
    """Derived from the order's payments, stored for filters."""

    PENDING = "pending", _("pending")
    AUTHORIZED = "authorized", _("authorized")
    PARTIALLY_PAID = "partially_paid", _("partially paid")
    PAID = "paid", _("paid")
    PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
    REFUNDED = "refunded", _("refunded")
    FAILED = "failed", _("failed")


class Channel(models.TextChoices):
    """Where an order came from."""

    WEB = "web", _("web menu")
    WHATSAPP = "whatsapp", "WhatsApp"
    INSTAGRAM = "instagram", "Instagram"
    TABLE = "table", _("table")
    COUNTER = "counter", _("counter")
    PHONE = "phone", _("phone")
    KIOSK = "kiosk", _("kiosk")
    MARKETPLACE = "marketplace", _("marketplace")


class CancelKind(models.TextChoices):
    """Why an order ended early."""

    BY_CUSTOMER = "by_customer", _("by the customer")
    BY_STORE = "by_store", _("by the store")
    REJECTED = "rejected", _("rejected")
    PAYMENT_EXPIRED = "payment_expired", _("payment expired")
    NOT_ACCEPTED = "not_accepted", _("not accepted in time")


class Order(ScopedModel):
    """A placed order. `number` is short and daily (`#042`), `code` is unique on the whole install."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")
    cart = models.OneToOneField(Cart, on_delete=models.PROTECT, null=True, related_name="order")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="orders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    business_date = models.DateField()
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12, unique=True)
    access_token = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.WEB)
    service = models.CharField(max_length=10, choices=Service.choices)
    status = models.CharField(max_length=16, choices=OrderStatus.choices, default=OrderStatus.PENDING)
    payment_status = models.CharField(max_length=18, choices=PaymentStatus.choices, default=PaymentStatus.PENDING)
    payment_method = models.CharField(max_length=20)
    cancel_kind = models.CharField(max_length=16, choices=CancelKind.choices, blank=True)
    cancel_reason = models.CharField(max_length=280, blank=True)

    customer_name = models.CharField(max_length=120, blank=True)
    customer_phone = models.CharField(max_length=20, blank=True)
    customer_email = models.EmailField(blank=True)
    customer_tax_id = EncryptedField(blank=True, default="")
    address = models.JSONField(default=dict, blank=True)
    table_label = models.CharField(max_length=40, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    scheduled_for = models.DateTimeField(null=True, blank=True)

    currency = models.CharField(max_length=3)
    subtotal = MoneyField()
    discount = MoneyField(default=0)
    points_discount = MoneyField(default=0)
    delivery_fee = MoneyField(default=0)
    delivery_discount = MoneyField(default=0)
    service_charge = MoneyField(default=0)
    tax = MoneyField(default=0)
    total = MoneyField()
    amounts = models.JSONField(default=dict, encoder=PlainEncoder, help_text=_("how each amount came about"))

    placed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    estimated_ready_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    preparing_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    out_for_delivery_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    class Meta(ScopedModel.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        db_table = "store_orders"
        constraints = [
            models.UniqueConstraint(fields=["store", "business_date", "number"], name="order_number_per_day"),
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_not_negative"),
        ]
        indexes = [
            models.Index(fields=["store", "-placed_at"], name="orders_newest"),
            models.Index(fields=["store", "-updated_at"], name="orders_changed"),
            models.Index(fields=["store", "status", "-placed_at"], name="orders_by_status"),
            models.Index(fields=["expires_at"], condition=models.Q(status="pending"), name="orders_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.display_number} {self.code}"

    @property
    def display_number(self) -> str:
        """What people say across the counter: `#042`."""
        return f"#{self.number:03d}"


class OrderItem(ScopedModel):
    """A line as it was sold."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.SET_NULL, null=True, related_name="+")
    combo = models.ForeignKey(Combo, on_delete=models.SET_NULL, null=True, related_name="+")
    category_id_at_sale = models.UUIDField(null=True, help_text=_("routes the line to kitchen stations"))
    sku = models.CharField(max_length=60, blank=True)
    product_name = models.CharField(max_length=160)
    variant_name = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price = MoneyField()
    total = MoneyField()
    options = models.JSONField(
        default=dict, encoder=PlainEncoder, help_text=_("resolved choices with names and prices")
    )
    notes = models.CharField(max_length=280, blank=True)
    off = MoneyField(default=0, help_text=_("its share of promotions and points"))
    tax_code = models.CharField(max_length=40, blank=True)
    demands = models.JSONField(default=list, help_text=_("what the whole line took from stock: [{kind, id, quantity}]"))

    class Meta(ScopedModel.Meta):
        db_table = "store_order_items"
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="order_item_position")]

    def __str__(self) -> str:
        return f"{self.quantity}× {self.product_name}"


class OrderCounter(ScopedModel):
    """The last daily number given out. Its row lock makes numbers unique and gapless (but for rollbacks)."""

    date = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        db_table = "store_order_counters"
        constraints = [models.UniqueConstraint(fields=["store", "date"], name="order_counter_once")]

    def __str__(self) -> str:
        return f"{self.date}: {self.last}"
