"""What readers and writers of the sections work with: the file being read, and the store being written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.stores.importing.errors import Errors
from apps.stores.importing.report import Report
from apps.stores.importing.row import Reader, Row
from apps.stores.models import Category, Combo, ModifierGroup, Outlet, Product, ProductType, Store, Variant


@dataclass(slots=True)
class Source:
    """A document with its readers. `root` is the whole file as a row."""

    document: Mapping[str, Any]
    errors: Errors
    reader: Reader
    root: Row
    _slugs: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Source":
        """The source of a document that `reading.check_document` let pass."""
        errors = Errors()
        reader = Reader(errors)
        source = cls(document=document, errors=errors, reader=reader, root=reader.row(document, ""))
        source.root.raw("format")
        return source

    def rows(self, section: str) -> list[Row]:
        """The rows of a top-level list."""
        return self.root.rows(section)

    def slugs(self, section: str) -> Collection[str]:
        """The slugs of a top-level list: what other rows may refer to."""
        if section not in self._slugs:
            self._slugs[section] = slugs_in(self.document.get(section))
        return self._slugs[section]


def slugs_in(rows: Any) -> frozenset[str]:
    """The slugs of a raw list of objects, whatever else is wrong with them."""
    if not isinstance(rows, list):
        return frozenset()
    found = (row.get("slug") for row in rows if isinstance(row, Mapping))
    return frozenset(slug for slug in found if isinstance(slug, str))


def unique(rows: Iterable[Row], key: str = "slug") -> dict[str, Row]:
    """The rows by slug (or another text key); a row without one, or with one that is taken, is an error and left out."""
    found: dict[str, Row] = {}
    for row in rows:
        name = row.slug(key) if key == "slug" else row.text(key, required=True)
        if name in found:
            row.error(
                key, _("“%(value)s” is already used by %(path)s") % {"value": name[:60], "path": found[name].path}
            )
        elif name:
            found[name] = row
    return found


@dataclass(slots=True, kw_only=True)
class World:
    """The store in scope while it is written: rows by slug, filled in as the sections are written, in their order."""

    store: Store
    actor: Actor
    report: Report
    errors: Errors
    password: str | None = None
    outlets: dict[str, Outlet] = field(default_factory=dict)
    types: dict[str, ProductType] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    groups: dict[str, ModifierGroup] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    variants: dict[tuple[str, str], Variant] = field(default_factory=dict)
    combos: dict[str, Combo] = field(default_factory=dict)
