"""Every demo file comes in whole, fast, with one new menu version – and a second time nothing happens."""

import time
from decimal import Decimal
from typing import Any

import pytest

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores import models
from apps.stores.tests.importing.conftest import Load
from apps.stores.tests.importing.documents import SLUGS, demo


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_imports_every_row_of_the_file(load: Load, slug: str) -> None:
    document = demo(slug)
    report = load(document)
    variants = sum(len(row.get("variants", [])) for row in document["products"])
    created = {name: tally.created for name, tally in report.tallies.items()}
    assert created["products"] == len(document["products"])
    assert created["variants"] == variants
    assert created["categories"] == len(document["categories"])
    assert created["options"] == sum(len(row["options"]) for row in document["modifier_groups"])
    assert created["combo choices"] == sum(len(slot["choices"]) for row in document["combos"] for slot in row["slots"])
    assert created["outlets"] == len(document["outlets"])
    assert created["staff"] == created["users"] == len(document["staff"])
    assert created["customers"] == len(document["customers"])
    assert created["identities"] == sum(len(row["identities"]) for row in document["customers"])
    assert report.warnings == []
    assert not any(tally.updated or tally.removed for tally in report.tallies.values())


def test_a_second_import_changes_nothing_and_records_nothing(load: Load, slug: str) -> None:
    load(demo(slug))
    store = models.Store.objects.get(slug=slug)
    facts = Event.objects.count()
    again = load(demo(slug))
    assert not again.changed
    assert "products" in again.tallies
    assert models.Store.objects.get(slug=slug).catalog_version == store.catalog_version
    assert Event.objects.count() == facts


def test_one_import_is_one_new_menu(load: Load, slug: str) -> None:
    load(demo(slug))
    names = Event.objects.exclude(name="points.changed").values_list("name", flat=True)
    assert list(names) == ["catalog.published"]


def test_a_store_imports_in_less_than_two_seconds(load: Load, slug: str) -> None:
    started = time.perf_counter()
    load(demo(slug))
    assert time.perf_counter() - started < 2.0


def test_the_number_of_statements_does_not_grow_with_the_rows(load: Load, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(90):
        load(demo("pizzaria-forno"))
    with django_assert_max_num_queries(60):
        load(demo("pizzaria-forno"))


def test_it_keeps_what_the_file_says_in_the_right_columns(load: Load) -> None:
    load(demo("pizzaria-forno"))
    store = models.Store.objects.get(slug="pizzaria-forno")
    assert store.pizza is not None
    assert store.service_charge == {"rate": "10.00", "services": ["dine_in"], "optional": True}
    assert store.whatsapp_number == "+5563999990300"
    with scope(store.pk):
        flavour = models.Product.objects.get(slug="mussarela")
        assert flavour.flavour_prices["grande"] == "56.90"
        assert flavour.attributes == {"faixa": "tradicional", "vegetariano": True}
        outlet = models.Outlet.objects.get()
        assert (outlet.latitude, outlet.longitude) == (-23.5617, -46.6896)
        assert models.SpecialDay.objects.count() == 3
        assert models.DeliveryZone.objects.filter(kind="polygon").count() == 3
        assert models.ComboChoiceFlavour.objects.filter(choice__slot__combo__slug="combo-sexta-em-casa").count() == 7


def test_it_keeps_nested_options_windows_and_overrides(load: Load) -> None:
    load(demo("ce-saladas"))
    load(demo("warung-nusantara"))
    with scope(models.Store.objects.get(slug="ce-saladas").pk):
        assert models.OptionOpens.objects.exists()
        assert models.DeliveryZone.objects.get(slug="204-sul").rule == {"city": "Palmas", "aliases": ["arse 21"]}
        paused = models.Product.objects.get(slug="salada-oriental")
        assert paused.paused_until is not None
        assert paused.paused_until.isoformat() == "2026-12-01T13:30:00+00:00"
    with scope(models.Store.objects.get(slug="warung-nusantara").pk):
        assert models.OutletOverride.objects.count() == 6
        assert models.ProductOutlet.objects.exists()


def test_it_keeps_parcels_taxes_and_sales(load: Load) -> None:
    load(demo("naturwest"))
    store = models.Store.objects.get(slug="naturwest")
    assert store.store_type == "retail"
    with scope(store.pk):
        assert models.ShippingZone.objects.get(slug="de").tiers[0] == {"max_g": 2000, "price": "4.90"}
        assert (
            models.Product.objects.exclude(sale=None).count() + models.Variant.objects.exclude(sale=None).count() == 1
        )
        assert models.Product.objects.exclude(tax_code="").count() == 42


def test_it_says_what_has_no_table_yet(load: Load) -> None:
    assert load(demo("warung-nusantara")).kept_for_later[:2] == [
        "channel_accounts (2)",
        "orders (15)",
    ]


def test_distance_delivery_is_one_zone(load: Load) -> None:
    load(demo("pastita"))
    with scope(models.Store.objects.get(slug="pastita").pk):
        zone = models.DeliveryZone.objects.get()
    assert zone.fee == Decimal("8.00")
    assert zone.rule == {"flat_km": "3.00", "per_km": "1.60", "max_fee": "22.00", "max_km": "14.00"}
