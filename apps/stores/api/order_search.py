"""What an order list is asked for: filters, a saved view, and a cursor beside the pages.

`view=<id>` starts from a saved view; what the query names itself goes before it. Lists of values are separated by commas.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.clock import zone
from apps.core.ids import parse_uuid
from apps.core.problems import Invalid
from apps.stores.models import Order, OrderItem
from apps.stores.queries.saved_views import query_of

ORDERINGS = {"created_at": "placed_at", "updated_at": "updated_at", "total": "total", "placed_at": "placed_at"}
EXACT = {"status": "status", "payment_status": "payment_status", "payment_method": "payment_method", "source": "channel",
         "channel": "channel", "service": "service"}  # fmt: skip
DATES = {"date_from": ("placed_at__gte", 0), "date_to": ("placed_at__lt", 1), "scheduled_from": ("scheduled_for__gte", 0),
         "scheduled_to": ("scheduled_for__lt", 1)}  # fmt: skip
AMOUNTS = {"total_min": "total__gte", "total_max": "total__lte"}
FILTERS = (*EXACT, *DATES, *AMOUNTS, "customer", "outlet", "search", "ordering")
MOST_VALUES = 20


def params_of(query: Mapping[str, str], user_id: Any) -> dict[str, str]:
    """The parameters with those of the saved view they name. Raises 404 for a view this person does not have."""
    given = {name: value for name, value in query.items() if value}
    return query_of(given["view"], user_id) | given if "view" in given else given


def filtered(rows: QuerySet[Order], params: Mapping[str, str], timezone: str) -> QuerySet[Order]:
    """The list's filters; an empty value is no filter. 400 for a date or an amount that is none."""
    for name, column in EXACT.items():
        if params.get(name):
            values = [part.strip()[:40] for part in without_nul(params[name]).split(",") if part.strip()]
            rows = rows.filter(**{f"{column}__in": values[:MOST_VALUES]})
    for name, (lookup, days) in DATES.items():
        if params.get(name):
            rows = rows.filter(**{lookup: _midnight(params[name], timezone, name, days=days)})
    for name, lookup in AMOUNTS.items():
        if params.get(name):
            rows = rows.filter(**{lookup: _amount(params[name], name)})
    rows = _of_place_and_person(rows, params)
    search = without_nul(params.get("search", "")).strip()[:80]
    return in_order(rows.filter(_matches(search)) if search else rows, params.get("ordering", ""))


def in_order(rows: QuerySet[Order], name: str) -> QuerySet[Order]:
    """Newest first unless told; an unknown ordering is that as well."""
    column, sign = ordering_of(name)
    return rows.order_by(f"{sign}{column}", "-id")


def ordering_of(name: str) -> tuple[str, str]:
    """(column, "-" or "") of an ordering."""
    name = name or "-created_at"
    return ORDERINGS.get(name.lstrip("-"), "placed_at"), "-" if name.startswith("-") else ""


def _of_place_and_person(rows: QuerySet[Order], params: Mapping[str, str]) -> QuerySet[Order]:
    customer, outlet = without_nul(params.get("customer", "")).strip()[:80], without_nul(params.get("outlet", ""))[:60]
    if customer:
        pk = parse_uuid(customer)
        digits = "".join(filter(str.isdigit, customer))
        by_phone = Q(customer_phone__contains=digits) if len(digits) >= 4 else Q(customer_name__icontains=customer)
        rows = rows.filter(Q(customer_id=pk) if pk else by_phone)
    if outlet:
        pk = parse_uuid(outlet)
        rows = rows.filter(Q(outlet_id=pk) if pk else Q(outlet__slug=outlet))
    return rows


def _matches(search: str) -> Q:
    """Code, daily number, person, note, or something that was ordered."""
    number = search.lstrip("#")
    match = Q(code__iexact=number) | Q(customer_name__icontains=search) | Q(customer_phone__contains=search)
    match |= Q(customer_email__iexact=search) | Q(notes__icontains=search)
    match |= Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 8 else Q()
    return match | Q(Exists(OrderItem.objects.filter(order_id=OuterRef("pk"), product_name__icontains=search)))


def without_nul(text: str) -> str:
    """PostgreSQL text cannot hold NUL: nothing we store has one, so nothing is found by it."""
    return text.replace("\x00", "\ufffd")


def _midnight(text: str, timezone: str, name: str, days: int = 0) -> datetime:
    """Midnight at the start of a date in store time, or some days later."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), tzinfo=zone(timezone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            "invalid_date", _("Write dates as YYYY-MM-DD."), errors={name: [_("Write dates as YYYY-MM-DD.")]}
        ) from error


def _amount(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**10:
        raise Invalid("invalid_amount", _("Not an amount."), errors={name: [_("Not an amount.")]})
    return value


def cursor_page(rows: QuerySet[Any, Any], *, cursor: str, ordering: str, size: int) -> tuple[list[Any], str | None]:
    """`size` rows after a cursor ("" begins) and the cursor of the next ones, None at the end.

    Rows that come while somebody reads neither repeat nor hide others. Raises 400 `invalid_cursor`.
    """
    column, sign = ordering_of(ordering)
    if cursor:
        value, pk = _read_cursor(cursor, column)
        after = Q(**{f"{column}__{'lt' if sign else 'gt'}": value}) | Q(**{column: value, "id__lt": pk})
        rows = rows.filter(after)
    found = list(rows[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], _write_cursor(column, getattr(last, column), last.id)


def _write_cursor(column: str, value: Any, pk: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(json.dumps([column, text, str(pk)]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, column: str) -> tuple[Any, Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        written, text, pk = json.loads(raw)
        found = parse_uuid(pk)
        if written != column or found is None:
            raise ValueError(cursor)
        value = _amount(text, "cursor") if column == "total" else datetime.fromisoformat(text)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(cursor)
    except (ValueError, TypeError, UnicodeError, binascii.Error, RecursionError) as error:
        raise Invalid(
            "invalid_cursor", _("Not a cursor of this list."), errors={"cursor": [_("Not a cursor of this list.")]}
        ) from error
    return value, found
