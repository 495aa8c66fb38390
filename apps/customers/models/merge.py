"""The record of a merge: what moved, so that it can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.customers.models.customer import Customer


class Merge(ScopedModel):
    """`source` was found to be `target`. `moved` lists the ids of rows that moved, by kind; `undone_at` ends it."""

    source = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges_away")
    target = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    moved = models.JSONField(default=dict)
    reason = models.CharField(max_length=280, blank=True)
    actor_label = models.CharField(max_length=120, blank=True)
    merged_at = models.DateTimeField(default=now, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        db_table = "customer_merges"
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at__isnull=True), name="merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
