"""Tables of the log: facts, who still has to hear of them, and what providers sent us.

These tables carry `store` but are not `ScopedModel`s: the relay, the inbox and the live hub work for all
stores and enter a scope per row. Reads for people go through `queries`, which take the store.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from apps.core.clock import now
from apps.core.jsonb import PlainEncoder


class EventCursor(models.Model):
    """The last sequence number given out in a store. Its row lock orders the commits of a store's facts."""

    store = models.OneToOneField("stores.Store", on_delete=models.PROTECT, primary_key=True, related_name="+")
    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.store_id} at {self.last_seq}"


class Event(models.Model):
    """One fact: append-only. `seq` grows by one per store in commit order, so a reader's cursor skips nothing."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject_type = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    payload = models.JSONField(default=dict, encoder=PlainEncoder)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["store", "subject_type", "subject_id", "seq"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused: facts are written by `events.record` alone."""
        raise TypeError("facts are append-only; use events.services.record")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: facts are append-only."""
        raise TypeError("facts are append-only")


class DeliveryState(models.TextChoices):
    """What became of telling one subscriber about one fact."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class Delivery(models.Model):
    """One subscriber still to be told about one fact. Serial per (subscriber, subject)."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=now)
    lease = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once")]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["subscriber", "subject", "id"], condition=Q(state="pending"), name="delivery_line"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} ← {self.event_id}"


class InboxState(models.TextChoices):
    """What became of a provider's request."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class InboxEntry(models.Model):
    """A provider's POST as it came, kept before anything is made of it. Unique per provider and event id."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=30)
    external_id = models.CharField(max_length=200)
    mailbox = models.CharField(max_length=200, help_text="entries of one mailbox are handled in order")
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, choices=InboxState.choices, default=InboxState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=now)
    lease = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "inbox entries"
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="inbox_once")]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(state="pending"), name="inbox_due"),
            models.Index(fields=["mailbox", "id"], condition=Q(state="pending"), name="inbox_line"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"
