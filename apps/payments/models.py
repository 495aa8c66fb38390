"""A payment is an attempt to collect for an order. Several per order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel


class Method(models.TextChoices):
    """How money changes hands."""

    PIX = "pix", "PIX"
    CARD = "card", _("card online")
    CARD_ON_DELIVERY = "card_on_delivery", _("card at the door or counter")
    CASH = "cash", _("cash")
    WALLET = "wallet", _("wallet")
    QRIS = "qris", "QRIS"
    BANK_TRANSFER = "bank_transfer", _("bank transfer")
    INVOICE = "invoice", _("invoice")
    BOLETO = "boleto", "Boleto"


class PaymentState(models.TextChoices):
    """States of `domain.md`; moves are in `apps.payments.states`."""

    CREATED = "created", _("created")
    PENDING = "pending", _("pending")
    DUE = "due", _("due on delivery")
    AUTHORIZED = "authorized", _("authorized")
    PAID = "paid", _("paid")
    COLLECTED = "collected", _("collected")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")
    PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
    REFUNDED = "refunded", _("refunded")
    CHARGED_BACK = "charged_back", _("charged back")


class Payment(ScopedModel):
    """An attempt to collect `amount` for an order by `method` through `provider`."""

    order = models.ForeignKey("stores.Order", on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=20, choices=Method.choices)
    provider = models.CharField(max_length=30, help_text=_("pix_static, manual, or a payment provider"))
    provider_id = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=18, choices=PaymentState.choices, default=PaymentState.CREATED)
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    change_for = MoneyField(null=True, blank=True)
    pix_code = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        db_table = "payments"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~models.Q(provider_id=""), name="payment_of_provider_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="payment_amount_not_negative"),
        ]
        indexes = [models.Index(fields=["store", "state", "-created_at"], name="payments_by_state")]

    def __str__(self) -> str:
        return f"{self.method} {self.amount} {self.currency}"
