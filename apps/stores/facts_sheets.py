"""Facts about data that came in or went out as a table."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class SheetFact(TypedDict, total=False):
    """What kind of table, and how many rows."""

    kind: str
    rows: int
    created: int
    updated: int


DATA_IMPORTED = define(Fact(name="data.imported", title=_("Table imported"), payload=SheetFact, personal=()))
DATA_EXPORTED = define(Fact(name="data.exported", title=_("Table exported"), payload=SheetFact, personal=()))
