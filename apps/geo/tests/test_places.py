"""Look-ups against the fake providers: each adapter's words, the memory, the budget, the circuit."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.core.clock import now
from apps.geo import circuit
from apps.geo.errors import LookupUnavailable
from apps.geo.fake.server import FakeProviders
from apps.geo.models import Answer
from apps.geo.services import kept, places
from apps.geo.values import Address, Point, Precision

pytestmark = pytest.mark.django_db

HOME = Address(
    street="204 Sul, Alameda 3", number="Lote 12", neighbourhood="204 Sul", city="Palmas", state="TO", postal_code="77020-210",
    country="BR",
)  # fmt: skip
AT_HOME = Point(lat=-10.1989, lng=-48.3262)
STORE = Point(lat=-10.1904, lng=-48.3286)
NOWHERE = Address(street="Rua Que Não Existe", city="Lugar Nenhum", country="BR")
ALL = ["offline", "nominatim", "here", "google"]


@pytest.mark.parametrize("name", ALL)
def test_every_provider_finds_an_address(providers: FakeProviders, settings: Any, name: str) -> None:
    settings.GEO_PROVIDERS = [name]
    found = places.geocode(address=HOME)
    assert found is not None
    assert (found.point, found.precision, found.provider) == (AT_HOME, Precision.HOUSE, name)
    assert (found.address.city, found.address.neighbourhood, found.address.country) == ("Palmas", "204 Sul", "BR")


@pytest.mark.parametrize("name", ALL)
def test_every_provider_says_when_there_is_none(providers: FakeProviders, settings: Any, name: str) -> None:
    settings.GEO_PROVIDERS = [name]
    assert places.geocode(address=NOWHERE) is None
    assert places.reverse(point=Point(lat=-3.0, lng=-60.0)) is None


@pytest.mark.parametrize("name", ALL)
def test_every_provider_says_what_is_at_a_point(providers: FakeProviders, settings: Any, name: str) -> None:
    settings.GEO_PROVIDERS = [name]
    found = places.reverse(point=AT_HOME)
    assert found is not None and found.address.street == "204 Sul, Alameda 3"


@pytest.mark.parametrize(("name", "has_line"), [("here", True), ("google", False)])
def test_a_provider_with_roads_tells_the_way(
    providers: FakeProviders, settings: Any, name: str, has_line: bool
) -> None:
    settings.GEO_PROVIDERS = [name]
    road = places.route(start=STORE, end=AT_HOME)
    assert road is not None
    assert (road.distance_km, road.duration_minutes, bool(road.polyline)) == (1.27, 3, has_line)


def test_without_a_provider_that_knows_roads_there_is_no_way(providers: FakeProviders) -> None:
    assert places.route(start=STORE, end=AT_HOME) is None


@pytest.mark.parametrize("name", ["offline", "here", "google"])
def test_suggestions_come_best_first_and_no_more_than_asked_for(
    providers: FakeProviders, settings: Any, name: str
) -> None:
    settings.GEO_PROVIDERS = [name]
    rows = places.suggest(text="204 sul ala", near=STORE, country="BR", limit=1)
    assert [row.label.startswith("204 Sul, Alameda 3") for row in rows] == [True]
    assert places.suggest(text=" ", near=STORE, country="BR", limit=5) == []


@pytest.mark.parametrize("names", [["offline"], ["viacep"], ["brasilapi"]])
def test_every_provider_knows_a_cep_and_says_when_it_does_not_exist(
    providers: FakeProviders, settings: Any, names: list[str]
) -> None:
    settings.ZIP_PROVIDERS = names
    found = places.postal_code(code="77020-210")
    assert found is not None
    assert (found.street, found.neighbourhood, found.city, found.state) == (
        "204 Sul, Alameda 3",
        "204 Sul",
        "Palmas",
        "TO",
    )
    assert places.postal_code(code="99999-999") is None


@pytest.mark.parametrize("code", ["", "123", "abcdefgh", "7702021०", "00000000", "77020-2100"])
def test_what_is_not_written_as_a_cep_is_asked_of_nobody(providers: FakeProviders, code: str) -> None:
    assert places.postal_code(code=code) is None
    assert providers.asked() == []


def test_a_cep_falls_back_to_the_next_provider(providers: FakeProviders) -> None:
    providers.play("viacep", "error")
    found = places.postal_code(code="77020-210")
    assert found is not None and found.provider == "brasilapi"


def test_a_wrong_key_is_a_permanent_failure_and_the_provider_is_left_alone(
    providers: FakeProviders, settings: Any
) -> None:
    settings.GEO_PROVIDERS, settings.HERE_API_KEY = ["here"], "wrong"
    for _attempt in range(2):
        with pytest.raises(LookupUnavailable):
            places.geocode(address=HOME)
    with pytest.raises(LookupUnavailable) as caught:
        places.geocode(address=HOME)
    assert (caught.value.code, caught.value.status) == ("geocoder_unavailable", 503)
    assert len(providers.asked("here")) == 1
    circuit.forget()
    with pytest.raises(LookupUnavailable) as caught:
        places.geocode(address=HOME)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("mode", "permanent"),
    [("error", False), ("garbage", False), ("hang_up", False), ("limited", False), ("refused", True)],
)
@pytest.mark.parametrize("name", ["nominatim", "here", "google"])
def test_a_provider_in_trouble_is_an_honest_503_and_nothing_is_kept(
    providers: FakeProviders, settings: Any, name: str, mode: str, permanent: bool
) -> None:
    settings.GEO_PROVIDERS = [name]
    providers.play(name, mode)
    with pytest.raises(LookupUnavailable) as caught:
        places.geocode(address=HOME)
    assert (caught.value.permanent, caught.value.extra["retry_after"] >= 1) == (permanent, True)
    assert not Answer.objects.exists()
    providers.play(name)
    circuit.forget()
    assert places.geocode(address=HOME) is not None


@pytest.mark.parametrize("mode", ["slow", "trickle"])
def test_nobody_waits_longer_than_the_budget(providers: FakeProviders, settings: Any, mode: str) -> None:
    settings.GEO_BUDGET_SECONDS = 0.4
    providers.play("nominatim", mode, seconds=5)
    started = time.monotonic()
    with pytest.raises(LookupUnavailable):
        places.geocode(address=HOME)
    assert time.monotonic() - started < 0.8


def test_one_budget_covers_all_questions(providers: FakeProviders, settings: Any) -> None:
    settings.GEO_PROVIDERS = ["nominatim", "here", "google"]
    settings.GEO_BUDGET_SECONDS = 0.4
    for name in ("nominatim", "here", "google"):
        providers.play(name, "slow", seconds=5)
    started = time.monotonic()
    with pytest.raises(LookupUnavailable):
        places.geocode(address=HOME)
    assert time.monotonic() - started < 0.8


def test_the_next_provider_answers_for_one_that_is_down(providers: FakeProviders, settings: Any) -> None:
    settings.GEO_PROVIDERS = ["nominatim", "here"]
    providers.play("nominatim", "error")
    found = places.geocode(address=HOME)
    assert found is not None and found.provider == "here"


def test_there_is_none_is_not_believed_while_somebody_could_not_be_asked(
    providers: FakeProviders, settings: Any
) -> None:
    settings.GEO_PROVIDERS = ["nominatim", "here"]
    providers.play("here", "error")
    with pytest.raises(LookupUnavailable):
        places.geocode(address=NOWHERE)


def test_after_three_failures_a_provider_is_left_alone_and_one_success_brings_it_back(
    providers: FakeProviders, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers.play("nominatim", "error")
    for _attempt in range(5):
        with pytest.raises(LookupUnavailable):
            places.geocode(address=HOME)
    assert len(providers.asked("nominatim")) == circuit.MOST_FAILURES
    providers.play("nominatim")
    later = time.monotonic() + circuit.REST_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert places.geocode(address=HOME) is not None


def test_a_limit_is_respected_for_as_long_as_the_provider_says(providers: FakeProviders) -> None:
    providers.play("nominatim", "limited")
    with pytest.raises(LookupUnavailable) as caught:
        places.geocode(address=HOME)
    assert caught.value.extra["retry_after"] == 7
    providers.play("nominatim")
    with pytest.raises(LookupUnavailable):
        places.geocode(address=HOME)
    assert len(providers.asked("nominatim")) == 1


def test_a_question_is_asked_once_and_its_answer_kept_until_it_is_too_old(providers: FakeProviders) -> None:
    first, second = places.geocode(address=HOME), places.geocode(address=HOME)
    assert first == second
    assert len(providers.asked("nominatim")) == 1
    Answer.objects.update(expires_at=now() - timedelta(seconds=1))
    assert kept.forget_old() == 1
    places.geocode(address=HOME)
    assert len(providers.asked("nominatim")) == 2


def test_there_is_none_is_kept_for_a_day_and_what_terms_restrict_for_an_hour(
    providers: FakeProviders, settings: Any
) -> None:
    places.postal_code(code="99999-999")
    places.postal_code(code="99999-999")
    assert len(providers.asked("viacep")) == 1
    assert timedelta(hours=23) < Answer.objects.get().expires_at - now() <= timedelta(days=1)
    settings.GEO_PROVIDERS = ["here"]
    places.geocode(address=HOME)
    assert Answer.objects.get(provider="here").expires_at - now() <= timedelta(hours=1)


def test_the_memory_does_not_say_who_asked_for_what(providers: FakeProviders) -> None:
    places.geocode(address=HOME)
    assert "alameda" not in Answer.objects.get().key.lower()


def test_the_adapters_send_what_the_providers_want(providers: FakeProviders, settings: Any) -> None:
    settings.GEO_PROVIDERS = ["nominatim"]
    places.geocode(address=HOME)
    asked = providers.asked("nominatim")[0]
    assert asked.agent == "Comanda tests"
    assert (asked.params["format"], asked.params["countrycodes"], asked.params["limit"]) == ("jsonv2", "br", "1")
    settings.GEO_PROVIDERS = ["here"]
    places.geocode(address=HOME)
    assert providers.asked("here")[0].params["in"] == "countryCode:BRA"


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_inside_a_transaction(providers: FakeProviders) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        places.geocode(address=HOME)
    assert providers.asked() == []
    assert places.geocode(address=HOME) is not None


def test_no_provider_at_all_is_said_so(providers: FakeProviders, settings: Any) -> None:
    settings.GEO_PROVIDERS = []
    with pytest.raises(LookupUnavailable) as caught:
        places.geocode(address=HOME)
    assert caught.value.permanent
