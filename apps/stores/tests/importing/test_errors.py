"""A file with errors: every one is told with its place, and nothing is written."""

from typing import Any

import pytest

from apps.stores.tests.importing.conftest import Load, Refuse
from apps.stores.tests.importing.documents import corner, demo


def product(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {**corner()["products"][0], **changes}
    return {key: value for key, value in row.items() if value is not ...}


def test_it_tells_all_errors_and_not_only_the_first(refuse: Refuse) -> None:
    document = demo("pizzaria-forno")
    document["products"][3]["prices"]["grande"] = "53,90"
    document["products"][5]["category"] = "pizzas-salgada"
    document["outlets"][0]["hours"]["tue"] = [["18h", "00:30"]]
    document["staff"][1]["role"] = "boss"
    document["combos"][0]["slots"][1]["choices"][0]["product"] = "guarana-3l"
    document["customers"][0]["identities"][1]["value"] = "tereza"
    document["delivery"]["zones"][0]["polygon"] = [[0, 0]]
    problems = refuse(document)
    assert set(problems) == {
        "products[3].prices.grande",
        "products[5].category",
        "outlets[0].hours.tue[0]",
        "staff[1].role",
        "combos[0].slots[1].choices[0].product",
        "customers[0].identities[1].value",
        "delivery.zones[0].polygon",
    }
    assert "53.90" in problems["products[3].prices.grande"]
    assert "pizzas-salgadas" in problems["products[5].category"]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (product(price="7,50"), "products[0].price"),
        (product(price="-1"), "products[0].price"),
        (product(price="1e3"), "products[0].price"),
        (product(price=True), "products[0].price"),
        (product(price="7.555"), "products[0].price"),
        (product(price="99999999999"), "products[0].price"),
        (product(price=...), "products[0].price"),
        (product(slug="Coxinha de frango"), "products[0].slug"),
        (product(slug=5), "products[0].slug"),
        (product(slug="x" * 81), "products[0].slug"),
        (product(name="  "), "products[0].name"),
        (product(name="x" * 161), "products[0].name"),
        (product(sku=["a"]), "products[0].sku"),
        (product(kind="soup"), "products[0].kind"),
        (product(kind="flavour", price=...), "products[0].prices"),
        (product(kind="variants", price=...), "products[0].variants"),
        (product(kind="pizza", price=...), "products[0].kind"),
        (product(variants=[{"slug": "g", "sku": "g", "name": "G", "price": "9.00"}]), "products[0].variants"),
        (product(prices={"grande": "1.00"}), "products[0].prices"),
        (product(status="gone"), "products[0].status"),
        (product(paused_until="tomorrow"), "products[0].paused_until"),
        (product(paused_until="0001-01-01T00:00"), "products[0].paused_until"),
        (product(stock=-1), "products[0].stock"),
        (product(stock=2**31), "products[0].stock"),
        (product(stock=1.5), "products[0].stock"),
        (product(weight_g=2**40), "products[0].weight_g"),
        (product(tax="7"), "products[0].tax"),
        (product(tags="new"), "products[0].tags"),
        (product(tags=["new", "new"]), "products[0].tags[1]"),
        (product(modifier_groups=["molhos"]), "products[0].modifier_groups[0]"),
        (product(outlets=["norte"]), "products[0].outlets[0]"),
        (product(sale={"price": "5.00", "starts": "2026-02-30", "ends": "2026-03-01"}), "products[0].sale.starts"),
        (product(sale={"price": "5.00", "starts": "2026-03-02", "ends": "2026-03-01"}), "products[0].sale.ends"),
        (product(available=[{"from": "25:00"}]), "products[0].available[0].from"),
        (product(available=[{"weekdays": [{}]}]), "products[0].available[0].weekdays[0]"),
        (product(available=[{"services": ["fax"]}]), "products[0].available[0].services[0]"),
        ("coxinha", "products[0]"),
        (None, "products[0]"),
    ],
)
def test_a_wrong_product_is_named_by_its_path(refuse: Refuse, value: Any, path: str) -> None:
    assert path in refuse(corner(products=[value]))


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"outlets": []}, "outlets"),
        ({"outlets": {}}, "outlets"),
        ({"products": "many"}, "products"),
        ({"store": None}, "store"),
        ({"categories": [{"slug": "salgados", "name": "A", "parent": "salgados"}]}, "categories[0].parent"),
        ({"staff": [{"name": "Ana", "email": "ana", "role": "owner"}]}, "staff[0].email"),
        ({"customers": [{"id": "c1", "name": "Zé", "identities": []}]}, "customers[0].identities"),
        (
            {"customers": [{"id": "c1", "name": "Zé", "identities": [{"kind": "phone", "value": "12"}]}]},
            "customers[0].identities[0].value",
        ),
        ({"delivery": {"pricing": "distance", "distance": None}}, "delivery.distance"),
        ({"delivery": {"pricing": "neighbourhood"}}, "delivery.neighbourhoods"),
        (
            {"shipping": {"zones": [{"slug": "de", "name": "DE", "countries": ["DE"], "tiers": []}]}},
            "shipping.zones[0].tiers",
        ),
        ({"pizza": {"sizes": []}}, "pizza.sizes"),
        ({"outlet_overrides": [{"outlet": "norte", "product": "coxinha"}]}, "outlet_overrides[0].outlet"),
        (
            {
                "product_types": [
                    {
                        "slug": "comida",
                        "name": "C",
                        "attributes": [{"slug": "x", "name": "X", "type": "text", "required": True}],
                    }
                ]
            },
            "products[0].attributes.x",
        ),
    ],
)
def test_a_wrong_section_is_named_by_its_path(refuse: Refuse, sections: dict[str, Any], path: str) -> None:
    assert path in refuse(corner(**sections))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"slug": "stores"}, "store.slug"),
        ({"slug": "Café"}, "store.slug"),
        ({"currency": "reais"}, "store.currency"),
        ({"currency_decimals": 0}, "store.currency_decimals"),
        ({"timezone": "Palmas"}, "store.timezone"),
        ({"languages": ["tlh"]}, "store.languages[0]"),
        ({"services": []}, "store.services"),
        ({"payment_methods": [{"method": {}, "services": []}]}, "store.payment_methods[0].method"),
        ({"min_order": {"teleport": "1.00"}}, "store.min_order.teleport"),
        ({"branding": {"primary_color": "red"}}, "store.branding.primary_color"),
        ({"contact": {"email": "nobody"}}, "store.contact.email"),
        ({"service_charge": {"rate": "ten"}}, "store.service_charge.rate"),
        ({"tax": {"mode": "free"}}, "store.tax.mode"),
        ({"tax": {"mode": "added", "rates": [], "default": "7"}}, "store.tax.default"),
        ({"order_settings": {"prep_minutes": 99999}}, "store.order_settings.prep_minutes"),
    ],
)
def test_a_wrong_setting_is_named_by_its_path(refuse: Refuse, changes: dict[str, Any], path: str) -> None:
    assert path in refuse(corner(store={**corner()["store"], **changes}))


def test_the_second_use_of_a_name_points_at_the_first(refuse: Refuse) -> None:
    problems = refuse(corner(products=[product(), product(), product(slug="other")]))
    assert set(problems) == {"products[1].slug", "products[2].sku"}
    assert "products[0]" in problems["products[1].slug"]


def test_two_customers_cannot_share_a_phone_however_it_is_written(refuse: Refuse) -> None:
    rows = [
        {"id": str(index), "name": "Zé", "identities": [{"kind": "phone", "value": value}]}
        for index, value in enumerate(["+55 63 99999-0001", "(63) 9999-0001"])
    ]
    assert list(refuse(corner(customers=rows))) == ["customers[1].identities[0].value"]


def test_options_do_not_open_each_other_in_a_circle(refuse: Refuse) -> None:
    def group(slug: str, opens: str) -> dict[str, Any]:
        option = {"slug": "sim", "name": "Sim", "price": "0.00", "opens": [opens]}
        return {"slug": slug, "name": slug, "min": 0, "max": 1, "options": [option]}

    problems = refuse(corner(modifier_groups=[group("a", "b"), group("b", "a")]))
    assert set(problems) == {"modifier_groups[0].options", "modifier_groups[1].options"}


def test_four_levels_of_options_are_one_too_many(load: Load, refuse: Refuse) -> None:
    def group(slug: str, opens: list[str]) -> dict[str, Any]:
        option = {"slug": "sim", "name": "Sim", "price": "0.00", "opens": opens}
        return {"slug": slug, "name": slug, "min": 0, "max": 1, "options": [option]}

    three = [group("a", ["b"]), group("b", ["c"]), group("c", [])]
    assert set(refuse(corner(modifier_groups=[group("top", ["a"]), *three]))) == {"modifier_groups[0].options"}
    assert load(corner(modifier_groups=three)).changed


def test_an_unknown_key_is_a_warning_with_the_likely_word(load: Load) -> None:
    report = load(corner(products=[product(allergen=["leite"])]))
    assert [row.path for row in report.warnings] == ["products[0].allergen"]
    assert "allergens" in report.warnings[0].message


def test_an_sku_of_another_product_of_the_store_is_refused(load: Load, refuse: Refuse) -> None:
    load(corner())
    assert list(refuse(corner(products=[product(slug="kibe")]))) == ["products[0].sku"]


def test_identities_of_two_customers_are_not_one_customer(load: Load, refuse: Refuse) -> None:
    phone, email = {"kind": "phone", "value": "+5563999990001"}, {"kind": "email", "value": "ze@example.com"}
    load(
        corner(
            customers=[{"id": "a", "name": "A", "identities": [phone]}, {"id": "b", "name": "B", "identities": [email]}]
        )
    )
    merged = [{"id": "a", "name": "A", "identities": [phone, email]}]
    assert list(refuse(corner(customers=merged))) == ["customers[0].identities"]
