"""The road of an order as its customer sees it: the steps of its service, those behind and the one it is at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DELIVERY = ("pending", "confirmed", "preparing", "ready", "out_for_delivery", "delivered")
PICKUP = ("pending", "confirmed", "preparing", "ready", "completed")
DINE_IN = ("pending", "confirmed", "preparing", "ready", "served")
SHIPPING = ("pending", "confirmed", "preparing", "shipped", "delivered")
ROADS = {"delivery": DELIVERY, "pickup": PICKUP, "dine_in": DINE_IN, "shipping": SHIPPING}
# A status that is not a step of its own on a road counts as the last step.
FINAL = {"completed", "delivered", "served"}

LABELS: dict[str, Promise] = {
    "pending": _("Order sent"),
    "confirmed": _("Confirmed by the store"),
    "preparing": _("Being prepared"),
    "ready": _("Ready"),
    "out_for_delivery": _("On its way"),
    "shipped": _("Shipped"),
    "served": _("Served"),
    "delivered": _("Delivered"),
    "completed": _("Picked up"),
}
# The headline: what is true now, and one sentence on what comes next.
HEADLINES: dict[str, tuple[Promise, Promise]] = {
    "awaiting_payment": (
        _("Waiting for your payment"),
        _("The order goes to the kitchen as soon as the payment is confirmed."),
    ),
    "pending": (_("Order sent"), _("The store has it and will confirm in a moment. This page follows by itself.")),
    "confirmed": (_("Order confirmed"), _("It is next in line in the kitchen.")),
    "preparing": (_("In the kitchen"), _("Your order is being prepared right now.")),
    "ready": (_("Ready"), _("Your order is packed and leaves in a moment.")),
    "ready_pickup": (_("Ready to pick up"), _("Show the order number at the counter.")),
    "out_for_delivery": (_("On its way"), _("The courier has your order.")),
    "shipped": (_("Shipped"), _("The parcel is on its way to you.")),
    "served": (_("Served"), _("Enjoy your meal!")),
    "delivered": (_("Delivered"), _("Enjoy! Thank you for ordering with us.")),
    "completed": (_("All done"), _("Enjoy! Thank you for ordering with us.")),
    "cancelled": (
        _("Order cancelled"),
        _("Nothing more will happen with it. If you have paid, the store will contact you about the money."),
    ),
    "expired": (
        _("The payment time is over"),
        _("This order was not paid in time and is no longer valid. You can order again from the menu."),
    ),
}
ICONS = {
    "awaiting_payment": "pix",
    "pending": "receipt",
    "confirmed": "check",
    "preparing": "pot",
    "ready": "bag",
    "ready_pickup": "bag",
    "out_for_delivery": "bike",
    "shipped": "bag",
    "served": "check",
    "delivered": "check",
    "completed": "check",
    "cancelled": "close",
    "expired": "clock",
}


@dataclass(frozen=True)
class Step:
    """One station of the road. `state`: done, current or todo; `at`: ISO moment or empty."""

    status: str
    label: str
    state: str
    at: str


def road(order: Mapping[str, Any]) -> tuple[str, ...]:
    """The statuses this order passes, in order."""
    service = str(order.get("service") or order.get("delivery_method") or "pickup")
    return ROADS.get(service, PICKUP)


def steps(order: Mapping[str, Any]) -> list[Step]:
    """Every step with its state; of a cancelled order only what really happened."""
    statuses, current = road(order), str(order.get("status") or "pending")
    times = {str(row["status"]): str(row["at"]) for row in order.get("timeline") or [] if row.get("at")}
    times.setdefault("pending", str(order.get("created_at") or ""))
    if current == "cancelled":
        passed = [status for status in statuses if times.get(status)]
        return [Step(status, str(LABELS[status]), "done", times[status]) for status in passed]
    place = statuses.index(current) if current in statuses else (len(statuses) - 1 if current in FINAL else 0)
    finished = current in FINAL
    return [
        Step(
            status,
            str(LABELS[status]),
            _state(index, place, finished=finished),
            times.get(status, "") if index <= place else "",
        )
        for index, status in enumerate(statuses)
    ]


def lines(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The order's lines with what was chosen as one row of text (`options_text`)."""
    return [
        {**row, "options_text": row.get("options_text") or options_text(row.get("options"))}
        for row in order.get("items") or []
    ]


def options_text(options: object) -> str:
    """A snapshot of choices (`stores.pricing.snapshot`) as "Grande, 1/2 Calabresa + 1/2 Mussarela, 2× Bacon"."""
    return ", ".join(_words(options)) if isinstance(options, Mapping) else ""


def _words(chosen: Mapping[str, Any]) -> list[str]:
    """Pizza, options and parts of a combo, each with what lies below it in brackets."""
    pizza = chosen.get("pizza") or {}
    words = [pizza["size"]["name"]] if pizza.get("size") else []
    shares = [
        f"{f['parts']}/{f['of']} {f['name']}" if f.get("of", 1) > 1 else str(f["name"])
        for f in pizza.get("flavours") or []
    ]
    words += [" + ".join(shares)] if shares else []
    words += [pizza[part]["name"] for part in ("crust", "edge") if pizza.get(part)]
    words += [_times(row, row["option"]["name"]) for row in chosen.get("options") or []]
    return words + [_times(row, " ".join(_names(row))) for row in chosen.get("parts") or []]


def _names(part: Mapping[str, Any]) -> list[str]:
    return [str(part["name"]), *([str(part["variant"]["name"])] if part.get("variant") else [])]


def _times(row: Mapping[str, Any], name: str) -> str:
    inner = ", ".join(_words(row))
    quantity = f"{row['quantity']}× " if row.get("quantity", 1) > 1 else ""
    return f"{quantity}{name}" + (f" ({inner})" if inner else "")


def headline_key(order: Mapping[str, Any]) -> str:
    """Which of HEADLINES is true of this order."""
    status = str(order.get("status") or "pending")
    if status == "cancelled":
        return "expired" if order.get("cancel_kind") == "payment_expired" else "cancelled"
    if status == "pending" and awaiting_pix(order):
        return "awaiting_payment"
    if status == "ready" and road(order) is PICKUP:
        return "ready_pickup"
    return status if status in HEADLINES else "pending"


def awaiting_pix(order: Mapping[str, Any]) -> bool:
    """Whether there is a PIX code that still wants to be paid."""
    return (
        bool(order.get("pix_code"))
        and order.get("payment_status") in ("pending", "failed", None)
        and order.get("status") != "cancelled"
    )


def words() -> dict[str, Any]:
    """Everything the script needs to redraw the road: labels, headlines, icons and roads."""
    return {
        "roads": {service: list(statuses) for service, statuses in ROADS.items()},
        "final": sorted(FINAL),
        "labels": {status: str(label) for status, label in LABELS.items()},
        "headlines": {key: [str(title), str(text)] for key, (title, text) in HEADLINES.items()},
        "icons": ICONS,
    }


def _state(index: int, place: int, *, finished: bool) -> str:
    if index < place or finished:
        return "done"
    return "current" if index == place else "todo"
