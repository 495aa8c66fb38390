"""Promotions and price lists of a file: in the tables once, told by path when they are wrong."""

from typing import Any

import pytest

from apps.core.actors import system
from apps.core.scope import scope
from apps.stores import models
from apps.stores.services import promotion as offers
from apps.stores.tests.importing.conftest import Load, Refuse
from apps.stores.tests.importing.documents import demo
from apps.stores.tests.pricing.from_file import catalog_of


def promoted(**changes: Any) -> dict[str, Any]:
    document = demo("naturwest")
    document["promotions"][0] |= changes
    return document


@pytest.mark.parametrize("slug", ["ce-saladas", "naturwest", "pastita", "pizzaria-forno", "warung-nusantara"])
def test_every_promotion_of_the_demo_stores_arrives_as_it_is_written(load: Load, slug: str) -> None:
    load(demo(slug))
    written = {row.slug: row for row in catalog_of(slug).promotions}
    with scope(models.Store.objects.get(slug=slug).pk):
        kept = {row.slug: row for row in models.Promotion.objects.all()}
        for name, rule in written.items():
            row = kept[name]
            assert (row.kind, row.code, row.value, row.buy, row.get) == (
                rule.kind, rule.code or "", rule.value, rule.buy, rule.get,
            )  # fmt: skip
            assert (row.since, row.until, row.starts, row.ends) == (rule.since, rule.until, rule.starts, rule.ends)
            assert {link.category.slug for link in row.category_links.all()} == rule.scope.categories
            assert {link.product.slug for link in row.product_links.all()} == rule.scope.products
            assert {(part.product.slug, part.quantity) for part in row.items.all()} == {
                (part.product_id, part.quantity) for part in rule.items
            }
    assert kept.keys() == written.keys()


def test_a_second_import_changes_nothing_and_keeps_what_the_shop_made_itself(load: Load) -> None:
    load(demo("naturwest"))
    store = models.Store.objects.get(slug="naturwest")
    with scope(store.pk):
        offers.create(actor=system("t"), values={"name": "Own", "kind": "percentage", "value": 5})
    again = load(demo("naturwest"))
    assert not again.changed
    with scope(store.pk):
        assert models.Promotion.objects.count() == 8
        members = models.PriceListMember.objects.select_related("customer", "price_list")
        assert sorted(row.price_list.slug for row in members) == ["gastro", "handel", "handel"]
        assert members.count() == 3
        assert models.PriceListPrice.objects.count() == 3


def test_what_a_file_takes_out_of_a_promotion_is_gone(load: Load) -> None:
    load(demo("naturwest"))
    load(promoted(scope={"products": ["seife-lavendel"]}))
    with scope(models.Store.objects.get(slug="naturwest").pk):
        assert models.Promotion.objects.get(slug="seifen-3-fuer-2").product_links.count() == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "gift"}, "promotions[0].kind"),
        ({"buy": 0}, "promotions[0].buy"),
        ({"get": "1"}, "promotions[0].get"),
        ({"code": "TEEZEIT20"}, "promotions[2].code"),
        ({"code": "A B"}, "promotions[0].code"),
        ({"scope": {"products": ["nothing"]}}, "promotions[0].scope.products[0]"),
        ({"outlets": ["nowhere"]}, "promotions[0].outlets[0]"),
        ({"weekdays": ["someday"]}, "promotions[0].weekdays[0]"),
        ({"from": "6pm"}, "promotions[0].from"),
        ({"starts": "2026-02-02", "ends": "2026-01-01"}, "promotions[0].ends"),
        ({"kind": "percentage", "value": "101"}, "promotions[0].value"),
        ({"kind": "bundle", "value": "5"}, "promotions[0].items"),
        ({"channels": ["fax"]}, "promotions[0].channels[0]"),
        ({"total_limit": 0}, "promotions[0].total_limit"),
    ],
)
def test_it_tells_what_is_wrong_with_a_promotion(refuse: Refuse, changes: dict[str, Any], path: str) -> None:
    assert path in refuse(promoted(**changes))


def test_it_tells_what_is_wrong_with_a_price_list(refuse: Refuse) -> None:
    document = demo("naturwest")
    document["price_lists"][0]["percentage"] = "101"
    document["price_lists"][0]["prices"][0]["product"] = "nothing"
    document["customers"][7]["company"]["price_list"] = "nobody"
    assert set(refuse(document)) == {
        "price_lists[0].percentage", "price_lists[0].prices[0].product", "customers[7].company.price_list",
    }  # fmt: skip
