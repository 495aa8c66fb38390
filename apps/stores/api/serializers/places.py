"""Shapes of the map endpoints: what may be asked, and what is answered."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.stores.api.serializers.cart import AddressIn


class PlaceIn(AddressIn):
    """An address, one line of it (`address`, or an object there), or a pin. A distance or fee sent along is not read."""

    address = serializers.JSONField(required=False, allow_null=True, help_text="One line, or an object like this one.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """An address below `address` counts like one written flat."""
        inner = data.get("address") if isinstance(data, dict) else None
        if isinstance(inner, dict):
            data = {**inner, **{name: value for name, value in data.items() if name != "address"}}
        elif isinstance(inner, str):
            data = {**data, "raw_address": inner, "address": None}
        elif inner is not None:
            raise serializers.ValidationError({"address": [_("Write the address as one line or as an object.")]})
        found: dict[str, Any] = super().to_internal_value(data)
        found.pop("address", None)
        if (found.get("lat") is None) != (found.get("lng") is None):
            missing = "lng" if found.get("lng") is None else "lat"
            raise serializers.ValidationError({missing: [_("A pin has both lat and lng.")]})
        return found


class AddressOut(serializers.Serializer[dict[str, Any]]):
    """An address as far as it is known."""

    street = serializers.CharField()
    number = serializers.CharField()
    neighborhood = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    zip_code = serializers.CharField()
    country = serializers.CharField()


class FeeOut(serializers.Serializer[dict[str, Any]]):
    """What delivery to an address costs, or why it is not brought there: `code`."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    is_within_area = serializers.BooleanField()
    fee = serializers.FloatField(allow_null=True)
    delivery_fee = serializers.FloatField(allow_null=True)
    zone = serializers.CharField(allow_null=True)
    zone_name = serializers.CharField(allow_null=True)
    delivery_zone = serializers.CharField(allow_null=True)
    distance_km = serializers.FloatField(allow_null=True)
    duration_minutes = serializers.IntegerField(allow_null=True)
    estimated_minutes = serializers.IntegerField(allow_null=True)
    estimated_days = serializers.IntegerField(allow_null=True)
    free_over = serializers.FloatField(allow_null=True)
    min_order = serializers.FloatField(allow_null=True)
    to_be_confirmed = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)
    address = AddressOut(allow_null=True)
    polyline = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    code = serializers.CharField(
        required=False,
        help_text="out_of_area, address_not_found, address_required, zip_unknown, geocoder_unavailable, zip_lookup_unavailable",
    )
    reason = serializers.CharField(required=False, help_text="not_offered, not_served, too_far")


class DestinationIn(serializers.Serializer[dict[str, Any]]):
    """Where a way ends."""

    dest_lat = serializers.FloatField(min_value=-90, max_value=90)
    dest_lng = serializers.FloatField(min_value=-180, max_value=180)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=60)


class RouteOut(serializers.Serializer[dict[str, Any]]):
    """A way from the outlet. `is_estimate`: nobody knows the roads, so it is as the crow flies."""

    distance_km = serializers.FloatField()
    duration_minutes = serializers.IntegerField()
    polyline = serializers.CharField(allow_blank=True, help_text="HERE flexible polyline, or empty")
    summary = serializers.CharField(allow_blank=True)
    is_estimate = serializers.BooleanField()


class SuggestIn(serializers.Serializer[dict[str, Any]]):
    """The beginning of an address."""

    q = serializers.CharField(max_length=200, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=10, default=5)


class SuggestionOut(serializers.Serializer[dict[str, Any]]):
    """What somebody may be about to type."""

    label = serializers.CharField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    title = serializers.CharField()
    address = AddressOut()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class SuggestionsOut(serializers.Serializer[dict[str, Any]]):
    """Best first."""

    suggestions = SuggestionOut(many=True)


class GeocodeIn(serializers.Serializer[dict[str, Any]]):
    """An address on one line."""

    address = serializers.CharField(max_length=300)
    country = serializers.RegexField(r"^[A-Za-z]{2}$", default="BR")


class ReverseIn(serializers.Serializer[dict[str, Any]]):
    """A point."""

    lat = serializers.FloatField(min_value=-90, max_value=90)
    lng = serializers.FloatField(min_value=-180, max_value=180)


class FoundOut(serializers.Serializer[dict[str, Any]]):
    """A place. `precision`: house, street or area."""

    lat = serializers.FloatField()
    lng = serializers.FloatField()
    formatted_address = serializers.CharField()
    address = AddressOut()
    precision = serializers.CharField()


class PostalCodeOut(serializers.Serializer[dict[str, Any]]):
    """What a CEP stands for; one of a whole city has no street."""

    zip_code = serializers.CharField()
    street = serializers.CharField(allow_blank=True)
    neighborhood = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    state = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)
