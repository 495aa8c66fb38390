"""Draft orders: what staff builds for somebody on the phone. Holds no stock, no slot and no coupon until it is placed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.jsonb import PlainEncoder
from apps.core.scope import ScopedModel
from apps.stores.models.cart import Cart
from apps.stores.models.order import Channel, Order
from apps.stores.models.store import Outlet


class DraftStatus(models.TextChoices):
    """How far a draft is."""

    OPEN = "open", _("open")
    SENT = "sent", _("sent to the customer")
    PLACED = "placed", _("placed")
    CANCELLED = "cancelled", _("cancelled")


class DraftOrder(ScopedModel):
    """A cart of ours with the wishes around it. `token` is the key of the link the customer gets."""

    cart = models.OneToOneField(Cart, on_delete=models.PROTECT, related_name="draft")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="draft")
    token = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=DraftStatus.choices, default=DraftStatus.OPEN)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.PHONE)
    customer_name = models.CharField(max_length=120, blank=True)
    customer_phone = models.CharField(max_length=40, blank=True)
    wish = models.JSONField(
        default=dict, blank=True, encoder=PlainEncoder, help_text=_("service, payment, address, time, notes, coupon")
    )
    manual = models.JSONField(
        default=dict, blank=True, encoder=PlainEncoder, help_text=_("discount, surcharge and prices by hand")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("draft order")
        verbose_name_plural = _("draft orders")
        db_table = "store_draft_orders"
        indexes = [models.Index(fields=["store", "-created_at"], name="drafts_newest")]

    def __str__(self) -> str:
        return self.customer_name or str(self.pk)
