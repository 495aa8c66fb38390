"""The inbox over HTTP: verified, stored once as it came, answered at once, understood later and in order."""

import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.core.tests.racing import at_once
from apps.events import inbox, tasks
from apps.events.inbox import Letter, Mailroom
from apps.events.models import InboxEntry, InboxState
from apps.events.views import MAX_BYTES

URL = "/webhooks/v1/testpay/"
KEY = b"shared secret"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Desk:
    """A provider's desk that notes what it handled, and fails when told to."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.poison: set[str] = set()
        self.bodies: list[bytes] = []

    def verify(self, body: bytes, headers: Mapping[str, str]) -> bool:
        return hmac.compare_digest(headers.get("X-Signature", ""), _sign(body))

    def file(self, body: bytes, _headers: Mapping[str, str]) -> Letter:
        event = json.loads(body)
        return Letter(external_id=event["id"], mailbox=event.get("box", "all"))

    def handle(self, body: bytes, _headers: Mapping[str, str]) -> None:
        self.bodies.append(body)
        name = json.loads(body)["id"]
        if name in self.poison:
            raise ZeroDivisionError(name)
        self.handled.append(name)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        return query.get("hub.challenge") if query.get("hub.verify_token") == "ours" else None


def _sign(body: bytes) -> str:
    return hmac.new(KEY, body, "sha256").hexdigest()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    room = Mailroom(
        provider="testpay", verify=made.verify, file=made.file, handle=made.handle, challenge=made.challenge
    )
    inbox.register(room)
    yield made
    inbox.unregister("testpay")


def post(body: bytes, signature: str | None = None, **headers: Any) -> Any:
    """From a thread as well: a client of its own each time."""
    sign = _sign(body) if signature is None else signature
    return Client().generic(
        "POST", URL, body, content_type="application/json", headers={"X-Signature": sign, **headers}
    )


def event(name: str, box: str = "all") -> bytes:
    return json.dumps({"id": name, "box": box}).encode()


@pytest.mark.django_db
class TestTheDoor:
    def test_a_signed_request_is_stored_as_it_came_and_answered(self, desk: Desk) -> None:
        body = b'{ "id": "e1",\n  "box" :"b" }'
        answer = post(body, Authorization="Bearer of theirs", Cookie="a=b")
        assert (answer.status_code, answer.json()) == (200, {"status": "stored"})
        entry = InboxEntry.objects.get()
        assert (entry.provider, entry.external_id, entry.mailbox, entry.state) == (
            "testpay",
            "e1",
            "b",
            InboxState.PENDING,
        )
        assert bytes(entry.body) == body
        assert entry.headers["X-Signature"] == _sign(body)
        assert not {"Authorization", "Cookie"} & set(entry.headers), "credentials are not kept"
        assert desk.handled == [], "understanding it is somebody else's work"

    @pytest.mark.parametrize("signature", ["", "0" * 64, _sign(b"another body"), "é", "\t"])
    def test_a_wrong_signature_is_401_and_leaves_no_trace(self, desk: Desk, signature: str) -> None:
        refused = post(event("e1"), signature)
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_signature")
        assert not InboxEntry.objects.exists()

    def test_every_flipped_bit_of_the_body_is_noticed(self, desk: Desk) -> None:
        body = event("e1")
        for place in range(len(body) * 8):
            flipped = bytearray(body)
            flipped[place // 8] ^= 1 << place % 8
            assert post(bytes(flipped), _sign(body)).status_code == 401
        assert not InboxEntry.objects.exists()

    def test_a_check_that_breaks_has_verified_nothing(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_body: bytes, _headers: Mapping[str, str]) -> bool:
            raise KeyError("signature")

        inbox.unregister("testpay")
        inbox.register(Mailroom(provider="testpay", verify=broken, file=desk.file, handle=desk.handle))
        assert post(event("e1")).status_code == 401
        inbox.unregister("testpay")
        inbox.register(Mailroom(provider="testpay", verify=lambda *_: "yes", file=desk.file, handle=desk.handle))  # type: ignore[arg-type]  # only True is true
        assert post(event("e1")).status_code == 401
        assert not InboxEntry.objects.exists()

    def test_a_stranger_is_404_and_a_method_nobody_uses_405(self, desk: Desk) -> None:
        assert Client().post("/webhooks/v1/nobody/").json()["code"] == "unknown_provider"
        for method in ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            refused = Client().generic(method, URL)
            assert (refused.status_code, refused["Allow"]) == (405, "GET, POST")

    def test_a_huge_body_is_413_and_one_at_the_limit_is_read(self, desk: Desk) -> None:
        frame = len(json.dumps({"id": "big", "x": ""}))
        fits = json.dumps({"id": "big", "x": "y" * (MAX_BYTES - frame)}).encode()
        assert len(fits) == MAX_BYTES
        assert post(fits + b" ").status_code == 413
        assert not InboxEntry.objects.exists()
        assert post(fits).status_code == 200

    def test_the_content_type_does_not_matter(self, desk: Desk) -> None:
        body = event("e1")
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""):
            answer = Client().generic("POST", URL, body, content_type=kind, headers={"X-Signature": _sign(body)})
            assert answer.status_code == 200
        assert InboxEntry.objects.count() == 1

    def test_no_csrf_token_is_asked_of_a_provider(self, desk: Desk) -> None:
        body = event("e1")
        client = Client(enforce_csrf_checks=True)
        assert client.generic("POST", URL, body, headers={"X-Signature": _sign(body)}).status_code == 200

    def test_a_get_is_answered_by_the_challenge(self, desk: Desk) -> None:
        right = Client().get(URL, {"hub.mode": "subscribe", "hub.verify_token": "ours", "hub.challenge": "<b>42</b>"})
        assert (right.status_code, right.content, right["Content-Type"]) == (
            200,
            b"<b>42</b>",
            "text/plain; charset=utf-8",
        )
        wrong = Client().get(URL, {"hub.verify_token": "guess", "hub.challenge": "42"})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "challenge_refused")
        inbox.unregister("testpay")
        inbox.register(Mailroom(provider="testpay", verify=desk.verify, file=desk.file, handle=desk.handle))
        assert Client().get(URL).status_code == 403, "a provider without a challenge has nothing to say"

    def test_a_desk_is_opened_once(self, desk: Desk) -> None:
        with pytest.raises(ValueError, match="registered twice"):
            inbox.register(Mailroom(provider="testpay", verify=desk.verify, file=desk.file, handle=desk.handle))


@pytest.mark.django_db
class TestTheLine:
    def test_a_duplicate_is_one_row_and_handled_once(self, desk: Desk) -> None:
        assert [post(event("e1")).json()["status"] for _ in range(3)] == ["stored", "known", "known"]
        assert (tasks.drain_inbox(), tasks.drain_inbox()) == (1, 0)
        assert post(event("e1")).json()["status"] == "known", "also after it was handled"
        tasks.drain_inbox()
        assert desk.handled == ["e1"]

    def test_names_that_only_differ_far_behind_are_two_events(self, desk: Desk) -> None:
        for tail in "ab":
            assert post(event("x" * 250 + tail, "y" * 250 + tail)).json()["status"] == "stored"
        assert tasks.drain_inbox() == 2

    @pytest.mark.parametrize("name", ["a\x00b", "\ud800", "", "🍕" * 60, "x\u202ey", 7, None])
    def test_an_odd_name_is_stored_and_handled(self, desk: Desk, name: object) -> None:
        body = json.dumps({"id": name}).encode()
        assert post(body).json()["status"] == "stored"
        assert post(body).json()["status"] == "known"
        assert tasks.drain_inbox() == 1

    @pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"\xff\x00", b'{"no": "id"}'])
    def test_a_genuine_request_nobody_understands_is_kept_for_a_person(self, desk: Desk, body: bytes) -> None:
        assert post(body).status_code == 200, "refusing it would only bring it back for days"
        assert post(body).json()["status"] == "known"
        with time_machine.travel(NOON + timedelta(days=900)) as clock:
            for _ in range(30):
                tasks.drain_inbox()
                clock.shift(timedelta(hours=1))
        entry = InboxEntry.objects.get()
        assert (entry.state, bytes(entry.body)) == (InboxState.DEAD, body)
        assert entry.last_error

    def test_a_mailbox_is_handled_in_order_and_poison_holds_up_its_own(self, desk: Desk) -> None:
        desk.poison = {"a2"}
        with time_machine.travel(NOON, tick=False) as clock:
            for name, box in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b"), ("a4", "a")):
                post(event(name, box))
            assert tasks.drain_inbox() == 3
            assert desk.handled == ["a1", "b1", "b2"]
            clock.shift(timedelta(minutes=1))
            desk.poison = set()
            assert tasks.drain_inbox() == 3
        assert desk.handled[3:] == ["a2", "a3", "a4"]

    def test_mailboxes_of_two_providers_are_two_even_with_one_name(self, desk: Desk) -> None:
        inbox.register(Mailroom(provider="other", verify=lambda *_: True, file=desk.file, handle=desk.handle))
        try:
            desk.poison = {"x1"}
            post(event("x1", "shared"))
            Client().generic("POST", "/webhooks/v1/other/", event("y1", "shared"))
            assert tasks.drain_inbox() == 1
            assert desk.handled == ["y1"]
        finally:
            inbox.unregister("other")

    def test_poison_goes_to_the_dead_lets_the_rest_pass_and_can_be_replayed(self, desk: Desk) -> None:
        desk.poison = {"a1"}
        with time_machine.travel(NOON, tick=False) as clock:
            post(event("a1"))
            post(event("a2"))
            for _ in range(20):
                tasks.drain_inbox()
                clock.shift(timedelta(minutes=30))
            dead = InboxEntry.objects.get(external_id="a1")
            assert (dead.state, dead.attempts, dead.last_error) == (
                InboxState.DEAD,
                inbox.MAX_ATTEMPTS,
                "ZeroDivisionError: a1",
            )
            assert desk.handled == ["a2"]
            desk.poison = set()
            assert tasks.drain_inbox() == 0
            assert inbox.replay(entry_id=dead.pk) is True
            assert inbox.replay(entry_id=dead.pk) is False, "it is waiting already"
            assert inbox.replay(entry_id=10**9) is False
            assert tasks.drain_inbox() == 1
        assert desk.handled == ["a2", "a1"]

    def test_a_provider_whose_code_is_gone_waits(self, desk: Desk) -> None:
        post(event("e1"))
        inbox.unregister("testpay")
        assert tasks.drain_inbox() == 0
        assert InboxEntry.objects.get().last_error == "KeyError: 'testpay'"

    def test_a_run_ends_when_its_time_is_up(self, desk: Desk) -> None:
        post(event("e1"))
        assert inbox.drain(seconds=0) == 0
        assert inbox.drain() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_copies_of_one_request_are_one_row(desk: Desk) -> None:
    answers = at_once([lambda: post(event("e1"))] * 8)
    assert sorted(answer.json()["status"] for answer in answers) == ["known"] * 7 + ["stored"]
    assert sum(at_once([inbox.drain] * 4)) == 1
    assert desk.handled == ["e1"]


@pytest.mark.django_db(transaction=True)
def test_many_drains_keep_the_order_of_every_mailbox(desk: Desk) -> None:
    for number in range(10):
        for box in "abcdef":
            post(event(f"{box}{number}", box))

    def drain() -> int:
        handled = 0
        while InboxEntry.objects.filter(state=InboxState.PENDING).exists():
            handled += inbox.drain()
        return handled

    assert sum(at_once([drain] * 4)) == 60
    for box in "abcdef":
        assert [name for name in desk.handled if name[0] == box] == [f"{box}{number}" for number in range(10)]
