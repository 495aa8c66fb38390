"""Facts about taking a break."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class PauseFact(TypedDict, total=False):
    """What was paused (`service` and `outlet` empty: everything) and until when; it ends by itself."""

    outlet: str | None
    service: str
    until: str | None
    reason: str


STORE_PAUSED = define(Fact(name="store.paused", title=_("Orders paused"), payload=PauseFact, personal=()))
STORE_RESUMED = define(Fact(name="store.resumed", title=_("Orders taken again"), payload=PauseFact, personal=()))
