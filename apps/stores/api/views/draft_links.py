"""The link of a draft over HTTP, for whoever holds it."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.idempotency import idempotent
from apps.stores.api.serializers.draft import ConfirmIn, OfferOut
from apps.stores.api.serializers.order import TrackingOut
from apps.stores.api.validation import validated
from apps.stores.queries.orders import order_by_token
from apps.stores.services import draft_links

PRIVATE = {"Cache-Control": "no-store"}


@extend_schema(tags=["tracking"])
class OfferView(APIView):
    """What the store put together."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="draft_by_token", responses=OfferOut)
    def get(self, request: Request, token: str) -> Response:
        """Lines, amounts and what is still to be said; `access_token` of the order once it is placed."""
        return Response(draft_links.offer(token=token), headers=PRIVATE)


@extend_schema(tags=["tracking"])
class ConfirmView(APIView):
    """The customer's yes."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="draft_confirm", request=ConfirmIn, responses={201: TrackingOut, 200: TrackingOut})
    @idempotent
    def post(self, request: Request, token: str) -> Response:
        """Place the order; answers it with how to pay. Again: the same order."""
        serializer = ConfirmIn(data=request.data)
        validated(serializer)
        placed = draft_links.confirm(token=token, **serializer.filled())
        body = order_by_token(placed.order.access_token)
        return Response(body, status=201 if placed.is_new else 200, headers=PRIVATE)
