"""A customer is a person *per store*; the same phone at two stores is two customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.crypto import EncryptedField
from apps.core.scope import ScopedModel

MAX_NAME = 120


class BlockPolicy(models.TextChoices):
    """What a block means at checkout."""

    REFUSE = "refuse", _("no orders")
    PREPAY = "prepay", _("only paid in advance")


class Customer(ScopedModel):
    """Somebody who orders. How to recognise them is in `Identity`.

    One that was merged away keeps its row and says into whom; one that was erased keeps its row without a person in it,
    because orders refer to it.
    """

    name = models.CharField(max_length=MAX_NAME, blank=True)
    # Name and identities without accents and capitals: what a search is compared with.
    folded = models.CharField(max_length=600, blank=True, editable=False)
    language = models.CharField(max_length=10, blank=True)
    cpf = EncryptedField(blank=True, default="")
    tags = models.JSONField(default=list, blank=True)
    orders_before = models.PositiveIntegerField(default=0, help_text=_("orders from before they were kept here"))
    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    blocked_until = models.DateTimeField(null=True, blank=True)
    block_reason = models.CharField(max_length=280, blank=True)
    block_policy = models.CharField(max_length=8, choices=BlockPolicy.choices, default=BlockPolicy.REFUSE)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        db_table = "customers"
        indexes = [
            models.Index(fields=["store", "-created_at"], name="customers_newest"),
            models.Index(fields=["store", "folded"], name="customers_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def is_blocked(self) -> bool:
        """Whether a block stands at this moment: it was set, and has not run out."""
        return self.blocked_at is not None and (self.blocked_until is None or self.blocked_until > now())


class IdentityKind(models.TextChoices):
    """Ways to recognise a customer. A WhatsApp identity is business-scoped and is not a phone number."""

    PHONE = "phone", _("phone")
    WHATSAPP = "whatsapp", "WhatsApp"
    INSTAGRAM = "instagram", "Instagram"
    EMAIL = "email", _("e-mail")
    CPF = "cpf", "CPF"


class Identity(ScopedModel):
    """One way to recognise one customer. Unique per store: two customers cannot share it.

    A phone is kept as E.164 with the Brazilian ninth digit, so both spellings are one; of a CPF only a keyed hash is kept.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=160)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        db_table = "customer_identities"
        constraints = [models.UniqueConstraint(fields=["store", "kind", "value"], name="identity_once_per_store")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
