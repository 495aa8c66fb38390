"""The menu as the page shows it: catalog document in, sections of cards out.

The document is the one the API serves (`GET S/catalog/`). Combos and pizza flavours are cards like products, so that the
menu reads as one list whatever a thing is underneath.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, normalize

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TONES = 8
LOW_STOCK = 5
STEM = 4
# What a shop means by its tags, in the languages of our stores; anything else stays off the card.
TAG_LABELS = {
    "mais pedido": gettext_lazy("Popular"),
    "terlaris": gettext_lazy("Popular"),
    "bestseller": gettext_lazy("Popular"),
    "popular": gettext_lazy("Popular"),
    "novidade": gettext_lazy("New"),
    "neu": gettext_lazy("New"),
    "baru": gettext_lazy("New"),
    "new": gettext_lazy("New"),
}
REASONS = {
    "product_paused": gettext_lazy("Sold out for now"),
    "out_of_stock": gettext_lazy("Sold out"),
    "outside_hours": gettext_lazy("Not at this hour"),
}


@dataclass(frozen=True)
class Placeholder:
    """What stands where a photo would: the tone of the category and the letter that tells dishes in it apart."""

    tone: int
    category: str

    def letter(self, name: str) -> str:
        """First letter of the first telling word: "Rondelli de Frango" among the rondelli is an F."""
        # By their beginnings: a "Salada" is no news among "Saladas".
        common = {fold(word)[:STEM] for word in self.category.split()}
        words = [word for word in name.split() if word[0].isalnum()]
        telling = [word for word in words if len(word) > 3 and word[0].isalpha() and fold(word)[:STEM] not in common]
        return (telling or words or ["•"])[0][0].upper()


@dataclass(frozen=True)
class Card:
    """One line of the menu. `price` is the lowest one when `price_from`; `direct` means that it needs no questions."""

    kind: str  # product, combo or flavour: the letter of its address
    id: str
    slug: str
    name: str
    description: str
    price: Any
    price_from: bool
    compare_at: Any
    available: bool
    reason: str
    tags: list[str]
    image: str
    tone: int
    initial: str
    direct: bool = False

    @property
    def href(self) -> str:
        """Address inside the page; the script opens its sheet."""
        return f"#/{self.kind[0]}/{self.slug}"


@dataclass(frozen=True)
class Section:
    """A category that has something in it. `parent` is the name of the category above, if any."""

    slug: str
    name: str
    description: str
    parent: str
    cards: list[Card] = field(default_factory=list)


def fold(text: str) -> str:
    """Lower case without accents, for comparing words."""
    return "".join(char for char in normalize("NFD", text.lower()) if not combining(char))


def text_of(item: Mapping[str, Any], key: str, language: str) -> str:
    """`item[key]` in the language of the page where the store has translated it."""
    translations = item.get("translations") or {}
    translated: Mapping[str, Any] = next(
        (texts for code, texts in translations.items() if code.lower().startswith(language[:2])), {}
    )
    return str(translated.get(key) or item.get(key) or "")


def sections(catalog: Mapping[str, Any], language: str) -> list[Section]:
    """Sections in the store's order, children after their parent, empty ones left out."""
    ordered = _in_tree_order(catalog.get("categories") or [])
    names = {str(category["id"]): text_of(category, "name", language) for category in ordered}
    tones = _tones(ordered)
    by_category: dict[str, list[Card]] = {}
    for category_key, card_kind, item in _items(catalog):
        key = _category_id(category_key, ordered)
        card = _card(card_kind, item, catalog, Placeholder(tones.get(key, 0), names.get(key, "")), language)
        by_category.setdefault(key, []).append(card)
    found = [
        Section(
            slug=str(category["slug"]),
            name=names[str(category["id"])],
            description=text_of(category, "description", language),
            parent=names.get(_category_id(category.get("parent"), ordered), ""),
            cards=by_category.get(str(category["id"]), []),
        )
        for category in ordered
    ]
    homeless = by_category.get("", [])
    extra = [Section(slug="more", name=_("More"), description="", parent="", cards=homeless)] if homeless else []
    return [section for section in found if section.cards] + extra


def _items(catalog: Mapping[str, Any]) -> Iterable[tuple[object, str, Mapping[str, Any]]]:
    for combo in catalog.get("combos") or []:
        yield combo.get("category_slug") or combo.get("category"), "combo", combo
    for product in catalog.get("products") or []:
        yield product.get("category_slug") or product.get("category"), "product", product
    for flavour in catalog.get("flavours") or []:
        yield flavour.get("category_slug") or flavour.get("category"), "flavour", flavour


def _card(kind: str, item: Mapping[str, Any], catalog: Mapping[str, Any], art: Placeholder, language: str) -> Card:
    lowest, several = _price(kind, item, catalog)
    available = bool(item.get("is_available", True))
    groups = item.get("modifier_groups") or []
    return Card(
        kind=kind,
        id=str(item["id"]),
        slug=str(item["slug"]),
        name=text_of(item, "name", language),
        description=text_of(item, "short_description", language) or text_of(item, "description", language),
        price=lowest,
        price_from=several,
        compare_at=item.get("compare_at_price"),
        available=available,
        reason="" if available else reason_text(item.get("unavailable_reason")),
        tags=_tags(item),
        image=str(item.get("main_image_url") or item.get("image_url") or ""),
        tone=art.tone,
        initial=art.letter(text_of(item, "name", language)),
        direct=kind == "product" and item.get("kind", "simple") == "simple" and not groups,
    )


def _price(kind: str, item: Mapping[str, Any], catalog: Mapping[str, Any]) -> tuple[Any, bool]:
    """Lowest price and whether there are dearer ones."""
    prices: list[Any] = []
    if kind == "flavour":
        prices = list((item.get("prices") or {}).values())
    elif item.get("kind") == "pizza":
        prices = [
            amount for flavour in catalog.get("flavours") or [] for amount in (flavour.get("prices") or {}).values()
        ]
    elif item.get("kind") == "variants":
        prices = [variant["price"] for variant in item.get("variants") or []]
    numbers = [amount for amount in prices if amount is not None]
    if not numbers:
        return item.get("price"), False
    return min(numbers), min(numbers) != max(numbers)


def reason_text(code: object) -> str:
    """Why something cannot be bought, in words; a sentence from the API is taken as it is."""
    if not code:
        return _("Unavailable now")
    text = REASONS.get(str(code))
    return str(text) if text is not None else (str(code) if " " in str(code) else _("Unavailable now"))


def _tags(item: Mapping[str, Any]) -> list[str]:
    labels = [str(TAG_LABELS[tag.lower()]) for tag in item.get("tags") or [] if str(tag).lower() in TAG_LABELS]
    stock = item.get("stock_quantity")
    if isinstance(stock, int) and 0 < stock <= LOW_STOCK:
        labels.append(_("Last ones"))
    return list(dict.fromkeys(labels))


def _in_tree_order(categories: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    rows = sorted(categories, key=lambda category: category.get("position") or 0)
    ordered: list[Mapping[str, Any]] = []

    def add(parent: str) -> None:
        for category in rows:
            if _category_id(category.get("parent"), rows) == parent and category not in ordered:
                ordered.append(category)
                add(str(category["id"]))

    add("")
    return ordered


def _category_id(key: object, categories: Iterable[Mapping[str, Any]]) -> str:
    """Id of the category that `key` (an id, a slug or an object with an id) names; empty for none or an unknown one."""
    wanted = str(key.get("id", "")) if isinstance(key, Mapping) else str(key or "")
    return next((str(c["id"]) for c in categories if wanted and wanted in (str(c["id"]), str(c["slug"]))), "")


def _tones(ordered: list[Mapping[str, Any]]) -> dict[str, int]:
    """A colour for each category's placeholders: neighbours differ, and it stays while the menu's order does."""
    return {str(category["id"]): place % TONES for place, category in enumerate(ordered)}
