"""Stations in a store file: made once, corrected when they differ, refused when they make no sense."""

import copy
import json
from typing import Any

import pytest
from django.conf import settings

from apps.core.actors import system
from apps.core.scope import scope
from apps.kitchen.models import Route, Station
from apps.stores.importing.errors import ImportRefused
from apps.stores.importing.service import import_store
from apps.stores.models import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> dict[str, Any]:
    """The pizzeria: three stations, pizzas on two of them."""
    path = settings.BASE_DIR / "data" / "stores" / "pizzaria-forno.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def load(document: dict[str, Any]) -> Any:
    return import_store(document=document, actor=system("test"))


def routed() -> dict[str, set[str]]:
    with scope(Store.objects.get(slug="pizzaria-forno").pk):
        found: dict[str, set[str]] = {station.slug: set() for station in Station.objects.order_by("position")}
        for route in Route.objects.select_related("station", "category"):
            assert route.category is not None
            found[route.station.slug].add(route.category.slug)
        return found


def test_stations_come_in_their_order_with_the_categories_that_go_there(document: dict[str, Any]) -> None:
    load(document)
    found = routed()
    assert list(found) == ["montagem", "forno", "bar"]
    assert {"pizzas", "pizzas-salgadas", "pizzas-doces", "combos"} == found["montagem"]
    assert {"bebidas", "sobremesas", "combos"} == found["bar"]


def test_a_second_import_changes_nothing(document: dict[str, Any]) -> None:
    load(document)
    before, version = routed(), Store.objects.get(slug="pizzaria-forno").catalog_version
    report = load(document)
    assert (routed(), Store.objects.get(slug="pizzaria-forno").catalog_version) == (before, version)
    tally = report.tally("stations")
    assert (tally.created, tally.updated, tally.unchanged) == (0, 0, 3)


def test_a_renamed_station_is_renamed_and_a_new_route_is_added(document: dict[str, Any]) -> None:
    load(document)
    changed = copy.deepcopy(document)
    changed["outlets"][0]["stations"][2]["name"] = "Bar e balcão"
    next(row for row in changed["categories"] if row["slug"] == "entradas")["stations"] = ["forno", "bar"]
    report = load(changed)
    assert "entradas" in routed()["bar"]
    assert (report.tally("stations").updated, report.tally("stations").created) == (1, 0)


def test_a_route_to_a_station_that_is_not_there_refuses_the_whole_file(document: dict[str, Any]) -> None:
    document["categories"][0]["stations"] = ["grill"]
    with pytest.raises(ImportRefused) as refused:
        load(document)
    assert [row.path for row in refused.value.rows] == ["categories[0].stations[0]"]
    assert not Store.objects.filter(slug="pizzaria-forno").exists()


def test_a_station_without_a_name_refuses_the_whole_file(document: dict[str, Any]) -> None:
    document["outlets"][0]["stations"][0] = {"slug": "montagem"}
    with pytest.raises(ImportRefused) as refused:
        load(document)
    assert [row.path for row in refused.value.rows] == ["outlets[0].stations[0].name"]
