"""One sample order from the cart to the door, in steps, so that many can be under way at once."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from apps.stores.demo.amounts import differences
from apps.stores.demo.client import Client, Refusal
from apps.stores.demo.reasons import needs
from apps.stores.demo.screen import KitchenScreen
from apps.stores.demo.timeline import Timeline
from apps.stores.demo.wishes import BY_CUSTOMER, Cast, cart_lines, checkout_body

Row = Mapping[str, Any]
PATIENCE_SECONDS = 5.0
# How an order leaves the kitchen, by service.
WAYS_OUT = {
    "delivery": ("out_for_delivery", "delivered"),
    "shipping": ("shipped", "delivered"),
    "dine_in": ("served",),
    "pickup": (),
    "digital": (),
}


@dataclass(slots=True, kw_only=True)
class House:
    """A store as its customers, its counter and its kitchen reach it."""

    cast: Cast
    browser: Callable[[], Client]
    counter: Client
    kitchen: Client
    screen: KitchenScreen
    timeline: Timeline

    @property
    def path(self) -> str:
        """The store below `/api/v1/`."""
        return f"stores/s/{self.cast.slug}"


class Journey:
    """An order on its way. `steps()` does one thing at a time."""

    def __init__(self, house: House, order: Row, at: datetime) -> None:
        self.house = house
        self.order = order
        self.at = at
        self.browser = house.browser()
        if order["channel"] not in BY_CUSTOMER:
            self.browser.be(house.counter)
        self.placed: Row = {}
        self.tickets: list[str] = []
        self.sent_at = 0.0

    def say(self, what: str) -> None:
        """A line of the timeline about this order."""
        self.house.timeline.say(str(self.placed.get("display_number", "")), what)

    def steps(self) -> Iterator[None]:
        """Place, pay, cook, hand over. Ends early when the store refuses the order; never raises for a refusal."""
        timeline, name = self.house.timeline, str(self.order["id"])
        try:
            self._place()
        except Refusal as refusal:
            timeline.refused[name] = str(refusal)
            timeline.say("", f"{name} refused – {refusal}")
            return
        timeline.placed.append(name)
        try:
            self._confirm()
            yield
            yield from self._cook()
            yield from self._hand_over()
            timeline.completed.append(name)
        except Refusal as refusal:
            timeline.stuck[name] = str(refusal)
            self.say(f"! {refusal}")

    def _place(self) -> None:
        if "redeem_points" in self.order:  # points take a login or a till: a typed phone number proves nothing
            self.house.counter.serve(self.browser)
        for body in cart_lines(self.order):
            self.browser.post(f"{self.house.path}/cart/add/", body)
        body = checkout_body(self.order, self.house.cast, at=self.at)
        try:
            self.placed = self._checkout(body)
        except Refusal as refusal:
            if not refusal.code.startswith("coupon_"):
                raise
            del body["coupon_code"]
            self.placed = self._checkout(body)
        self._tell_placed(self._judge())

    def _checkout(self, body: Row) -> Row:
        self.sent_at = time.perf_counter()
        answer: Row = self.browser.post(f"{self.house.path}/checkout/", body, key=str(uuid4()))
        return answer

    def _judge(self) -> str:
        """Hold the amounts against the file, and remember the outcome."""
        timeline, name = self.house.timeline, str(self.order["id"])
        found = differences(self.order, self._tracked())
        if not found:
            timeline.exact.append(name)
            return "to the cent"
        reasons = needs(self.order, self.house.cast, at=self.at)
        for reason in reasons:
            timeline.explained[reason].append(name)
        if reasons:
            return f"the file says {self.order['expect']['total']}: needs {'; '.join(reasons)}"
        timeline.wrong[name] = ", ".join(f"{what} {want} ≠ {got}" for what, (want, got) in found.items())
        return f"! {timeline.wrong[name]}"

    def _tell_placed(self, verdict: str) -> None:
        wanted, used = self.order["payments"][0]["method"], self.placed["payment"]["payment_method"]
        paid = used if used == wanted else f"{used} ({wanted} needs a payment provider)"
        total = f"{self.placed['currency']} {self._money(self.placed['total'])}"
        who = self.house.cast.name_of(self.order)
        self.say(
            f"{self.order['id']} · {who} · {self.order['service']} · {self.order['channel']} · {total} by {paid} – {verdict}"
        )

    def _tracked(self) -> Row:
        """The order as its customer's tracking page shows it."""
        answer: Row = self.browser.get(f"stores/orders/by-token/{self.placed['access_token']}/")
        return answer

    def _confirm(self) -> None:
        """Money that is paid now is seen on the statement; a store that accepts by hand accepts. Then the kitchen has it."""
        status, payment = str(self.placed["status"]), self.placed["payment"]["state"]
        if status == "pending" and payment == "pending":
            self.sent_at = time.perf_counter()
            status = self._staff("mark_paid")["status"]
            self.say("paid – the counter saw it on the statement")
        if status == "pending":
            self._move("confirmed")
        patience = 0.0 if self.order["service"] == "digital" else PATIENCE_SECONDS
        arrivals = self.house.screen.tickets_of(str(self.placed["order_id"]), patience=patience)
        for arrival in arrivals:
            waited = arrival.at - self.sent_at
            self.house.timeline.latencies.append(waited)
            self.say(f"kitchen +{waited * 1000:.0f} ms · {_shown(arrival.ticket)}")
        self.house.timeline.tickets += len(arrivals)
        self.tickets = [str(arrival.ticket["id"]) for arrival in arrivals]
        if not arrivals and self.order["service"] != "digital":
            self.say("! no ticket came to the kitchen screen")
            self.house.timeline.stuck[str(self.order["id"])] = "no ticket on the kitchen screen"

    def _cook(self) -> Iterator[None]:
        """A digital order leaves the kitchen nothing to do."""
        if not self.tickets:
            return
        for ticket in self.tickets:
            self.house.kitchen.post(f"{self.house.path}/kitchen/tickets/{ticket}/start/")
        self.say(f"started – tracking says {self._tracked()['status']}")
        yield
        for ticket in self.tickets:
            self.house.kitchen.post(f"{self.house.path}/kitchen/tickets/{ticket}/done/", {"bump": True})
        self.say(f"done and bumped – tracking says {self._tracked()['status']}")
        yield

    def _hand_over(self) -> Iterator[None]:
        for status in WAYS_OUT[str(self.order["service"])]:
            self._move(status)
            yield
        if self._tracked()["payment_status"] != "paid":
            self._staff("mark_paid")
            self.say(f"{self.placed['payment']['payment_method']} collected{self._change()}")
        self._move("completed")

    def _change(self) -> str:
        given = self.placed["payment"].get("change_for")
        return f", {self._money(given - self.placed['total'])} change" if given else ""

    def _money(self, amount: Any) -> str:
        return f"{amount:.{self.house.cast.document['store']['currency_decimals']}f}"

    def _move(self, status: str) -> None:
        self.sent_at = time.perf_counter()
        self._staff("update_status", {"status": status})
        self.say(f"→ {self._tracked()['status']}")

    def _staff(self, verb: str, body: Row | None = None) -> Row:
        answer: Row = self.house.counter.post(f"{self.house.path}/orders/{self.placed['order_id']}/{verb}/", body)
        return answer


def _shown(ticket: Row) -> str:
    items = ", ".join(f"{item['quantity']}× {item['name']}" for item in ticket["items"])
    return f"{ticket['station']['name']}: {items}"
