"""Notifications in the admin: looked at, in words. They follow from facts and are written by the relay alone."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.scoped_admin import ReadOnlyAdmin
from apps.notifications.models import Kind, Notification
from apps.notifications.queries import visible_to
from apps.notifications.texts import body_of, title_of

COLOURS = {Kind.ORDER: "info", Kind.PAYMENT: "success", Kind.STOCK: "warning"}


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What rang in the picked store, and how many have seen it."""

    view_needs = "events.view"
    list_display = ("shown_kind", "title", "body", "readers", "created_at")
    list_filter = ("kind",)
    search_fields = ("label", "subject_id")
    ordering = ("-created_at", "-id")
    fields = (("kind", "label"), ("title", "body"), ("subject_type", "subject_id"), "event", "created_at")

    def shown_rows(self, request: HttpRequest) -> QuerySet[Notification]:
        """What this person may see, with their facts, and their readers counted."""
        rows: QuerySet[Notification] = visible_to(request.access)  # type: ignore[attr-defined]  # permission was checked with it
        return rows.select_related("event").annotate(read_by=Count("reads"))

    @display(description=_("kind"), label=COLOURS, ordering="kind")
    def shown_kind(self, row: Notification) -> tuple[str, str]:
        """The kind in its colour."""
        return row.kind, row.get_kind_display()

    @display(description=_("title"))
    def title(self, row: Notification) -> str:
        """What happened."""
        return title_of(row.event.name)

    @display(description=_("details"))
    def body(self, row: Notification) -> str:
        """To whom or what."""
        return body_of(row.event.name, row.label, row.event.payload)

    @display(description=_("read by"), ordering="read_by")
    def readers(self, row: Notification) -> int:
        """How many people have seen it."""
        return int(getattr(row, "read_by", 0))
