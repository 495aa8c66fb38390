"""Orders for later and services taking a break: slots with what is taken of them, and pauses of single services."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models.order import Order
from apps.stores.models.store import Outlet, Service


class ServicePause(ScopedModel):
    """A service that takes no orders until a moment; without an outlet it is so at all of them. Over by itself."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, null=True, blank=True, related_name="service_pauses")
    service = models.CharField(max_length=10, choices=Service.choices)
    until = models.DateTimeField()
    reason = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("paused service")
        verbose_name_plural = _("paused services")
        db_table = "store_service_pauses"
        constraints = [
            models.UniqueConstraint(fields=["store", "outlet", "service"], nulls_distinct=False, name="pause_once")
        ]

    def __str__(self) -> str:
        return self.get_service_display()


class Slot(ScopedModel):
    """How many orders want this stretch of time. Made by the first of them; `pool` empty: all services share it."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="+")
    pool = models.CharField(max_length=10, blank=True)
    starts_at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        db_table = "store_slots"
        constraints = [
            models.UniqueConstraint(fields=["outlet", "pool", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=models.Q(taken__gte=0), name="slot_taken_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}: {self.taken}"


class SlotHold(ScopedModel):
    """The place an order has in a slot. Given back once: `released_at` is set by whoever gives it back first."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="slot_holds")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=now)
    released_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("place in a slot")
        verbose_name_plural = _("places in slots")
        db_table = "store_slot_holds"
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(released_at__isnull=True), name="one_slot_per_order"
            )
        ]

    def __str__(self) -> str:
        return str(self.slot)
