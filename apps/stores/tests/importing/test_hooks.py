"""Sections of higher rooms: the kitchen's stations come in with the store."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.kitchen.models import Route, Station
from apps.stores.importing.hooks import register_section, sections
from apps.stores.models import Store
from apps.stores.tests.importing.conftest import Load, Refuse
from apps.stores.tests.importing.documents import corner, demo


def with_stations(*slugs: str, cooked_at: tuple[str, ...] = ()) -> dict[str, Any]:
    document = corner()
    document["outlets"][0]["stations"] = [{"slug": slug, "name": slug.title()} for slug in slugs]
    document["categories"][0]["stations"] = list(cooked_at)
    return document


def routes() -> set[tuple[str, str]]:
    with scope(Store.objects.get(slug="corner").pk):
        return set(Route.objects.values_list("category__slug", "station__slug"))


def test_stations_and_routes_come_in_with_the_store(load: Load) -> None:
    document = demo("pizzaria-forno")
    report = load(document)
    assert report.tallies["stations"].created == 3
    assert not any(what.startswith("outlets.stations") for what in report.kept_for_later)
    with scope(Store.objects.get(slug="pizzaria-forno").pk):
        assert list(Station.objects.order_by("position").values_list("slug", flat=True)) == ["montagem", "forno", "bar"]
        wanted = {(row["slug"], station) for row in document["categories"] for station in row["stations"]}
        assert set(Route.objects.values_list("category__slug", "station__slug")) == wanted


def test_a_category_moves_to_another_station(load: Load) -> None:
    load(with_stations("chapa", "bar", cooked_at=("chapa",)))
    report = load(with_stations("chapa", "bar", cooked_at=("bar",)))
    assert (report.tallies["station routes"].created, report.tallies["station routes"].removed) == (1, 1)
    assert routes() == {("salgados", "bar")}


def test_a_station_nobody_has_is_an_error(refuse: Refuse) -> None:
    assert list(refuse(with_stations("chapa", cooked_at=("forno",)))) == ["categories[0].stations[0]"]


def test_a_wrong_station_is_named_by_its_path(refuse: Refuse) -> None:
    assert set(refuse(with_stations("x" * 51, "chapa", "chapa"))) == {
        "outlets[0].stations[0].slug",
        "outlets[0].stations[2].slug",
    }


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register_section("stations", lambda _source: lambda _world: None)
    assert "stations" in sections()
