"""A notification in words, in the language that is active: one small function per fact."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.core.ui.price import format_price
from apps.events.registry import all_facts
from apps.payments import facts as payment_facts
from apps.payments.models import Method
from apps.stores import facts as store_facts
from apps.stores.models import CancelKind, Service

Payload = dict[str, Any]


def title_of(fact: str) -> str:
    """The fact's own title."""
    return next((str(known.title) for known in all_facts() if known.name == fact), fact)


def body_of(fact: str, label: str, payload: Payload) -> str:
    """The details, shortest first. A payload that lost its personal keys is fine: what is missing is left out."""
    write = BODIES.get(fact)
    parts = [label, *(write(payload) if write else [])]
    return " · ".join(part for part in parts if part)


def _money(payload: Payload, key: str) -> str:
    if payload.get(key) is None:
        return ""
    language = get_language() or "en"
    return format_price(Decimal(str(payload[key])), currency=str(payload.get("currency", "")), language=language)


def _word(choices: Any, value: Any) -> str:
    return str(dict(choices.choices).get(value, value or ""))


def _placed(payload: Payload) -> list[str]:
    return [str(payload.get("customer_name") or ""), _word(Service, payload.get("service")), _money(payload, "total")]


def _cancelled(payload: Payload) -> list[str]:
    kind = str(payload.get("cancel_kind") or "")
    reason = str(payload.get("reason") or "")
    return [_word(CancelKind, kind), "" if reason in CancelKind.values else reason]


def _paid(payload: Payload) -> list[str]:
    return [_word(Method, payload.get("method")), _money(payload, "amount")]


def _low(payload: Payload) -> list[str]:
    left = int(payload.get("available") or 0)
    return [ngettext("%(left)s left", "%(left)s left", left) % {"left": left} if left else _("sold out")]


BODIES: dict[str, Callable[[Payload], list[str]]] = {
    store_facts.ORDER_PLACED.name: _placed,
    store_facts.ORDER_CANCELLED.name: _cancelled,
    payment_facts.PAYMENT_CONFIRMED.name: _paid,
    payment_facts.PAYMENT_LATE.name: _paid,
    store_facts.PRODUCT_LOW_STOCK.name: _low,
}
