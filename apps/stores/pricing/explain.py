"""Tells of each amount of a cart which rule made it and from what, for support, audit and assistants.

Facts, not sentences: a caller says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .delivery import DeliveryQuote
from .model import PricingCatalog
from .outcome import Outcome
from .rounding import round_half_up
from .taxes import TaxLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """``name`` is a field of ``PricedCart``, ``rule`` what decided it, ``facts`` what went in (as text)."""

    name: str
    amount: Decimal
    rule: str
    facts: Mapping[str, str] = field(default_factory=dict)


def explain(
    catalog: PricingCatalog,
    outcome: Outcome,
    delivery: DeliveryQuote | None,
    charge: Decimal,
    taxes: Iterable[TaxLine],
) -> tuple[Explanation, ...]:
    """One entry per amount, in the order of the arithmetic; what does not apply to the cart has none."""
    rows = [*_discounts(outcome), *_delivery(outcome, delivery), *_charges(catalog, outcome, charge, taxes)]
    return tuple(replace(row, amount=round_half_up(row.amount, catalog.exponent)) for row in rows)


def _discounts(outcome: Outcome) -> Iterator[Explanation]:
    for row in outcome.applied:
        name = "delivery_discount" if row.on_delivery else "discount"
        facts = {"promotion": row.slug, "code": row.code or "", "title": row.name}
        yield Explanation(name=name, amount=row.amount, rule=row.kind.value, facts=facts)
    if outcome.points_discount:
        yield Explanation(name="points_discount", amount=outcome.points_discount, rule="points")


def _delivery(outcome: Outcome, delivery: DeliveryQuote | None) -> Iterator[Explanation]:
    if delivery is None:
        return
    rule = "free_over" if delivery.fee and not outcome.delivery_fee else delivery.kind.value
    yield Explanation(name="delivery_fee", amount=outcome.delivery_fee, rule=rule, facts=delivery.facts())


def _charges(
    catalog: PricingCatalog, outcome: Outcome, charge: Decimal, taxes: Iterable[TaxLine]
) -> Iterator[Explanation]:
    if charge and catalog.service_charge is not None:
        net = str(round_half_up(outcome.net, catalog.exponent))
        facts = {"rate": str(catalog.service_charge.rate), "on": net}
        yield Explanation(name="service_charge", amount=charge, rule="rate", facts=facts)
    for line in taxes:
        facts = {"code": line.code, "title": line.name, "rate": str(line.rate), "on": str(line.on)}
        yield Explanation(name="tax", amount=line.tax, rule=catalog.tax.mode.value, facts=facts)
