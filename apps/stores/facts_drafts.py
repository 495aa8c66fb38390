"""Facts about draft orders."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class DraftFact(TypedDict, total=False):
    """A draft and, once it is placed, its order."""

    draft_id: str
    status: str
    order_id: str | None
    reason: str
    manual: dict[str, object]


def _draft(name: str, title: object) -> Fact:
    return define(Fact(name=f"draft.{name}", title=title, payload=DraftFact, personal=()))  # type: ignore[arg-type]  # a lazy text


DRAFT_CREATED = _draft("created", _("Draft order made"))
DRAFT_UPDATED = _draft("updated", _("Draft order changed"))
DRAFT_SENT = _draft("sent", _("Draft order sent to the customer"))
DRAFT_PLACED = _draft("placed", _("Draft order placed"))
DRAFT_CANCELLED = _draft("cancelled", _("Draft order cancelled"))
