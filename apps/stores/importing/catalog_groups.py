"""What products are sorted into: categories (nested) and product types with their typed attributes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import Attribute, AttributeKind, Category, ProductType


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """Columns and parent by slug."""

    fields: dict[str, dict[str, Any]]
    parents: dict[str, str]


def read_categories(source: Source) -> Categories:
    """All categories; a category is never inside itself."""
    rows = unique(source.rows("categories"))
    parents = {slug: row.reference("parent", rows, "categories", required=False) for slug, row in rows.items()}
    for slug, row in rows.items():
        if _is_inside_itself(slug, parents):
            row.error("parent", _("“%(slug)s” is inside itself") % {"slug": slug})
    return Categories(
        fields={slug: _category(slug, row, index) for index, (slug, row) in enumerate(rows.items())}, parents=parents
    )


def _is_inside_itself(slug: str, parents: dict[str, str]) -> bool:
    seen, above = set(), parents[slug]
    while above and above not in seen:
        if above == slug:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _category(slug: str, row: Row, index: int) -> dict[str, Any]:
    row.raw("stations")  # read by the kitchen's handler
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "position": row.integer("position", index),
        "seo": row.plain("seo"),
        "translations": row.plain("translations"),
    }
    return row.check(Category, fields)


def write_categories(plan: Categories, world: World) -> None:
    """All rows in one statement: ids are made here, so a child can name its parent before either is written."""
    known = {row.slug: row for row in Category.objects.filter(slug__in=plan.fields)}
    ids = {slug: known[slug].pk if slug in known else Category._meta.pk.get_default() for slug in plan.fields}
    wanted = {
        slug: {"id": ids[slug], "parent_id": ids[plan.parents[slug]] if plan.parents[slug] else None, **fields}
        for slug, fields in plan.fields.items()
    }
    tally = world.report.tally("categories")
    world.categories = sync(Category, known.values(), wanted, key=lambda row: row.slug, tally=tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """Types by slug, attributes by (type, slug). `attributes` are also what products are checked against."""

    types: dict[str, dict[str, Any]]
    attributes: dict[str, dict[str, dict[str, Any]]]


def read_types(source: Source) -> Types:
    """All product types."""
    rows = unique(source.rows("product_types"))
    types = {
        slug: row.check(ProductType, {"slug": slug, "name": row.text("name", required=True)})
        for slug, row in rows.items()
    }
    attributes = {}
    for slug, row in rows.items():
        inner = unique(row.rows("attributes"))
        attributes[slug] = {name: _attribute(name, item, index) for index, (name, item) in enumerate(inner.items())}
    return Types(types=types, attributes=attributes)


def _attribute(slug: str, row: Row, index: int) -> dict[str, Any]:
    kind, choices = row.choice("type", AttributeKind.values), row.texts("choices")
    if kind == AttributeKind.CHOICE and not choices:
        row.error("choices", _("a choice needs something to choose from"))
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "kind": kind,
        "choices": choices,
        "unit": row.text("unit"),
        "required": row.flag("required"),
        "filterable": row.flag("filterable"),
        "position": index,
    }
    return row.check(Attribute, fields, kind="type")


def write_types(plan: Types, world: World) -> None:
    """Types, then their attributes."""
    existing = ProductType.objects.filter(slug__in=plan.types)
    world.types = sync(
        ProductType, existing, plan.types, key=lambda row: row.slug, tally=world.report.tally("product types")
    )
    wanted: dict[tuple[UUID, str], dict[str, Any]] = {}
    for slug, inner in plan.attributes.items():
        owner = world.types[slug].pk
        wanted |= {(owner, name): {"product_type_id": owner, **fields} for name, fields in inner.items()}
    known = Attribute.objects.filter(product_type__in=[row.pk for row in world.types.values()])
    tally = world.report.tally("attributes")
    sync_children(Attribute, known, wanted, key=lambda row: (row.product_type_id, row.slug), tally=tally)
