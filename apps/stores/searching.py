"""Search without accents or capitals: what is kept in `Product.folded`, and how a query is compared with it."""

from collections.abc import Iterable

from apps.stores.pricing.geo import fold

MAX_LENGTH = 400  # of the column


def search_text(name: str, sku: str, barcode: str, tags: Iterable[str]) -> str:
    """The text a product is found by: name first (it also sorts), then codes and tags."""
    return fold(" ".join([name, sku, barcode, *tags]))[:MAX_LENGTH]


def search_words(query: str) -> list[str]:
    """The folded words of a query; a product is found when it has all of them."""
    return fold(query).split()[:8]
