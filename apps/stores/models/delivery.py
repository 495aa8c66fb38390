"""Where a store delivers and what it costs: zones of every kind, parcel rates, and quotes that were given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.jsonb import PlainEncoder
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import validators
from apps.stores.models.store import Outlet


class ZoneKind(models.TextChoices):
    """How a zone recognises an address."""

    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    DISTANCE = "distance", _("distance")
    POLYGON = "polygon", _("area on the map")
    BAND = "band", _("ring around the outlet")
    ZIP = "zip", _("range of postal codes")


class DeliveryZone(ScopedModel):
    """A zone and its fee. `rule` by kind: {city, aliases} · {flat_km, per_km, far_km, far_per_km, max_fee, max_km} ·
    {polygon: [[lat, lng]…]} · {from_km, to_km} · {ranges: [[from, to]…]}. Without an outlet it counts for all of them.
    """

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=13, choices=ZoneKind.choices, default=ZoneKind.NEIGHBOURHOOD)
    fee = MoneyField(help_text=_("for a distance zone: the flat fee"))
    free_over = MoneyField(null=True, blank=True)
    min_order = MoneyField(null=True, blank=True)
    eta_from = models.PositiveSmallIntegerField(default=30)
    eta_to = models.PositiveSmallIntegerField(default=60)
    rule = models.JSONField(default=dict, blank=True, validators=[validators.zone_rule])
    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("delivery zone")
        verbose_name_plural = _("delivery zones")
        db_table = "store_delivery_zones"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="zone_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class ShippingZone(ScopedModel):
    """Parcels to some countries: ascending weight tiers `[{max_g, price}]`."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    countries = models.JSONField(default=list, validators=[validators.texts])
    tiers = models.JSONField(default=list, validators=[validators.tiers])
    free_over = MoneyField(null=True, blank=True)
    days_from = models.PositiveSmallIntegerField(default=1)
    days_to = models.PositiveSmallIntegerField(default=5)
    position = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("shipping zone")
        verbose_name_plural = _("shipping zones")
        db_table = "store_shipping_zones"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="shipping_zone_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class QuoteSource(models.TextChoices):
    """What was asked about: an address, or a pin on the map."""

    ADDRESS = "address", _("address")
    PIN = "pin", _("pin")


class StoredQuote(ScopedModel):
    """What delivery was said to cost, kept against the cart until `expires_at`: one for its address, one for its pin.

    `fingerprint` is of outlet and address (or pin): a quote only counts for what it was asked about.
    """

    cart_key = models.CharField(max_length=80)
    source = models.CharField(max_length=7, choices=QuoteSource.choices)
    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    quote = models.JSONField(encoder=PlainEncoder)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("delivery quote")
        verbose_name_plural = _("delivery quotes")
        db_table = "store_delivery_quotes"
        constraints = [models.UniqueConstraint(fields=["store", "cart_key", "source"], name="delivery_quote_per_cart")]

    def __str__(self) -> str:
        return f"{self.source} {self.created_at:%H:%M}"
