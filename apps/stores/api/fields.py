"""Serializer building blocks of the staff API: references inside the store, JSON columns, pictures, stock."""

import re
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.ids import parse_uuid
from apps.core.scope import ScopedModel
from apps.stores.api.shapes import SHAPES, json_field

M = TypeVar("M", bound=models.Model)
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
MISSING = _("There is no such thing in this store.")
MAX_REFERENCES = 500


@extend_schema_field({"type": "string", "description": "Id; a slug is accepted too."})
class RelatedById(serializers.PrimaryKeyRelatedField[Any]):
    """A reference by id or slug, looked up in the scope: what is not of this store is `not_found`."""

    default_error_messages: ClassVar[dict[str, Any]] = {"not_found": MISSING}

    def to_internal_value(self, data: Any) -> Any:
        """The row."""
        rows = self.get_queryset()
        assert rows is not None
        lookup = reference(data, rows.model)
        row = rows.filter(**lookup).first() if lookup else None
        if row is None:
            self.fail("not_found")
        return row


def reference(data: Any, model: type[models.Model]) -> dict[str, Any] | None:
    """How to look up what `data` names; None when it cannot name anything."""
    pk = parse_uuid(data)
    if pk is not None:
        return {"pk": pk}
    return {"slug": data} if _slug_names_one(model) and isinstance(data, str) and SLUG.fullmatch(data) else None


def _slug_names_one(model: type[models.Model]) -> bool:
    """Whether slugs are unique in the store (those of variants and options are so only in their product or group)."""
    constraints = (c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))
    return any(set(constraint.fields) == {"store", "slug"} for constraint in constraints)


@extend_schema_field({"type": "array", "items": {"type": "string", "description": "Id; a slug is accepted too."}})
class RelatedList(serializers.Field[Any, Any, Any, Any]):
    """An ordered list of references kept in a link table. Reads `links` (prefetched), writes rows of `model`."""

    def __init__(self, *, model: type[ScopedModel], links: str, key: str, **kwargs: Any) -> None:
        self.model, self.links, self.key = model, links, key
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """The link rows, in order."""
        rows = list(getattr(instance, self.links).all())
        return sorted(rows, key=lambda row: getattr(row, "position", 0))

    def to_representation(self, value: Any) -> list[Any]:
        """Ids."""
        return [getattr(row, self.key) for row in value]

    def to_internal_value(self, data: Any) -> list[Any]:
        """Rows in the order given; one query. Doubles and strangers are errors of their index."""
        if not isinstance(data, list) or len(data) > MAX_REFERENCES:
            raise serializers.ValidationError(_("Must be a list of ids."), code="not_a_list")
        lookups = [reference(item, self.model) or {} for item in data]
        wanted = models.Q(pk__in=[x["pk"] for x in lookups if "pk" in x])
        if slugs := [x["slug"] for x in lookups if "slug" in x]:
            wanted |= models.Q(slug__in=slugs)
        found = list(self.model.objects.filter(wanted)) if data else []
        by_name = {row.pk: row for row in found} | {getattr(row, "slug", None): row for row in found}
        rows = [by_name.get(next(iter(x.values()), "")) for x in lookups]
        errors = {str(n): [_error(row, rows[:n])] for n, row in enumerate(rows) if row is None or row in rows[:n]}
        if errors:
            raise serializers.ValidationError(errors)
        return rows


def _error(row: Any, before: list[Any]) -> serializers.ErrorDetail:
    if row is None:
        return serializers.ErrorDetail(str(MISSING), code="not_found")
    return serializers.ErrorDetail(str(_("Named twice.")), code="unique")


class RowSerializer(serializers.ModelSerializer[M]):
    """A model serializer that only checks shapes: uniqueness is the database's word, given by the services."""

    serializer_related_field = RelatedById

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """JSON columns say what is in them."""
        kind, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.JSONField):
            kind = next((json_field(check) for check in model_field.validators if check in SHAPES), kind)
        return kind, kwargs

    def get_validators(self) -> list[Any]:
        """None: DRF's would look before the insert, and cannot see the store."""
        return []

    def get_unique_together_validators(self) -> list[Any]:
        """None, for the same reason."""
        return []


@extend_schema_field(OpenApiTypes.BINARY)
class Upload(serializers.FileField):
    """An uploaded file; what it really is, is found out by `services.images`."""


def image_url(serializer: serializers.BaseSerializer[Any], file: Any) -> str | None:
    """The absolute address of a stored picture; None when there is none."""
    if not file:
        return None
    request = serializer.context.get("request")
    return str(request.build_absolute_uri(file.url)) if request else str(file.url)
