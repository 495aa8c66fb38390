"""Who brings an order, and how it was proved that it arrived. Where the order stands is the order's own state."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models.order import Order
from apps.stores.models.staff import Staff

MOST_GUESSES = 5


class Proof(models.TextChoices):
    """Why the order counts as delivered."""

    NONE = "", _("none")
    CODE = "code", _("the customer's code")
    REASON = "reason", _("a reason given by the store")


class CourierJob(ScopedModel):
    """An order in a courier's hands. `guesses` are codes that were tried; at the end of them only the store can finish it."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="courier_job")
    courier = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    courier_name = models.CharField(max_length=160)
    assigned_at = models.DateTimeField(default=now)
    guesses = models.PositiveSmallIntegerField(default=0)
    proof = models.CharField(max_length=6, choices=Proof.choices, blank=True, default=Proof.NONE)
    proof_reason = models.CharField(max_length=280, blank=True)
    proved_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("courier job")
        verbose_name_plural = _("courier jobs")
        db_table = "store_courier_jobs"
        indexes = [models.Index(fields=["store", "courier", "-assigned_at"], name="courier_jobs_newest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(guesses__lte=MOST_GUESSES), name="courier_job_guesses_end")
        ]

    def __str__(self) -> str:
        return f"{self.courier_name} → {self.order_id}"
