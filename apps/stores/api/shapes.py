"""What the JSON columns look like in the OpenAPI document, by the validator that guards each of them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.stores.models import Channel, offer_validators, validators, validators_when

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
DAY: Schema = {"type": "string", "enum": list(validators.WEEKDAYS)}
SERVICE: Schema = {"type": "string", "enum": sorted(validators.SERVICES)}
AMOUNT: Schema = {"type": ["number", "string"]}
WHOLE: Schema = {"type": "integer"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _object(*required: str, **properties: Schema) -> Schema:
    """An object; Python's `from_` stands for the word `from`."""
    shown = {name.removesuffix("_"): schema for name, schema in properties.items()}
    return {"type": "object", "properties": shown} | ({"required": list(required)} if required else {})


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


INTERVALS = _list({"type": "array", "items": TIME, "minItems": 2, "maxItems": 2})
PART = _object("slug", "name", slug=TEXT, name=TEXT, prices=_map(AMOUNT), max_flavours=WHOLE)
TAX_RATE = _object("code", "rate", code=TEXT, name=TEXT, rate=AMOUNT)
POINT: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}

SHAPES: dict[Callable[[Any], None], Schema] = {
    validators.is_object: {"type": "object", "additionalProperties": {}},
    validators.texts: _list(TEXT),
    validators.languages: _list({"type": "string", "enum": sorted(validators.LANGUAGES)}),
    validators.services: _list(SERVICE),
    offer_validators.weekdays: _list(DAY),
    offer_validators.channels: _list({"type": "string", "enum": sorted(Channel.values)}),
    validators.price_map: _map(AMOUNT),
    validators.min_order: _map(AMOUNT),
    validators.intervals: INTERVALS,
    validators.week: _map(INTERVALS),
    validators.windows: _list(_object(weekdays=_list(DAY), from_=TIME, to=TIME, services=_list(SERVICE))),
    validators.sale: _object(
        "price",
        price=AMOUNT,
        starts=TEXT | {"format": "date"},
        ends=TEXT | {"format": "date"},
        weekdays=_list(DAY),
        from_=TIME,
        to=TIME,
    ),
    validators.tiers: _list(_object("max_g", "price", max_g=WHOLE, price=AMOUNT)),
    validators.zone_rule: _object(
        city=TEXT,
        aliases=_list(TEXT),
        flat_km=AMOUNT,
        per_km=AMOUNT,
        far_km=AMOUNT,
        far_per_km=AMOUNT,
        max_fee=AMOUNT,
        max_km=AMOUNT,
        polygon=_list(POINT),
        from_km=AMOUNT,
        to_km=AMOUNT,
        ranges=_list(_list(TEXT)),
    ),
    validators.payment_methods: _list(
        _object("method", method={"type": "string", "enum": sorted(validators.METHODS)}, services=_list(SERVICE))
    ),
    validators.service_charge: _object("rate", rate=AMOUNT, services=_list(SERVICE), optional={"type": "boolean"}),
    validators.tax: _object(
        "mode",
        mode={"type": "string", "enum": ["included", "added"]},
        rates=_list(TAX_RATE),
        default=_or_null(TEXT),
        delivery=_or_null(TEXT),
    ),
    validators.pizza: _object(
        "price_rule",
        price_rule={"type": "string", "enum": ["highest", "average", "sum"]},
        sizes=_list(PART),
        crusts=_list(PART),
        edges=_list(PART),
    ),
    validators.scheduling: _object(
        *("slot_minutes", "lead_minutes", "max_days", "orders_per_slot"),
        **dict.fromkeys(("slot_minutes", "lead_minutes", "max_days", "orders_per_slot"), WHOLE),
    ),
}


SHAPES[validators_when.service_weeks] = _map(SHAPES[validators.week])
SHAPES[validators_when.service_intervals] = _map(INTERVALS)
_SLOTS = dict.fromkeys(validators.SCHEDULING, WHOLE)
SHAPES[validators_when.outlet_scheduling] = _object(**_SLOTS, services=_map(_or_null(_object(**_SLOTS))))


@cache
def json_field(validator: Callable[[Any], None]) -> type[serializers.JSONField]:
    """A JSON serializer field that is documented as what `validator` accepts."""
    field = type("ShapedField", (serializers.JSONField,), {})
    documented: type[serializers.JSONField] = extend_schema_field(SHAPES[validator])(field)
    return documented
