"""Shapes of categories and product types."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.stores.api.fields import RowSerializer
from apps.stores.models import Attribute, Category, ProductType


class CategorySerializer(RowSerializer[Category]):
    """A section of the menu. `image` is read here and written at `…/image/`."""

    image = serializers.FileField(read_only=True, allow_null=True)
    products_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Category
        fields = [
            "id", "parent", "slug", "name", "description", "image", "position", "is_active", "seo", "translations",
            "products_count", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class AttributeSerializer(RowSerializer[Attribute]):
    """A typed field of a product type; recognised by its slug."""

    class Meta:
        model = Attribute
        fields = ["id", "slug", "name", "kind", "choices", "unit", "required", "filterable"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class ProductTypeSerializer(RowSerializer[ProductType]):
    """A type with all its attributes, in order. A write of `attributes` replaces the list."""

    attributes = AttributeSerializer(many=True, required=False)

    class Meta:
        model = ProductType
        fields = ["id", "slug", "name", "icon", "attributes"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}
