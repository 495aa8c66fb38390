"""One notification per fact and store, and who has read it.

A notification keeps no text and no personal data of its own: it points at its fact, and is put into words in the
reader's language when it is read. What erasure takes out of the fact is gone from the notification as well.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel


class Kind(models.TextChoices):
    """What it is about; the words of the published dashboard. Who sees it follows from this (`queries.NEEDS`)."""

    ORDER = "order", _("order")
    PAYMENT = "payment", _("payment")
    STOCK = "alert", _("stock")


class Notification(ScopedModel):
    """Something happened that a person of the store should know of."""

    event = models.OneToOneField(
        "events.Event", on_delete=models.CASCADE, related_name="+", help_text=_("one fact, one notification")
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_type = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    outlet_id = models.UUIDField(null=True, blank=True, help_text=_("whose branch it concerns; empty: the whole store"))
    label = models.CharField(
        max_length=160, blank=True, help_text=_("the number of the order, the name of the product")
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        db_table = "notifications"
        indexes = [models.Index(fields=["store", "-created_at"], name="notifications_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class NotificationRead(ScopedModel):
    """One person has seen one notification."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("read notification")
        verbose_name_plural = _("read notifications")
        db_table = "notification_reads"
        constraints = [models.UniqueConstraint(fields=["notification", "user"], name="notification_read_once")]

    def __str__(self) -> str:
        return f"{self.notification_id} by {self.user_id}"
