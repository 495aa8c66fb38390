"""A file much larger than the demo's: an owner with thousands of products must not wait for minutes."""

from typing import Any

from apps.stores.tests.importing.conftest import Load, Refuse
from apps.stores.tests.importing.documents import corner

PRODUCTS = 3_000


def many(price: str) -> list[dict[str, Any]]:
    row = corner()["products"][0]
    return [
        {**row, "slug": f"p-{index}", "sku": f"P{index}", "name": f"Produto {index}", "price": price}
        for index in range(PRODUCTS)
    ]


def test_thousands_of_products_come_in_at_once(load: Load) -> None:
    assert load(corner(products=many("7.50"))).tallies["products"].created == PRODUCTS
    assert not load(corner(products=many("7.50"))).changed
    assert load(corner(products=many("8.00"))).tallies["products"].updated == PRODUCTS


def test_thousands_of_errors_are_all_told(refuse: Refuse) -> None:
    assert len(refuse(corner(products=many("sete")))) == PRODUCTS
