"""The log in the admin: facts and deliveries of the picked store, and the inbox for the people who run the install.

Facts cannot be edited. What is dead – a delivery whose handler kept failing, a provider's request nobody could read – is
looked at here and given another life.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from apps.core.scope import scoped_or_none
from apps.core.scoped_admin import ReadOnlyAdmin
from apps.events import inbox, relay
from apps.events.models import Delivery, Event, InboxEntry

VIEW = "events.view"
COLOURS = {"pending": "warning", "done": "success", "dead": "danger"}
# Header names that carry credentials or signatures; their values stay out of the page.
SECRET_WORDS = ("auth", "signature", "token", "secret", "cookie", "key")
SHOWN_BYTES = 20_000


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Facts, newest first."""

    view_needs = VIEW
    list_display = ("seq", "name", "subject_type", "actor_kind", "actor_label", "occurred_at")
    list_filter = ("name", "actor_kind")
    search_fields = ("name", "subject_id")
    ordering = ("-seq",)
    fields = (
        ("seq", "name", "version"),
        ("subject_type", "subject_id"),
        ("actor_kind", "actor_label"),
        "occurred_at",
        "payload",
    )

    def shown_rows(self, request: HttpRequest) -> QuerySet[Event]:
        """Of the picked store."""
        return super().shown_rows(request).filter(store_id=scoped_or_none())


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Who still has to hear of a fact."""

    view_needs = VIEW
    list_display = ("event", "subscriber", "shown_state", "attempts", "available_at", "last_error")
    list_filter = ("state", "subscriber")
    list_select_related = ("event",)
    ordering = ("-id",)
    exclude = ("lease",)
    actions = ("replay",)

    def shown_rows(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Of the picked store."""
        return super().shown_rows(request).filter(event__store_id=scoped_or_none())

    @display(description=_("state"), label=COLOURS, ordering="state")
    def shown_state(self, row: Delivery) -> str:
        """The state in its colour."""
        return row.state

    @admin.action(description=_("Replay the dead ones among these"))
    def replay(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Give dead deliveries another life; the relay takes them up."""
        _tell(self, request, relay.replay(ids=[row.pk for row in rows]))


@admin.register(InboxEntry)
class InboxEntryAdmin(ReadOnlyAdmin):
    """What providers sent. Belongs to no store until it is read, so only platform administrators see it."""

    list_display = ("received_at", "provider", "external_id", "mailbox", "shown_state", "attempts", "last_error")
    list_filter = ("state", "provider")
    search_fields = ("external_id", "mailbox")
    ordering = ("-id",)
    fields = (
        ("provider", "external_id", "mailbox"), ("received_at", "shown_state", "attempts"), "last_error", "shown_headers", "text",
    )  # fmt: skip
    actions = ("replay",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return bool(getattr(request.user, "is_superuser", False))

    @display(description=_("state"), label=COLOURS, ordering="state")
    def shown_state(self, row: InboxEntry) -> str:
        """The state in its colour."""
        return row.state

    @display(description=_("headers"))
    def shown_headers(self, row: InboxEntry) -> str:
        """Headers, without the values of those that carry credentials."""
        hidden = (
            (name, "•••" if any(word in name.lower() for word in SECRET_WORDS) else value)
            for name, value in row.headers.items()
        )
        return "\n".join(f"{name}: {value}" for name, value in hidden)

    @display(description=_("body"))
    def text(self, row: InboxEntry) -> str:
        """The body as text."""
        return bytes(row.body)[:SHOWN_BYTES].decode("utf-8", "replace")

    @admin.action(description=_("Replay these"))
    def replay(self, request: HttpRequest, rows: QuerySet[InboxEntry]) -> None:
        """Give entries another life; the drain takes them up."""
        _tell(self, request, sum(inbox.replay(entry_id=row.pk) for row in rows))


def _tell(page: ReadOnlyAdmin, request: HttpRequest, count: int) -> None:
    text = ngettext("%(count)s will be tried again.", "%(count)s will be tried again.", count)
    page.message_user(request, text % {"count": count})
