"""Sample orders as requests, held against amounts, and the reasons when those differ."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.stores.demo.amounts import AMOUNTS, differences
from apps.stores.demo.reasons import needs
from apps.stores.demo.wishes import Cast, cart_lines, checkout_body
from apps.stores.tests.importing.documents import demo

NOW = datetime.fromisoformat("2026-11-10T20:15")


def order_of(name: str) -> tuple[dict[str, Any], Cast]:
    cast = Cast(document=demo(name[:-3]))
    return next(row for row in cast.document["orders"] if row["id"] == name), cast


def exactly(order: dict[str, Any]) -> dict[str, Any]:
    """The tracking page of an order that was charged as the file says."""
    expected = order["expect"]
    items = [
        {"unit_price": Decimal(row["unit"]), "subtotal": Decimal(row["total"])} for row in reversed(expected["lines"])
    ]
    discounts = [{"promotion": row["promotion"], "amount": Decimal(row["amount"])} for row in expected["discounts"]]
    amounts = {name: Decimal(expected[name]) for name in AMOUNTS}
    return {**amounts, "items": items, "discounts": discounts, "tax_lines": expected["tax_lines"]}


def test_a_pizza_is_asked_for_as_the_clients_do() -> None:
    order, _cast = order_of("pizzaria-forno-01")
    pizza, drink = cart_lines(order)
    assert pizza["options"]["pizza"] == {
        "size": "grande", "crust": "tradicional", "edge": "catupiry", "flavours": ["calabresa", "mussarela"],
    }  # fmt: skip
    assert pizza["notes"] == "metade calabresa sem cebola"
    assert drink == {"product_id": "guarana-2l", "quantity": 1, "options": {}, "notes": ""}


def test_nested_options_keep_their_quantities() -> None:
    cast = Cast(document=demo("ce-saladas"))
    nested = [
        line
        for order in cast.document["orders"]
        for line in order["lines"]
        for row in line.get("options", [])
        if row.get("options")
    ]
    found = cart_lines({"lines": nested[:1]})[0]["options"]["selections"]
    assert any(row["options"] and row["options"][0]["quantity"] >= 1 for row in found)


def test_a_delivery_says_who_where_and_how() -> None:
    order, cast = order_of("pizzaria-forno-01")
    body = checkout_body(order, cast, at=NOW)
    assert body["customer_phone"] == "+5563999990301"
    assert body["delivery_address"]["neighborhood"] == "Pinheiros"
    assert body["delivery_address"]["zip_code"] == "05422-010"
    assert (body["payment_method"], body["delivery_method"], body["outlet"]) == ("pix", "delivery", "pinheiros")


def test_a_table_is_called_by_its_name_and_slip() -> None:
    order, cast = order_of("pizzaria-forno-02")
    assert checkout_body(order, cast, at=NOW)["table"] == "Mesa 3 · 12"


def test_a_chosen_time_moves_along_with_the_clock() -> None:
    order, cast = order_of("pizzaria-forno-14")
    later = datetime.fromisoformat("2026-12-01T10:00")
    body = checkout_body(order, cast, at=later)
    assert (body["scheduled_date"], body["scheduled_time_slot"]) == ("2026-12-02", "12:40")


@pytest.mark.parametrize(
    ("name", "method"),
    [("pastita-02", "pix"), ("naturwest-08", "bank_transfer"), ("naturwest-12", "wallet"), ("pastita-03", "cash")],
)
def test_a_method_that_takes_a_provider_is_replaced(name: str, method: str) -> None:
    order, cast = order_of(name)
    assert cast.method(order) == method


def test_an_order_charged_as_expected_differs_in_nothing() -> None:
    order, _cast = order_of("naturwest-01")
    assert differences(order, exactly(order)) == {}


@pytest.mark.parametrize("name", [*AMOUNTS, "items", "discounts", "tax_lines"])
def test_every_wrong_amount_is_seen(name: str) -> None:
    order, _cast = order_of("naturwest-01")
    answered = exactly(order)
    answered[name] = answered[name] + Decimal("0.01") if name in AMOUNTS else []
    assert set(differences(order, answered)) == {"lines" if name == "items" else name}


@pytest.mark.parametrize("name", ["pastita-01", "pastita-13", "warung-nusantara-06", "naturwest-08"])
def test_on_its_own_day_an_order_needs_nothing(name: str) -> None:
    order, cast = order_of(name)
    assert needs(order, cast, at=datetime.fromisoformat(order["placed_at"])) == []


def test_a_promotion_needs_its_day_and_hour() -> None:
    order, cast = order_of("pastita-13")
    friday = datetime.fromisoformat(order["placed_at"]) + timedelta(days=1)
    assert needs(order, cast, at=friday) == ["the date: quinta-do-nhoque holds at other times"]
    order, cast = order_of("pizzaria-forno-02")
    late = datetime.fromisoformat(order["placed_at"]).replace(hour=20, minute=0)
    assert needs(order, cast, at=late) == ["the date: chopp-em-dobro holds at other times"]


def test_a_promo_price_needs_its_dates() -> None:
    order, cast = order_of("naturwest-13")
    assert needs(order, cast, at=datetime.fromisoformat(order["placed_at"])) == []
    [reason] = needs(order, cast, at=datetime.fromisoformat("2027-03-01T10:00"))
    assert reason.startswith("the date: deocreme-salbei")
