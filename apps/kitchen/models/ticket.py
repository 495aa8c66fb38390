"""What a station has to do: tickets and their items. Snapshots – what was ordered never changes after it was sent."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.jsonb import PlainEncoder
from apps.core.scope import ScopedModel
from apps.kitchen.models.station import Station


class TicketKind(models.TextChoices):
    """The first ticket of an order at a station is `new`; everything later is a delta."""

    NEW = "new", _("new")
    ADD = "add", _("added")
    CHANGE = "change", _("changed")
    CANCEL = "cancel", _("cancelled")


class TicketStatus(models.TextChoices):
    """Moves are in `states`. A recall leads back to `in_progress`; `voided` is the end of a ticket nobody needs."""

    QUEUED = "queued", _("queued")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    BUMPED = "bumped", _("bumped")
    VOIDED = "voided", _("voided")


class ItemStatus(models.TextChoices):
    """Moves are in `states`. A `remade` item has a fresh twin that points back to it."""

    PENDING = "pending", _("pending")
    STARTED = "started", _("started")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    REMADE = "remade", _("remade")


OPEN = (TicketStatus.QUEUED, TicketStatus.IN_PROGRESS, TicketStatus.DONE)


class Ticket(ScopedModel):
    """One order (or one change to it) at one station.

    `fire_at` is when work should begin (placing time, or early enough for a scheduled order): screens sort by it and count
    age from it. `due_at` and `overdue_at` are fixed at creation, so a later change of targets does not recolour the past.
    `revision` grows with every change; a screen ignores what is older than what it shows.
    """

    order = models.ForeignKey("stores.Order", on_delete=models.CASCADE, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="tickets")
    outlet = models.ForeignKey("stores.Outlet", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=TicketKind.choices, default=TicketKind.NEW)
    status = models.CharField(max_length=11, choices=TicketStatus.choices, default=TicketStatus.QUEUED)
    revision = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=12)
    service = models.CharField(max_length=10)
    channel = models.CharField(max_length=12, blank=True)
    customer = models.CharField(max_length=120, blank=True)
    table = models.CharField(max_length=40, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    scheduled_for = models.DateTimeField(null=True)
    fire_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    bumped_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    ack_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("kitchen ticket")
        verbose_name_plural = _("kitchen tickets")
        db_table = "kitchen_tickets"
        constraints = [
            # Two confirmations of one order, however they come about, cannot print the same food twice.
            models.UniqueConstraint(fields=["order", "station"], condition=Q(kind="new"), name="ticket_new_once"),
        ]
        indexes = [
            models.Index(
                fields=["store", "station", "fire_at"],
                condition=Q(status__in=["queued", "in_progress", "done"]),
                name="tickets_open",
            ),
            models.Index(
                fields=["store", "station", "-bumped_at"], condition=Q(status="bumped"), name="tickets_bumped"
            ),
            models.Index(fields=["store", "-queued_at"], name="tickets_newest"),
            models.Index(fields=["order"], name="tickets_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class TicketItem(ScopedModel):
    """A line to be made. Of `quantity` units, `cancelled_quantity` were taken away after it was sent."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="items")
    order_item = models.ForeignKey("stores.OrderItem", on_delete=models.SET_NULL, null=True, related_name="+")
    # Which of a combo's parts it is, counted from 0 as in the line's snapshot; None: the whole line.
    part = models.PositiveSmallIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField()
    cancelled_quantity = models.PositiveIntegerField(default=0)
    # [{"level": 0, "text": "Frango", "kind": "option" | "part" | "note"}], see `apps.kitchen.lines`
    lines = models.JSONField(default=list, encoder=PlainEncoder)
    notes = models.CharField(max_length=280, blank=True)
    status = models.CharField(max_length=9, choices=ItemStatus.choices, default=ItemStatus.PENDING)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    remade_at = models.DateTimeField(null=True)
    remake_reason = models.CharField(max_length=200, blank=True)
    remake_of = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("ticket item")
        verbose_name_plural = _("ticket items")
        db_table = "kitchen_ticket_items"
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_quantity__lte=F("quantity")), name="ticket_item_not_less_than_none"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity}× {self.name}"

    @property
    def live_quantity(self) -> int:
        """How many are still wanted."""
        return self.quantity - self.cancelled_quantity
