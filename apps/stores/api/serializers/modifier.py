"""Shapes of modifier groups and options."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.stores.api.fields import RelatedList, RowSerializer
from apps.stores.models import ModifierGroup, ModifierOption


class OptionSerializer(RowSerializer[ModifierOption]):
    """One answer; `opens` are the groups asked when it is chosen."""

    opens = RelatedList(model=ModifierGroup, links="opens", key="group_id", required=False)

    class Meta:
        model = ModifierOption
        fields = ["id", "slug", "name", "price", "max", "status", "paused_until", "position", "opens", "translations"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class GroupSerializer(RowSerializer[ModifierGroup]):
    """A question with all its options, in order. A write of `options` replaces the list; rows are recognised by slug."""

    options = OptionSerializer(many=True, required=False)
    products_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = ModifierGroup
        fields = ["id", "slug", "name", "min", "max", "options", "translations", "products_count"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}
