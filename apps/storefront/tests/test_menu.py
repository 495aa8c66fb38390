"""The menu's view of a catalog document, without a database."""

from typing import Any

from django.utils import translation

from apps.storefront import menu

FOOD = {
    "id": "c1",
    "slug": "food",
    "name": "Essen",
    "position": 2,
    "parent": None,
    "translations": {"en": {"name": "Food"}},
}
DRINKS = {"id": "c2", "slug": "drinks", "name": "Getränke", "position": 1, "parent": None}
JUICES = {"id": "c3", "slug": "juices", "name": "Säfte", "position": 1, "parent": "c2"}


def product(**values: Any) -> dict[str, Any]:
    base = {
        "id": "p1",
        "slug": "tea",
        "name": "Tee",
        "kind": "simple",
        "price": 4,
        "category": {"id": "c1"},
        "category_slug": "food",
    }
    return base | values


def catalog(*products: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"categories": [FOOD, JUICES, DRINKS], "products": list(products)} | values


def test_sections_follow_the_stores_order_with_children_after_their_parent() -> None:
    made = menu.sections(
        catalog(product(), product(id="p2", category_slug="juices"), product(id="p3", category_slug="drinks")), "de"
    )
    assert [(section.slug, section.parent) for section in made] == [
        ("drinks", ""),
        ("juices", "Getränke"),
        ("food", ""),
    ]


def test_categories_without_anything_are_left_out() -> None:
    assert [section.slug for section in menu.sections(catalog(product()), "de")] == ["food"]


def test_a_product_of_no_category_is_not_lost() -> None:
    with translation.override("en"):
        made = menu.sections(catalog(product(category=None, category_slug="gone")), "en")
    assert [section.name for section in made] == ["More"]


def test_names_are_in_the_language_of_the_page_where_the_store_has_translated_them() -> None:
    tea = product(translations={"en": {"name": "Tea"}})
    (section,) = menu.sections(catalog(tea), "en")
    assert (section.name, section.cards[0].name) == ("Food", "Tea")
    (section,) = menu.sections(catalog(tea), "de")
    assert (section.name, section.cards[0].name) == ("Essen", "Tee")


def test_a_pizza_costs_from_its_cheapest_flavour() -> None:
    flavours = [{"id": "f1", "slug": "m", "name": "M", "category": {"id": "c1"}, "prices": {"s": 29.9, "l": 56.9}}]
    made = menu.sections(catalog(product(kind="pizza", price=None), flavours=flavours), "de")
    pizza, flavour = made[0].cards
    assert (pizza.price, pizza.price_from) == (29.9, True)
    assert (flavour.href, flavour.price) == ("#/f/m", 29.9)


def test_placeholders_carry_the_letter_that_tells_dishes_apart() -> None:
    rondelli = menu.Placeholder(tone=0, category="Rondelli")
    assert rondelli.letter("Rondelli de Frango com Requeijão") == "F"
    assert rondelli.letter("Rondelli") == "R"
    assert menu.Placeholder(tone=0, category="Saladas").letter("Salada Caesar") == "C"
    assert menu.Placeholder(tone=0, category="").letter("!!") == "•"


def test_the_last_units_are_announced() -> None:
    with translation.override("en"):
        (section,) = menu.sections(catalog(product(stock_quantity=3)), "en")
    assert section.cards[0].tags == ["Last ones"]


def test_reasons_are_words_for_people() -> None:
    with translation.override("en"):
        assert menu.reason_text("outside_hours") == "Not at this hour"
        assert menu.reason_text("something_new") == "Unavailable now"
        assert menu.reason_text("Back at noon") == "Back at noon"
