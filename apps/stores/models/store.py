"""The tenant: a brand (`Store`), its branches (`Outlet`), their hours and special days."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import validators, validators_when

COLOUR = RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("Write a colour as #RRGGBB."))


class StoreStatus(models.TextChoices):
    """Whether a store is in business on this install."""

    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("inactive")
    SUSPENDED = "suspended", _("suspended")
    PENDING = "pending", _("pending")


class StoreType(models.TextChoices):
    """What kind of shop it is (the dashboard's words)."""

    FOOD = "food", _("food")
    RETAIL = "retail", _("retail")
    SERVICES = "services", _("services")
    DIGITAL = "digital", _("digital")
    OTHER = "other", _("other")


class Service(models.TextChoices):
    """How an order reaches the customer."""

    DELIVERY = "delivery", _("delivery")
    PICKUP = "pickup", _("pickup")
    DINE_IN = "dine_in", _("dine-in")
    SHIPPING = "shipping", _("shipping")
    DIGITAL = "digital", _("digital")


class DeliveryFallback(models.TextChoices):
    """What happens to a delivery order while nobody can say where its address is."""

    REFUSE = "refuse", _("refuse the order")
    CONFIRM = "confirm", _("take it, a person confirms the fee")
    FLAT = "flat", _("take it for a flat fee")


def default_languages() -> list[str]:
    """Languages of a new store."""
    return ["pt-BR"]


def default_services() -> list[str]:
    """Services of a new store."""
    return [Service.DELIVERY, Service.PICKUP]


def default_payment_methods() -> list[dict[str, object]]:
    """Payment methods of a new store: what works with no provider account."""
    return [{"method": method, "services": default_services()} for method in ("pix", "cash", "card_on_delivery")]


def default_tax() -> dict[str, object]:
    """Tax of a new store: included in the prices, no rates named."""
    return {"mode": "included", "rates": [], "default": None, "delivery": None}


class Store(models.Model):
    """The tenant. Everything else carries its id. Shapes of the JSON columns: `data/README.md`, `store`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=50, unique=True, validators=[validators.store_slug])
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    description = models.TextField(blank=True, max_length=2000)
    tagline = models.CharField(max_length=160, blank=True)
    store_type = models.CharField(max_length=10, choices=StoreType.choices, default=StoreType.FOOD)
    status = models.CharField(max_length=10, choices=StoreStatus.choices, default=StoreStatus.ACTIVE)

    country = models.CharField(max_length=2, default="BR")
    languages = models.JSONField(
        default=default_languages, validators=[validators.languages], help_text=_("the first is the default")
    )
    currency = models.CharField(max_length=3, default="BRL", validators=[validators.currency])
    timezone = models.CharField(max_length=40, default="America/Sao_Paulo", validators=[validators.timezone_name])

    phone = models.CharField(max_length=20, blank=True)
    whatsapp_number = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    vat_number = models.CharField(max_length=20, blank=True)

    logo = models.ImageField(upload_to=validators.upload_path, blank=True)
    banner = models.ImageField(upload_to=validators.upload_path, blank=True)
    primary_color = models.CharField(max_length=7, default="#722F37", validators=[COLOUR])
    secondary_color = models.CharField(max_length=7, default="#F5E9DA", validators=[COLOUR])
    seo = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    metadata = models.JSONField(default=dict, blank=True, validators=[validators.is_object])

    services = models.JSONField(default=default_services, validators=[validators.services])
    payment_methods = models.JSONField(default=default_payment_methods, validators=[validators.payment_methods])
    min_order = models.JSONField(default=dict, blank=True, validators=[validators.min_order])
    service_charge = models.JSONField(null=True, blank=True, validators=[validators.service_charge])
    tax = models.JSONField(default=default_tax, validators=[validators.tax])
    pizza = models.JSONField(null=True, blank=True, validators=[validators.pizza])

    auto_accept = models.BooleanField(default=True, help_text=_("confirm orders payable on delivery without a person"))
    payment_expiry_minutes = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(7 * 24 * 60)])
    prep_minutes = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(7 * 24 * 60)])
    delivery_fallback = models.CharField(
        max_length=7,
        choices=DeliveryFallback.choices,
        default=DeliveryFallback.CONFIRM,
        help_text=_("what happens to a delivery order while the maps do not answer"),
    )
    delivery_fallback_fee = MoneyField(default=0, help_text=_("the flat fee of that"))
    scheduling = models.JSONField(null=True, blank=True, validators=[validators.scheduling])
    paused_until = models.DateTimeField(null=True, blank=True, help_text=_("no orders until then"))
    pause_reason = models.CharField(max_length=160, blank=True)

    pix_key = models.CharField(max_length=77, blank=True, validators=[validators.pix_key])
    pix_name = models.CharField(max_length=25, blank=True, help_text=_("the name the payer's bank shows"))
    pix_city = models.CharField(max_length=15, blank=True)

    # Grows with every change customers can see; the cached catalog document is kept by this number.
    catalog_version = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        db_table = "stores"

    def __str__(self) -> str:
        return self.name


class Outlet(ScopedModel):
    """A branch: address, point, hours, services. A store has at least one; the first is its main one."""

    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    address = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    hours = models.JSONField(
        default=dict,
        validators=[validators.week],
        help_text=_("weekday → list of [start, end] in store time; an end before the start runs past midnight"),
    )
    services = models.JSONField(default=default_services, validators=[validators.services])
    service_hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[validators_when.service_weeks],
        help_text=_("service → its own week; a service left out keeps the hours above"),
    )
    scheduling = models.JSONField(
        null=True,
        blank=True,
        validators=[validators_when.outlet_scheduling],
        help_text=_("what differs from the store's, under “services” by service; empty: as the store"),
    )
    prep_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(7 * 24 * 60)], help_text=_("empty: as the store")
    )
    tax = models.JSONField(
        null=True, blank=True, validators=[validators.tax], help_text=_("rates here; empty: as the store")
    )
    service_charge = models.JSONField(
        null=True,
        blank=True,
        validators=[validators.service_charge],
        help_text=_("here; a rate of 0 is none; empty: as the store"),
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        db_table = "store_outlets"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="outlet_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class SpecialDay(ScopedModel):
    """Hours of one date that replace the week's. An empty list is a closed day."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField()
    hours = models.JSONField(default=list, blank=True, validators=[validators.intervals])
    service_hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[validators_when.service_intervals],
        help_text=_("service → its hours on that date; a service left out keeps the hours above"),
    )
    note = models.CharField(max_length=80, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        db_table = "store_special_days"
        constraints = [models.UniqueConstraint(fields=["outlet", "date"], name="special_day_once")]

    def __str__(self) -> str:
        return f"{self.date}"
