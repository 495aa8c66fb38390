"""Filters of the order list that people come back to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models import validators


class SavedView(ScopedModel):
    """A named set of filters: somebody's own, or (without a user) everybody's in the store."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=60)
    query = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        db_table = "store_saved_views"
        constraints = [
            models.UniqueConstraint(fields=["store", "user", "name"], nulls_distinct=False, name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
