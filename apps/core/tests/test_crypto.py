"""Secrets: at rest, in memory, while keys change – and never on a screen, in a log or in an answer."""

import copy
import json
import logging
import pickle
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import modelform_factory

from apps.core.crypto import DOTS, Secret, decrypt, encrypt, rotate, same_secret
from apps.core.http.renderers import dumps
from apps.users.models import Profile, User

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
TEXT = "52998224725"


@pytest.fixture
def keys(settings: Any) -> Callable[..., None]:
    def use(*names: str) -> None:
        settings.FIELD_ENCRYPTION_KEYS = list(names)

    use(OLD)
    return use


def _profile(cpf: str = TEXT) -> Profile:
    user = User.objects.create_user(f"u{User.objects.count()}@example.com", "comanda-demo")
    return Profile.objects.update_or_create(user=user, defaults={"cpf": Secret(cpf)})[0]


def _stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cpf FROM user_profiles ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


SHOWN: dict[str, Callable[[Secret], Any]] = {
    "str": str,
    "repr": repr,
    "format": lambda secret: f"{secret} {secret!r} {secret:>20}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - logging formats this way
    "in a list": lambda secret: str([secret, {"token": secret}]),
    "json": lambda secret: json.dumps({"token": secret}, default=str),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_secret_does_not_show_itself(name: str) -> None:
    assert TEXT not in SHOWN[name](Secret(TEXT))
    assert Secret(TEXT).reveal() == TEXT


def test_a_secret_is_in_no_log_line_answer_cache_or_dump(db: None, caplog: pytest.LogCaptureFixture) -> None:
    profile = Profile.objects.get(pk=_profile().pk)
    logging.getLogger(__name__).warning("saved %s %r", profile.cpf, profile.cpf, extra={"token": profile.cpf})
    assert TEXT not in caplog.text
    assert TEXT not in serializers.serialize("json", [profile])
    for refused in (
        lambda: json.dumps(profile.cpf),
        lambda: dumps({"cpf": profile.cpf}),
        lambda: pickle.dumps(profile.cpf),
    ):
        with pytest.raises(TypeError):
            refused()
    with pytest.raises(TypeError):
        "".join([profile.cpf])  # type: ignore[list-item]  # that it is refused is the point
    assert copy.deepcopy(profile.cpf) == profile.cpf


def test_what_lies_in_the_table_is_not_the_text_and_never_the_same_twice(db: None) -> None:
    for _ in range(3):
        _profile()
    assert len(set(_stored())) == 3
    assert not any(TEXT in token for token in _stored())
    assert {profile.cpf.reveal() for profile in Profile.objects.all()} == {TEXT}


def test_it_refuses_to_be_searched_instead_of_quietly_finding_nothing(db: None) -> None:
    for lookup in ({"cpf": TEXT}, {"cpf__in": [TEXT]}, {"cpf__contains": "5"}, {"cpf__gt": ""}):
        with pytest.raises(FieldError):
            Profile.objects.filter(**lookup).exists()
    assert not Profile.objects.filter(cpf__isnull=True).exists()


def test_a_form_sent_back_with_its_dots_keeps_the_secret(db: None) -> None:
    profile = _profile()
    form_class = modelform_factory(Profile, fields=["cpf"])
    assert TEXT not in form_class(instance=profile).as_p()
    form = form_class({"cpf": DOTS}, instance=profile)
    assert form.is_valid(), form.errors
    form.save()
    profile.refresh_from_db()
    assert profile.cpf.reveal() == TEXT
    form_class({"cpf": "123"}, instance=profile).save()
    profile.refresh_from_db()
    assert profile.cpf.reveal() == "123"
    profile.cpf = DOTS
    with pytest.raises(ValueError, match="dots"):
        profile.save()


def test_an_empty_secret_stays_empty_and_rejects_everything(db: None) -> None:
    _profile("")
    assert _stored() == [""]
    assert not Profile.objects.get().cpf
    for given in ("", "x", TEXT):
        assert not same_secret("", given)
        assert not same_secret(Secret(""), Secret(given))
    assert same_secret(Secret(TEXT), TEXT)
    assert same_secret("schlüssel", "schlüssel")
    assert not same_secret(TEXT, TEXT + "0")
    assert not same_secret(TEXT, "\ud800")


def test_a_value_of_an_older_key_is_read_and_a_new_one_is_made_with_the_newest(keys: Callable[..., None]) -> None:
    token = encrypt(TEXT)
    keys(NEW, OLD)
    assert decrypt(token) == TEXT
    fresh = rotate(token)
    assert fresh != token
    assert rotate(fresh) == fresh, "what is already new is left alone, so a rotation can be resumed"
    keys(NEW)
    assert decrypt(fresh) == TEXT
    with pytest.raises(ValueError, match="no key"):
        decrypt(token)


def test_the_wrong_key_opens_nothing_and_no_key_is_an_error(keys: Callable[..., None]) -> None:
    token = encrypt(TEXT)
    keys(OTHER)
    with pytest.raises(ValueError, match="no key"):
        decrypt(token)
    for broken in ("", "x", token[:-2], token[:20] + "A" + token[21:], "é"):
        with pytest.raises(ValueError, match="no key"):
            decrypt(broken)
    keys()
    with pytest.raises(ImproperlyConfigured):
        encrypt(TEXT)


def test_rotate_secrets_leaves_nothing_on_the_old_key(db: None, keys: Callable[..., None]) -> None:
    for number in range(7):
        _profile(f"cpf {number}")
    _profile("")
    keys(NEW, OLD)
    _profile("cpf new")
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert "user_profiles.cpf: 7 re-made, 1 already new, 0 unreadable" in out.getvalue()
    keys(NEW)
    assert {profile.cpf.reveal() for profile in Profile.objects.all()} == {
        *(f"cpf {n}" for n in range(7)),
        "cpf new",
        "",
    }
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert "0 re-made, 8 already new" in out.getvalue()


def test_rotate_secrets_works_in_batches_and_says_what_it_cannot_open(
    db: None, keys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.core.management.commands.rotate_secrets.BATCH", 2)
    keys(OTHER)
    _profile("lost")
    keys(OLD)
    for number in range(5):
        _profile(f"cpf {number}")
    keys(NEW, OLD)
    with pytest.raises(CommandError, match="1 secrets open with none"):
        call_command("rotate_secrets", stdout=StringIO())
    keys(NEW, OTHER)
    assert {profile.cpf.reveal() for profile in Profile.objects.all()} == {*(f"cpf {n}" for n in range(5)), "lost"}
