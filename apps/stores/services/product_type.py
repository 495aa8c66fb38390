"""Product types and their typed attributes, and the check of a product's values against them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict, Invalid, Text
from apps.stores.models import Attribute, AttributeKind, Product, ProductType
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import Values, assign, free_slug, insert, remove, settings_fact, update, wrong

MAX_TEXT = 500
MAX_ATTRIBUTES = 40


def create(*, actor: Actor, values: Values, attributes: Sequence[Values] = ()) -> ProductType:
    """A new type with its attributes."""
    row = ProductType()
    with catalog_unit(actor=actor) as publish:
        assign(row, values)
        row.slug = row.slug or free_slug(ProductType.objects.all(), row.name)
        insert(row)
        _set_attributes(row, attributes)
        settings_fact("product_type.created", row.pk, actor=actor)
        publish()
    return row


def change(
    *, product_type: ProductType, actor: Actor, values: Values, attributes: Sequence[Values] | None = None
) -> ProductType:
    """Change a type. `attributes`, when given, is the whole new list: rows are recognised by slug, the others go.

    Raises 409 `attribute_in_use` when the kind of an attribute changes that products have values for.
    """
    with catalog_unit(actor=actor) as publish:
        changed = assign(product_type, values)
        update(product_type, changed)
        if attributes is not None:
            _set_attributes(product_type, attributes)
            changed.append("attributes")
        if changed:
            settings_fact("product_type.updated", product_type.pk, actor=actor, changed=changed)
            publish()
    return product_type


def delete(*, product_type: ProductType, actor: Actor) -> None:
    """Delete a type no product has. Raises 409 `in_use`."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("product_type.deleted", product_type.pk, actor=actor)
        remove(product_type)
        publish()


def _set_attributes(product_type: ProductType, wanted: Sequence[Values]) -> None:
    if len(wanted) > MAX_ATTRIBUTES:
        raise wrong("attributes", _("At most 40 attributes."))
    old = {row.slug: row for row in Attribute.objects.filter(product_type=product_type)}
    seen: set[str] = set()
    for position, values in enumerate(wanted):
        slug = values.get("slug") or free_slug(Attribute.objects.none(), str(values.get("name", "")))
        if slug in seen:
            raise wrong(f"attributes.{position}.slug", _("This is already in use."), "unique")
        seen.add(slug)
        _set_attribute(product_type, old.get(slug), {**values, "slug": slug, "position": position}, position)
    for slug in set(old) - seen:
        remove(old[slug])
        drop_values(product_type, slug)


def drop_values(product_type: ProductType, slug: str) -> None:
    """Products lose the value together with the field: `attributes - 'slug'`."""
    left = Func(F("attributes"), Value(slug), template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
    Product.objects.filter(product_type=product_type, attributes__has_key=slug).update(attributes=left)


def _set_attribute(product_type: ProductType, row: Attribute | None, values: Values, index: int) -> None:
    if values.get("kind") == AttributeKind.CHOICE and not values.get("choices"):
        raise wrong(f"attributes.{index}.choices", _("Name at least one choice."), "required")
    if row is None:
        row = Attribute(product_type=product_type)
        assign(row, values)
        insert(row)
        return
    changed = assign(row, values)
    if "kind" in changed and Product.objects.filter(product_type=product_type, attributes__has_key=row.slug).exists():
        raise Conflict(
            "attribute_in_use", _("Products have values for “%(name)s”; its kind cannot change.") % {"name": row.name}
        )
    update(row, changed)


def check_values(product_type: ProductType | None, values: Mapping[str, Any]) -> None:
    """Check a product's attribute values against its type. Raises `Invalid` with errors under `attributes.<slug>`."""
    known = {row.slug: row for row in Attribute.objects.filter(product_type=product_type)} if product_type else {}
    errors: dict[str, list[Text]] = {}
    for slug in values:
        if slug not in known:
            errors[f"attributes.{slug}"[:80]] = [_("The product type has no such attribute.")]
    for slug, attribute in known.items():
        problem = _value_problem(attribute, values.get(slug))
        if problem is not None:
            errors[f"attributes.{slug}"] = [problem]
    if errors:
        raise Invalid("invalid_attributes", _("Some attributes are missing or of the wrong kind."), errors=errors)


def _value_problem(attribute: Attribute, value: Any) -> Text | None:
    if value is None or value == "":
        return _("This attribute is required.") if attribute.required else None
    fits = {
        AttributeKind.TEXT: isinstance(value, str) and len(value) <= MAX_TEXT,
        AttributeKind.INTEGER: isinstance(value, int) and not isinstance(value, bool),
        AttributeKind.BOOLEAN: isinstance(value, bool),
        AttributeKind.CHOICE: value in attribute.choices,
    }[AttributeKind(attribute.kind)]
    return None if fits else _("Not a value of this attribute.")
