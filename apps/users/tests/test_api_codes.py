"""Scenario 6: one-time codes – cooldown, a try limit that survives resends, no enumeration, never logged, `secrets`."""

import itertools
import json
import logging
import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.tests.racing import at_once
from apps.users import senders
from apps.users.models import Attempts, Login, LoginCode, User
from apps.users.services import attempts, codes, logins

pytestmark = pytest.mark.django_db
PHONE, MAIL = "+5563999990000", "ana@example.com"
A = "/api/v1/auth"


def post(path: str, body: dict[str, Any], client: APIClient | None = None) -> Any:
    return (client or APIClient()).post(f"{A}/{path}/", body, format="json")


def code_for(to: str) -> str:
    rows = [json.loads(line) for line in senders.outbox_path().read_text(encoding="utf-8").splitlines()]
    return str([row for row in rows if row["to"] == to][-1]["code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def send(phone: str = PHONE) -> Any:
    return post("whatsapp/send", {"phone_number": phone, "whatsapp_account_id": ""})


def verify(code: str, phone: str = PHONE, client: APIClient | None = None) -> Any:
    return post("whatsapp/verify", {"phone_number": phone, "code": code}, client)


def test_a_code_logs_in_and_makes_the_account_on_the_way() -> None:
    sent = send("63 99999-0000")
    assert (sent.status_code, sent.json()["success"], sent.json()["retry_after"]) == (200, True, 60)
    answer = verify(code_for(PHONE)).json()
    assert answer["valid"] is True
    assert answer["token"] == answer["auth_token"]
    assert answer["user"]["phone"] == "63999990000"
    user = User.objects.get(phone=PHONE)
    assert user.phone_verified_at is not None
    assert not user.has_usable_password()
    me = APIClient(headers={"Authorization": f"Token {answer['token']}"}).get(f"{A}/me/")
    assert me.status_code == 200


def test_both_spellings_of_a_brazilian_mobile_are_one_account() -> None:
    send("+55 63 9999-0000")
    verify(code_for(PHONE), "+5563999990000")
    with time_machine.travel(now() + timedelta(minutes=2)):
        send("5563999990000")
        assert verify(code_for(PHONE), "+556399990000").json()["valid"] is True
    assert User.objects.count() == 1


def test_a_code_by_mail_works_the_same_way() -> None:
    assert post("email/send", {"email": " Ana@Example.com "}).status_code == 200
    answer = post("email/verify", {"email": MAIL, "code": code_for(MAIL)}).json()
    assert answer["valid"] is True
    assert User.objects.get(email=MAIL).email_verified_at is not None


def test_a_wrong_code_is_an_answer_and_opens_nothing() -> None:
    send()
    answer = verify(wrong(code_for(PHONE)))
    assert answer.status_code == 200
    assert (answer.json()["valid"], answer.json()["remaining_attempts"]) == (False, 4)
    assert answer.json()["message"]
    assert "token" not in answer.json()
    assert (Login.objects.count(), User.objects.count()) == (0, 0)


def test_a_code_is_good_once() -> None:
    send()
    code = code_for(PHONE)
    assert verify(code).json()["valid"] is True
    assert verify(code).json()["valid"] is False
    assert Login.objects.count() == 1


def test_a_code_ends_after_five_minutes() -> None:
    send()
    with time_machine.travel(now() + codes.LIFE + timedelta(seconds=1)):
        assert verify(code_for(PHONE)).json()["valid"] is False


def test_another_code_has_to_wait_a_minute_and_says_how_long() -> None:
    send()
    first = code_for(PHONE)
    again = post("whatsapp/resend", {"phone_number": PHONE})
    assert (again.status_code, again.json()["code"]) == (429, "resend_cooldown")
    assert again.json()["message"]
    assert 0 < int(again["Retry-After"]) <= 61
    assert verify(first).json()["valid"] is True  # the refused one changed nothing


def test_a_resent_code_replaces_the_first() -> None:
    send()
    first = code_for(PHONE)
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert post("whatsapp/resend", {"phone_number": PHONE}).status_code == 200
        second = code_for(PHONE)
        if first != second:
            assert verify(first).json()["valid"] is False
        assert verify(second).json()["valid"] is True


def test_new_codes_bring_no_new_tries() -> None:
    send()
    for _try in range(3):
        assert verify(wrong(code_for(PHONE))).json()["valid"] is False
    with time_machine.travel(now() + timedelta(seconds=61)):
        post("whatsapp/resend", {"phone_number": PHONE})
        right = code_for(PHONE)
        assert verify(wrong(right)).json()["remaining_attempts"] == 1
        assert verify(wrong(right)).json()["remaining_attempts"] == 0
        over = verify(right)
        assert (over.status_code, over.json()["code"]) == (429, "too_many_attempts")
        assert over.json()["message"]
        assert int(over["Retry-After"]) > 0
    assert Login.objects.count() == 0


def test_the_control_tries_bound_to_the_code_would_start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the limit by address is for: counted per code, a resend would buy five more guesses."""
    tries = itertools.count()
    real = attempts.spend
    monkeypatch.setattr(attempts, "spend", lambda limit, who: real(limit, f"{who}:{next(tries)}"))
    send()
    answers = [verify(wrong(code_for(PHONE))).status_code for _try in range(8)]
    assert set(answers) == {200}


def test_codes_are_limited_per_number_and_per_caller() -> None:
    moment = now()
    answers = []
    for minute in range(8):
        with time_machine.travel(moment + timedelta(minutes=2 * minute)):
            answers.append(send().status_code)
    assert answers == [200] * 6 + [429] * 2
    others = [send(f"+55639999{number:05d}").status_code for number in range(30)]
    assert others[-1] == 429


def test_nobody_learns_who_has_an_account() -> None:
    User.objects.create_user(None, phone="+5563999991111")
    known, unknown = send("+5563999991111"), send("+5563999992222")
    assert known.status_code == unknown.status_code == 200
    assert known.json() == unknown.json()
    known, unknown = (verify("000000", number) for number in ("+5563999991111", "+5563999992222"))
    assert known.json() == unknown.json()
    reset = [post("password/reset", {"email": mail}) for mail in ("nobody@example.com", "somebody@example.com")]
    assert reset[0].json() == reset[1].json()


@pytest.mark.parametrize("body", [{}, {"phone_number": "abc"}, {"phone_number": "123"}, {"phone_number": "x" * 500}])
def test_what_is_no_number_is_refused(body: dict[str, str]) -> None:
    assert post("whatsapp/send", body).status_code == 400
    assert LoginCode.objects.count() == 0


def test_neither_code_nor_number_is_stored_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send()
        code = code_for(PHONE)
        verify(wrong(code))
    row = LoginCode.objects.get()
    assert code not in f"{row.key}{row.code_hash}"
    assert PHONE not in f"{row.key}{''.join(Attempts.objects.values_list('key', flat=True))}"
    told = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert code not in told
    assert code not in repr(senders.CodeMessage(channel="x", address=PHONE, purpose="login", minutes=5, code=code))


def test_codes_come_from_the_generator_for_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda most: 42)
    send()
    assert code_for(PHONE) == "000042"


def test_a_channel_nobody_serves_says_so_to_everybody(settings: Any) -> None:
    settings.PRODUCTION = True
    answer = send()
    assert (answer.status_code, answer.json()["code"]) == (503, "codes_unavailable")


def test_a_sender_that_fails_leaves_the_way_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: senders.CodeMessage) -> None:
        raise ConnectionError

    monkeypatch.setitem(senders._senders, "whatsapp", broken)
    assert send().status_code == 503
    monkeypatch.delitem(senders._senders, "whatsapp")
    assert send().status_code == 200


def test_who_proves_a_claimed_number_gets_it_and_the_claimant_is_out() -> None:
    """Somebody registered with Ana's number and a password of their own, and waits."""
    registered = post("register", {"name": "Mallory", "phone": "63999990000", "password": "a-long-secret-9"})
    assert registered.status_code == 201
    old = APIClient(headers={"Authorization": f"Token {registered.json()['token']}"})
    send()
    assert verify(code_for(PHONE)).json()["valid"] is True
    assert old.get(f"{A}/me/").status_code == 401
    assert post("login", {"email": "63999990000", "password": "a-long-secret-9"}).status_code == 400


def test_a_number_somebody_typed_does_not_open_an_account_with_a_mailbox() -> None:
    post("register", {"email": "bob@example.com", "phone": "63999990000", "password": "a-long-secret-9"})
    send()
    answer = verify(code_for(PHONE)).json()
    assert answer["user"]["email"] == ""
    assert User.objects.get(email="bob@example.com").phone is None
    assert post("login", {"email": "bob@example.com", "password": "a-long-secret-9"}).status_code == 200


def test_who_is_logged_in_proves_their_own_number_and_stays_who_they_are() -> None:
    token = post("register", {"email": "bob@example.com", "phone": "63999990000", "password": "a-long-secret-9"}).json()
    send()
    client = APIClient(headers={"Authorization": f"Token {token['token']}"})
    assert verify(code_for(PHONE), client=client).json()["user"]["email"] == "bob@example.com"
    assert User.objects.get(email="bob@example.com").phone_verified_at is not None
    assert post("login", {"email": "bob@example.com", "password": "a-long-secret-9"}).status_code == 200


def test_a_changed_number_has_to_be_proved_anew() -> None:
    send()
    token = verify(code_for(PHONE)).json()["token"]
    client = APIClient(headers={"Authorization": f"Token {token}"})
    client.patch("/api/v1/users/profile/", {"phone": "63999993333"}, format="json")
    assert User.objects.get(phone="+5563999993333").phone_verified_at is None


def test_whoever_runs_the_install_does_not_log_in_by_code() -> None:
    User.objects.create_superuser("root@example.com", "a-long-secret-9")
    post("email/send", {"email": "root@example.com"})
    assert (
        post("email/verify", {"email": "root@example.com", "code": code_for("root@example.com")}).json()["valid"]
        is False
    )


def test_a_forgotten_password_is_set_anew_and_every_login_ends() -> None:
    user = User.objects.create_user(MAIL, "old-long-secret-9")
    old = APIClient(headers={"Authorization": f"Token {logins.open_with_token(user=user)}"})
    assert post("password/reset", {"email": MAIL}).status_code == 200
    body = {"email": MAIL, "code": code_for(MAIL), "new_password": "new-long-secret-9"}
    weak = post("password/reset/confirm", {**body, "new_password": "123"})
    assert (weak.status_code, list(weak.json()["errors"])) == (400, ["new_password"])
    answer = post("password/reset/confirm", body)
    assert answer.status_code == 200
    assert answer.json()["token"]
    assert old.get(f"{A}/me/").status_code == 401
    assert post("login", {"email": MAIL, "password": "new-long-secret-9"}).status_code == 200
    assert post("password/reset/confirm", body).json()["code"] == "code_invalid"


def test_a_login_code_does_not_set_a_password() -> None:
    User.objects.create_user(MAIL, "old-long-secret-9")
    post("email/send", {"email": MAIL})
    body = {"email": MAIL, "code": code_for(MAIL), "new_password": "new-long-secret-9"}
    assert post("password/reset/confirm", body).json()["code"] == "code_invalid"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_code_at_once_one_gets_in() -> None:
    send()
    code = code_for(PHONE)
    answers = at_once([lambda: verify(code).json()["valid"]] * 2)
    assert sorted(answers) == [False, True]
    assert Login.objects.count() == 1
