"""Where a store delivers and what it costs: zones by neighbourhood, distance band or polygon; parcel rates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import validators


class ZoneKind(models.TextChoices):
    """How a zone recognises an address."""

    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    DISTANCE = "distance", _("distance")
    POLYGON = "polygon", _("area on the map")


class DeliveryZone(ScopedModel):
    """A zone and its fee. `rule` by kind: {city, aliases} · {flat_km, per_km, max_fee, max_km} · {polygon: [[lat, lng]…]}."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=13, choices=ZoneKind.choices, default=ZoneKind.NEIGHBOURHOOD)
    fee = MoneyField(help_text=_("for a distance zone: the flat fee"))
    free_over = MoneyField(null=True, blank=True)
    min_order = MoneyField(null=True, blank=True)
    eta_from = models.PositiveSmallIntegerField(default=30)
    eta_to = models.PositiveSmallIntegerField(default=60)
    rule = models.JSONField(default=dict, blank=True, validators=[validators.zone_rule])
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
