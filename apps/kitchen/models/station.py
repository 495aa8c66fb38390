"""Where food is made: a station of an outlet, and which categories or products are made there."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel

# A ticket that old is somebody's forgotten scheduled order, not a slow kitchen.
LONGEST_MINUTES = 24 * 60
MINUTES = [MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]


class Station(ScopedModel):
    """A place with a screen. A ticket is late after `target_minutes`, overdue after `overdue_minutes`."""

    outlet = models.ForeignKey("stores.Outlet", on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0, help_text=_("the first station takes what no route names"))
    target_minutes = models.PositiveSmallIntegerField(default=10, validators=MINUTES)
    overdue_minutes = models.PositiveSmallIntegerField(default=15, validators=MINUTES)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("kitchen station")
        verbose_name_plural = _("kitchen stations")
        db_table = "kitchen_stations"
        constraints = [
            models.UniqueConstraint(fields=["outlet", "slug"], name="station_slug_per_outlet"),
            models.CheckConstraint(
                condition=Q(overdue_minutes__gte=F("target_minutes")), name="station_late_before_overdue"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Route(ScopedModel):
    """Sends a category (with all below it) or one product to a station. A product's routes replace its category's."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="routes")
    category = models.ForeignKey("stores.Category", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey("stores.Product", on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        db_table = "kitchen_routes"
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=True) ^ Q(product__isnull=True), name="route_category_or_product"
            ),
            models.UniqueConstraint(
                fields=["station", "category"], condition=Q(category__isnull=False), name="route_category_once"
            ),
            models.UniqueConstraint(
                fields=["station", "product"], condition=Q(product__isnull=False), name="route_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or self.product_id} → {self.station_id}"
