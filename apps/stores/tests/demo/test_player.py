"""The demo's evening, played in-process: the same client over the test client, and a screen that asks the API."""

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient
from websockets.sync.server import ServerConnection, serve

from apps.stores.demo.client import Client, Refusal, Unreachable
from apps.stores.demo.journey import House, Journey
from apps.stores.demo.loading import PASSWORD, load_one
from apps.stores.demo.player import _kitchen, _store_time
from apps.stores.demo.screen import Arrival, KitchenScreen
from apps.stores.demo.serving import answers, serving
from apps.stores.demo.timeline import Timeline
from apps.stores.demo.wishes import Cast
from apps.stores.tests.importing.documents import demo


class InProcess(Client):
    """The demo's client with the test client for a network."""

    def __init__(self, _base_url: str = "") -> None:
        super().__init__("http://testserver")
        self.api = APIClient()

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        given = {**self.http.headers, **headers}
        self.api.credentials(**{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()})
        call = self.api.get if method == "GET" else self.api.post
        answer = call(f"/api/v1/{path}", body, format="json")
        found = json.loads(answer.content, parse_float=Decimal)
        if answer.status_code >= 400:
            raise Refusal(answer.status_code, found)
        return found


class AskingScreen(KitchenScreen):
    """Sees the tickets by asking for them."""

    def __init__(self, slug: str, kitchen: Client) -> None:
        super().__init__("http://testserver", slug, kitchen.token)
        self.path, self.kitchen = f"stores/s/{slug}/kitchen/tickets/", kitchen

    def tickets_of(self, order_id: str, *, patience: float) -> list[Arrival]:
        rows = self.kitchen.get(self.path)["results"]
        return [Arrival(ticket=row, at=time.perf_counter()) for row in rows if row["order_id"] == order_id]


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def house(db: None, lines: list[str]) -> House:
    """Pastita on a demo evening."""
    load_one(demo("pastita"))
    cast = Cast(document=demo("pastita"))
    counter, kitchen = InProcess(), InProcess()
    counter.login(cast.login("owner"), PASSWORD)
    kitchen.login(cast.login("kitchen"), PASSWORD)
    timeline = Timeline(tell=lines.append)
    return House(
        cast=cast,
        browser=InProcess,
        counter=counter,
        kitchen=kitchen,
        screen=AskingScreen("pastita", kitchen),
        timeline=timeline,
    )


def play(house: House, name: str, **changes: Any) -> Timeline:
    order = next(row for row in house.cast.document["orders"] if row["id"] == name)
    for _step in Journey(house, {**order, **changes}, _store_time(house.cast)).steps():
        continue
    return house.timeline


def test_a_pix_order_is_paid_cooked_brought_and_exact(house: House, lines: list[str]) -> None:
    timeline = play(house, "pastita-01")
    assert (timeline.exact, timeline.completed, timeline.is_fine) == (["pastita-01"], ["pastita-01"], True)
    told = "\n".join(lines)
    for part in (
        "Ana Lima",
        "to the cent",
        "paid – the counter",
        "tracking says preparing",
        "tracking says ready",
        "→ delivered",
        "→ completed",
    ):
        assert part in told


def test_cash_is_collected_with_change(house: House, lines: list[str]) -> None:
    play(house, "pastita-14")
    assert any("cash collected, 27.10 change" in line for line in lines)


def test_an_amount_without_a_promotion_names_it(house: House) -> None:
    """A Saturday is not the promotion's Thursday."""
    with time_machine.travel("2026-11-21T15:00Z", tick=True):
        timeline = play(house, "pastita-13")
    assert dict(timeline.explained) == {"the date: quinta-do-nhoque holds at other times": ["pastita-13"]}
    assert timeline.is_fine


def test_an_amount_that_is_wrong_without_a_reason_is_shouted(house: House) -> None:
    order = next(row for row in house.cast.document["orders"] if row["id"] == "pastita-01")
    timeline = play(house, "pastita-01", expect={**order["expect"], "total": "1.00"})
    assert list(timeline.wrong) == ["pastita-01"]
    assert not timeline.is_fine
    assert "Something is wrong" in timeline.closing()[-1]


def test_a_refused_order_is_named_with_its_code(house: House) -> None:
    timeline = play(house, "pastita-01", lines=[{"product": "no-such-thing", "qty": 1}])
    assert list(timeline.refused) == ["pastita-01"]
    assert timeline.placed == []


def test_an_order_the_kitchen_never_sees_is_stuck(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.screen, "tickets_of", lambda _order, patience: [])
    assert not play(house, "pastita-01").is_fine


def test_a_store_of_several_outlets_is_cooked_for_by_somebody_who_sees_all(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.stores.demo.player.Client", InProcess)
    load_one(demo("warung-nusantara"))
    kitchen = _kitchen(Cast(document=demo("warung-nusantara")), "")
    assert len(kitchen.get("stores/s/warung-nusantara/kitchen/stations/")["results"]) > 3


def test_the_summary_counts(lines: list[str]) -> None:
    timeline = Timeline(
        tell=lines.append, total=2, placed=["a"], exact=["a"], completed=["a"], latencies=[0.01, 0.03], tickets=2
    )
    timeline.refused["b"] = "store_closed"
    told = "\n".join(timeline.closing())
    for part in (
        "1 of 2 orders placed",
        "1 charged exactly",
        "not placed: b – store_closed",
        "20 ms (median), 30 ms (slowest)",
    ):
        assert part in told


@pytest.fixture
def kitchen_server() -> Iterator[str]:
    """A server that speaks the kitchen socket's protocol."""

    def speak(screen: ServerConnection) -> None:
        assert json.loads(screen.recv()) == {"type": "auth", "token": "t"}
        hello = [{"type": "connection_established", "seq": 1}, {"type": "snapshot", "tickets": [{}]}]
        ticket = {"type": "ticket.created", "ticket": {"id": "1", "order_id": "o"}}
        for frame in (*hello, ticket, {"type": "ping"}, {"type": "ticket.started", "ticket": {"order_id": "p"}}):
            screen.send(json.dumps(frame))
        screen.recv()

    with serve(speak, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"


def test_the_screen_logs_in_and_keeps_what_arrives(kitchen_server: str) -> None:
    with KitchenScreen(kitchen_server, "pastita", "t") as screen:
        [arrival] = screen.tickets_of("o", patience=5)
        assert arrival.ticket["id"] == "1"
        assert screen.open_tickets == 1
        assert screen.tickets_of("p", patience=0.05) == []


def test_it_says_when_nothing_answers() -> None:
    with pytest.raises(Unreachable):
        Client("http://127.0.0.1:9").get("stores/s/pastita/catalog/")
    with pytest.raises(CommandError):
        call_command("demo", "--base-url", "http://127.0.0.1:9")


SERVER = """
import sys, http.server as http
class Ready(http.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_is_started_for_the_demo_and_stopped_after_it(lines: list[str]) -> None:
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    with serving(base_url, tell=lines.append, command=(sys.executable, "-c", SERVER, str(port))):
        assert answers(base_url)
        with serving(base_url, tell=lines.append, command=("/bin/false",)):
            assert len(lines) == 1
    assert not answers(base_url)


def test_a_server_that_does_not_start_says_where_to_look(lines: list[str]) -> None:
    with (
        pytest.raises(Unreachable, match=r"demo\.log"),
        serving(f"http://127.0.0.1:{free_port()}", tell=lines.append, command=("/bin/false",)),
    ):
        raise AssertionError("nothing was served")


def test_production_refuses_the_demo(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demo")


@pytest.mark.parametrize("options", [("--store", "nobody"), ("--speed", "0")])
def test_wrong_options_are_refused(options: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("demo", *options)
