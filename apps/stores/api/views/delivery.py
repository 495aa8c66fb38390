"""Delivery before the order: what it costs, whether the store comes there, how far it is, what the address may be.

All open to everybody and limited per address of the caller: each question may be one to a provider that counts them.
"""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Invalid, Refused
from apps.geo.errors import LookupUnavailable
from apps.geo.services import places
from apps.geo.values import Point, Road, distance_km
from apps.stores.api.base import PublicStoreView
from apps.stores.api.body import body_of
from apps.stores.api.quoting import address_view, cart_of, fee_view
from apps.stores.api.serializers.places import DestinationIn, FeeOut, PlaceIn, RouteOut, SuggestIn, SuggestionsOut
from apps.stores.queries.bundle import Bundle, OutletInfo, bundle
from apps.stores.services import delivery_quotes
from apps.users.services.attempts import Limit, client_address, spend

MINUTE = timedelta(minutes=1)
QUESTIONS = Limit(name="delivery-questions", most=120, window=MINUTE, cooldown=MINUTE / 2)
TYPING = Limit(name="address-typing", most=240, window=MINUTE, cooldown=MINUTE / 2)
# Without a provider that knows roads: streets are longer than the crow's way, and a scooter in town is no faster.
DETOUR, KM_PER_MINUTE = 1.3, 25 / 60
SHORTEST = 3  # letters before a suggestion is worth a question


class PlaceView(PublicStoreView):
    """What these views have in common."""

    limit = QUESTIONS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the question before it is looked at."""
        super().initial(request, *args, **kwargs)
        spend(self.limit, client_address(request.META))

    def start(self, ref: str = "") -> tuple[Bundle, OutletInfo]:
        """The menu and the outlet a delivery would start from. 400 `outlet_unknown`."""
        menu = bundle(self.store.id, self.store.catalog_version)
        outlet = menu.outlet(ref) if ref else self.at_outlet or menu.outlet()
        if outlet is None:
            raise Invalid("outlet_unknown", _("There is no such branch."))
        return menu, outlet

    def answer(self, request: Request, given: dict[str, Any]) -> Response:
        """What delivery to that place costs."""
        serializer = PlaceIn(data=given)
        serializer.is_valid(raise_exception=True)
        outlet_ref = given.get("outlet", "")
        menu, outlet = self.start(outlet_ref if isinstance(outlet_ref, str) else "")
        key = cart_of(request)
        return Response(
            fee_view(delivery_quotes.ask(menu=menu, outlet=outlet, key=key, given=serializer.validated_data))
        )


@extend_schema(tags=["delivery"])
class DeliveryFeeView(PlaceView):
    """What delivery to an address costs; kept against the cart and charged at checkout."""

    @extend_schema(
        operation_id="delivery_fee",
        responses=FeeOut,
        parameters=[
            OpenApiParameter(name, str)
            for name in (
                "street",
                "number",
                "neighborhood",
                "zip_code",
                "city",
                "state",
                "address",
                "lat",
                "lng",
                "outlet",
            )
        ],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """By query parameters. A `distance_km` sent along is not read."""
        return self.answer(request, {name: value for name, value in request.query_params.items() if value})

    @extend_schema(operation_id="delivery_fee_of_body", request=PlaceIn, responses=FeeOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """By body. Out of area is an answer (`is_valid: false`), not an error."""
        return self.answer(request, body_of(request))


@extend_schema(tags=["delivery"])
class ValidateDeliveryView(PlaceView):
    """Whether the store comes to a pin or an address, and for how much."""

    @extend_schema(operation_id="validate_delivery", request=PlaceIn, responses=FeeOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """`{lat, lng}` or `{address}`. No is an answer as well (`is_valid: false` with a `code`)."""
        return self.answer(request, body_of(request))


@extend_schema(tags=["delivery"])
class RouteView(PlaceView):
    """The way from the outlet."""

    @extend_schema(operation_id="route", parameters=[DestinationIn], responses=RouteOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """By road where a provider knows roads, else an estimate: the clients want a 200 either way."""
        serializer = DestinationIn(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        _menu, outlet = self.start(given.get("outlet", ""))
        if outlet.point is None:
            raise Refused("outlet_without_point", _("The store has not said where it is."))
        start = Point(lat=outlet.point.lat, lng=outlet.point.lng)
        end = Point(lat=given["dest_lat"], lng=given["dest_lng"])
        road = _road(start, end)
        found = road or _estimate(start, end)
        return Response({
            "distance_km": found.distance_km, "duration_minutes": found.duration_minutes, "polyline": found.polyline,
            "summary": _("%(km)s km, about %(minutes)s min") % {"km": found.distance_km, "minutes": found.duration_minutes},
            "is_estimate": road is None,
        })  # fmt: skip


def _road(start: Point, end: Point) -> Road | None:
    try:
        return places.route(start=start, end=end)
    except LookupUnavailable:
        return None


def _estimate(start: Point, end: Point) -> Road:
    km = round(distance_km(start, end), 2)
    return Road(distance_km=km, duration_minutes=max(1, round(km * DETOUR / KM_PER_MINUTE)))


@extend_schema(tags=["delivery"])
class AutosuggestView(PlaceView):
    """Addresses while they are typed."""

    limit = TYPING

    @extend_schema(operation_id="autosuggest", parameters=[SuggestIn], responses=SuggestionsOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Near the store, best first; nothing for fewer than three letters. 503 `geocoder_unavailable`."""
        serializer = SuggestIn(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        text, limit = serializer.validated_data["q"].strip(), serializer.validated_data["limit"]
        menu, outlet = self.start()
        near = Point(lat=outlet.point.lat, lng=outlet.point.lng) if outlet.point else None
        rows = places.suggest(text=text, near=near, country=menu.country, limit=limit) if len(text) >= SHORTEST else []
        return Response({"suggestions": [
            {
                "label": row.label, "title": row.label, "address": address_view(row.address),
                "lat": row.point.lat if row.point else None, "lng": row.point.lng if row.point else None,
            }
            for row in rows
        ]})  # fmt: skip
