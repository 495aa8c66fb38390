"""Stock: a level per tracked thing, and a ledger row for every change with its reason."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models.catalog import Product, Variant
from apps.stores.models.modifier import ModifierOption
from apps.stores.models.store import Outlet


class StockLevel(ScopedModel):
    """How much of one product, variant or option there is. No row: not tracked. `on_hand - reserved` can be sold.

    A row without an outlet counts for all that have none of their own. What is tracked at some outlet only is sold out at
    the others.
    """

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="stock_levels")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="stock_levels")
    option = models.ForeignKey(
        ModifierOption, on_delete=models.CASCADE, null=True, blank=True, related_name="stock_levels"
    )
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    low_threshold = models.PositiveIntegerField(default=5)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        db_table = "store_stock_levels"
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "product", "variant", "option"], nulls_distinct=False, name="stock_level_once"
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False, variant__isnull=True, option__isnull=True)
                | Q(product__isnull=True, variant__isnull=False, option__isnull=True)
                | Q(product__isnull=True, variant__isnull=True, option__isnull=False),
                name="stock_level_one_target",
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, on_hand__gte=F("reserved")), name="stock_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product or self.variant or self.option}: {self.on_hand - self.reserved}"


class StockReason(models.TextChoices):
    """Why a level changed."""

    RESERVED = "reserved", _("reserved by an order")
    SOLD = "sold", _("sold")
    RELEASED = "released", _("reservation given back")
    RETURNED = "returned", _("returned by a cancelled order")
    RESTOCK = "restock", _("restocked")
    WASTE = "waste", _("waste")
    RECOUNT = "recount", _("recounted")
    IMPORT = "import", _("imported")


class StockMove(ScopedModel):
    """Append-only ledger. The sums over a level's rows are its `on_hand` and `reserved`."""

    level = models.ForeignKey(StockLevel, on_delete=models.CASCADE, related_name="moves")
    on_hand_delta = models.IntegerField(default=0)
    reserved_delta = models.IntegerField(default=0)
    reason = models.CharField(max_length=10, choices=StockReason.choices)
    order = models.ForeignKey("stores.Order", on_delete=models.PROTECT, null=True, related_name="stock_moves")
    note = models.CharField(max_length=160, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)

    class Meta(ScopedModel.Meta):
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        db_table = "store_stock_moves"
        indexes = [models.Index(fields=["level", "at"], name="stock_moves_of_level")]

    def __str__(self) -> str:
        return f"{self.reason} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"
