"""Maps for no store in particular: an address to a point and back, and what a CEP stands for."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.problems import Invalid, NotFound
from apps.geo.services import places
from apps.geo.values import Address, Found, Point, cep_of
from apps.stores.api.quoting import address_view
from apps.stores.api.serializers.places import FoundOut, GeocodeIn, PostalCodeOut, ReverseIn
from apps.users.services.attempts import Limit, client_address, spend

MINUTE = timedelta(minutes=1)
LOOK_UPS = Limit(name="map-look-ups", most=60, window=MINUTE, cooldown=MINUTE / 2)


class MapView(APIView):
    """Open to everybody, counted per address of the caller."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the question before it is looked at."""
        super().initial(request, *args, **kwargs)
        spend(LOOK_UPS, client_address(request.META))


def _view(found: Found | None) -> Response:
    if found is None:
        raise NotFound("address_not_found", _("There is no such address."))
    return Response({
        "lat": found.point.lat, "lng": found.point.lng, "formatted_address": found.label,
        "address": address_view(found.address), "precision": found.precision.value,
    })  # fmt: skip


@extend_schema(tags=["maps"])
class GeocodeView(MapView):
    """Where an address is."""

    @extend_schema(operation_id="maps_geocode", parameters=[GeocodeIn], responses=FoundOut)
    def get(self, request: Request) -> Response:
        """By one line. 404 `address_not_found`, 503 `geocoder_unavailable`."""
        serializer = GeocodeIn(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        return _view(places.geocode(address=Address(text=given["address"], country=given["country"].upper())))


@extend_schema(tags=["maps"])
class ReverseGeocodeView(MapView):
    """What is at a point."""

    @extend_schema(operation_id="maps_reverse_geocode", parameters=[ReverseIn], responses=FoundOut)
    def get(self, request: Request) -> Response:
        """By coordinates. 404 `address_not_found`, 503 `geocoder_unavailable`."""
        serializer = ReverseIn(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        return _view(places.reverse(point=Point(**serializer.validated_data)))


@extend_schema(tags=["maps"])
class PostalCodeView(MapView):
    """What a CEP stands for, to fill in a form."""

    @extend_schema(operation_id="maps_zip_code", responses=PostalCodeOut)
    def get(self, request: Request, code: str) -> Response:
        """400 `zip_invalid`, 404 `zip_unknown`, 503 `zip_lookup_unavailable`."""
        digits = cep_of(code)
        if digits is None:
            raise Invalid(
                "zip_invalid", _("A CEP has eight digits."), errors={"zip_code": [_("A CEP has eight digits.")]}
            )
        found = places.postal_code(code=digits)
        if found is None:
            raise NotFound("zip_unknown", _("There is no such CEP."))
        return Response({
            "zip_code": found.code, "street": found.street, "neighborhood": found.neighbourhood, "city": found.city,
            "state": found.state, "lat": found.point.lat if found.point else None, "lng": found.point.lng if found.point else None,
        })  # fmt: skip
