"""The road of an order, without a database."""

from typing import Any

import pytest
from django.utils import translation

from apps.storefront import tracking

NINE, TEN = "2026-11-20T21:00:00Z", "2026-11-20T21:10:00Z"


def order(**values: Any) -> dict[str, Any]:
    return {
        "status": "preparing",
        "service": "delivery",
        "timeline": [{"status": "pending", "at": NINE}, {"status": "preparing", "at": TEN}],
    } | values


def test_the_steps_behind_are_done_and_those_ahead_are_open() -> None:
    states = [(step.status, step.state) for step in tracking.steps(order())]
    assert states == [
        ("pending", "done"), ("confirmed", "done"), ("preparing", "current"),
        ("ready", "todo"), ("out_for_delivery", "todo"), ("delivered", "todo"),
    ]  # fmt: skip


def test_a_finished_order_has_no_open_step() -> None:
    assert {step.state for step in tracking.steps(order(status="completed"))} == {"done"}


def test_a_cancelled_order_shows_only_what_happened() -> None:
    assert [step.status for step in tracking.steps(order(status="cancelled"))] == ["pending", "preparing"]


@pytest.mark.parametrize("service", ["delivery", "pickup", "dine_in", "shipping", "unknown"])
def test_every_service_has_a_road_whose_steps_have_words(service: str) -> None:
    with translation.override("en"):
        assert all(step.label for step in tracking.steps(order(service=service, status="pending")))


def test_every_headline_has_a_picture() -> None:
    assert set(tracking.HEADLINES) == set(tracking.ICONS)


def test_a_pizza_is_written_with_its_shares() -> None:
    options = {
        "pizza": {
            "size": {"name": "Grande"}, "crust": {"name": "Fina"}, "edge": None,
            "flavours": [{"name": "Calabresa", "parts": 2, "of": 3}, {"name": "Milho", "parts": 1, "of": 3}],
        },
        "options": [{"option": {"name": "Bacon"}, "quantity": 2, "options": []}],
    }  # fmt: skip
    assert tracking.options_text(options) == "Grande, 2/3 Calabresa + 1/3 Milho, Fina, 2× Bacon"


def test_a_combo_is_written_with_its_parts() -> None:
    inner = {"option": {"name": "Sem gelo"}, "quantity": 1, "options": []}
    parts = [{"name": "Suco", "variant": {"name": "300 ml"}, "quantity": 2, "options": [inner]}]
    assert tracking.options_text({"parts": parts}) == "2× Suco 300 ml (Sem gelo)"


def test_no_options_are_no_text() -> None:
    assert tracking.options_text(None) == ""
    assert tracking.options_text({}) == ""
