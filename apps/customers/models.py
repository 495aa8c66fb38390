"""A customer is a person *per store*; the same phone at two stores is two customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel


class Customer(ScopedModel):
    """Somebody who orders. How to recognise them is in `Identity`."""

    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        db_table = "customers"

    def __str__(self) -> str:
        return self.name or str(self.id)


class IdentityKind(models.TextChoices):
    """Ways to recognise a customer. A WhatsApp identity is business-scoped and is not a phone number."""

    PHONE = "phone", _("phone")
    WHATSAPP = "whatsapp", "WhatsApp"
    INSTAGRAM = "instagram", "Instagram"
    EMAIL = "email", _("e-mail")


class Identity(ScopedModel):
    """One way to recognise one customer. Unique per store: two customers cannot share it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=160)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        db_table = "customer_identities"
        constraints = [models.UniqueConstraint(fields=["store", "kind", "value"], name="identity_once_per_store")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
