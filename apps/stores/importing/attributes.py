"""The values a product gives to the attributes of its type, each of the attribute's own kind."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing.row import Row
from apps.stores.models import AttributeKind

LONGEST_TEXT = 500


def read_attributes(row: Row, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Attribute → value, for the attributes of the product's type (`known`: slug → columns)."""
    values = row.child("attributes")
    if values is None:
        values = row.reader.row({}, row.at("attributes"))
    found = {slug: _value(values, slug, attribute) for slug, attribute in known.items() if values.has(slug)}
    for slug, attribute in known.items():
        if attribute["required"] and not values.has(slug):
            values.error(slug, _("is missing"))
    return found


def _value(row: Row, slug: str, attribute: Mapping[str, Any]) -> Any:
    match attribute["kind"]:
        case AttributeKind.INTEGER:
            return row.optional_integer(slug, low=-(2**53))
        case AttributeKind.BOOLEAN:
            return row.flag(slug)
        case AttributeKind.CHOICE:
            return row.choice(slug, attribute["choices"])
    text = row.text(slug)
    if len(text) > LONGEST_TEXT:
        row.error(slug, _("has more than %(limit)s characters") % {"limit": LONGEST_TEXT})
    return text
