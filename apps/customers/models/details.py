"""What is known of a customer: addresses, notes of the staff, their company, and what they agreed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.customers.models.customer import Customer


class Address(ScopedModel):
    """A place a customer has things brought to. At most one is the default, by constraint."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=30, blank=True)
    complement = models.CharField(max_length=120, blank=True)
    neighborhood = models.CharField(max_length=120, blank=True)
    neighborhood_slug = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=60, blank=True)
    zip_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        db_table = "customer_addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(is_default=True), name="one_default_address"
            )
        ]

    def __str__(self) -> str:
        return self.label or f"{self.street}, {self.number}"


class Note(ScopedModel):
    """What somebody of the staff wrote about a customer. Never shown to the customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=2000)
    author_id = models.CharField(max_length=64, blank=True)
    author_label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        db_table = "customer_notes"

    def __str__(self) -> str:
        return self.text[:40]


class Company(ScopedModel):
    """The company a customer buys for. Which price list it buys by is said with the lists, a floor above."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="company")
    name = models.CharField(max_length=160)
    cnpj = models.CharField(max_length=14, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    state_registration = models.CharField(max_length=20, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        db_table = "customer_companies"

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    """What a consent is for."""

    MARKETING = "marketing", _("marketing")
    ORDER_UPDATES = "order_updates", _("order updates")
    LOYALTY = "loyalty", _("loyalty program")
    PROFILING = "profiling", _("personal offers")


class ConsentChannel(models.TextChoices):
    """By which way the customer may be reached."""

    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", _("e-mail")
    SMS = "sms", "SMS"
    PHONE = "phone", _("phone")
    INSTAGRAM = "instagram", "Instagram"
    PUSH = "push", _("push message")


class Consent(ScopedModel):
    """One "yes" or "no" of a customer with its proof. Rows are only ever added: the newest of a purpose and channel counts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    channel = models.CharField(max_length=10, choices=ConsentChannel.choices)
    granted = models.BooleanField()
    text_version = models.CharField(max_length=40)
    text = models.CharField(max_length=2000, blank=True)
    source = models.CharField(max_length=40)
    proof = models.JSONField(default=dict, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        db_table = "customer_consents"
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-id"], name="consents_newest")]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.channel}: {self.granted}"
