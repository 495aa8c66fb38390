"""Shapes of the store: my stores, opening one, its settings."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.money import exponent_of
from apps.stores.api.fields import RowSerializer, image_url
from apps.stores.models import Store

PICTURE = {"type": ["string", "null"], "format": "uri"}
CONTACT = ["phone", "whatsapp_number", "email", "website"]
BRAND = ["description", "tagline", "primary_color", "secondary_color"]


class MyStoreSerializer(RowSerializer[Store]):
    """A store I work in, and as what."""

    role = serializers.SerializerMethodField()
    logo_url = serializers.SerializerMethodField()
    banner_url = serializers.SerializerMethodField()

    class Meta:
        model = Store
        fields = [
            "id", "slug", "name", "store_type", "status", "role", "country", "currency", "timezone", "languages", "services",
            *BRAND, *CONTACT, "logo_url", "banner_url", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_role(self, store: Store) -> str:
        """My role there."""
        roles: dict[UUID, str] = self.context.get("roles", {})
        return roles.get(store.pk, "")

    @extend_schema_field(PICTURE)
    def get_logo_url(self, store: Store) -> str | None:
        """Absolute address, or null."""
        return image_url(self, store.logo)

    @extend_schema_field(PICTURE)
    def get_banner_url(self, store: Store) -> str | None:
        """Absolute address, or null."""
        return image_url(self, store.banner)


class NewStoreSerializer(RowSerializer[Store]):
    """What opening a store takes: a name. Everything else has a default for a restaurant in Brazil."""

    class Meta:
        model = Store
        fields = [
            "name", "slug", "legal_name", "store_type", "country", "languages", "currency", "timezone", "services", *BRAND, *CONTACT,
        ]  # fmt: skip
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class SettingsSerializer(RowSerializer[Store]):
    """Everything about a store that its people set. `logo` and `banner` are files in a multipart PATCH, addresses in answers."""

    logo = serializers.FileField(required=False, allow_null=True)
    banner = serializers.FileField(required=False, allow_null=True)
    currency_decimals = serializers.SerializerMethodField()

    class Meta:
        model = Store
        fields = [
            "id", "slug", "name", "legal_name", "store_type", "status", "country", "languages", "currency", "currency_decimals",
            "timezone", *BRAND, *CONTACT, "vat_number", "logo", "banner", "seo", "metadata", "services", "payment_methods", "min_order",
            "service_charge", "tax", "pizza", "auto_accept", "payment_expiry_minutes", "prep_minutes", "scheduling", "paused_until", "pause_reason",
            "delivery_fallback", "delivery_fallback_fee",
            "pix_key", "pix_name", "pix_city", "catalog_version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "status", "catalog_version", "created_at", "updated_at"]

    def get_currency_decimals(self, store: Store) -> int:
        """Decimals prices are rounded to."""
        return exponent_of(store.currency)


class StatusSerializer(serializers.Serializer[Any]):
    """Whether a store is on line."""

    status = serializers.CharField(read_only=True)


class PauseSerializer(serializers.Serializer[Any]):
    """For how long: minutes, or until a moment. Neither: until somebody resumes it."""

    minutes = serializers.IntegerField(min_value=1, max_value=366 * 24 * 60, required=False, allow_null=True)
    until = serializers.DateTimeField(required=False, allow_null=True)


class OrderOfIdsSerializer(serializers.Serializer[Any]):
    """Ids in their new order."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class UploadSerializer(serializers.Serializer[Any]):
    """A picture: JPEG, PNG or WebP, at most 8 MB and 40 megapixels."""

    image = serializers.FileField()
