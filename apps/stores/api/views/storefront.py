"""What anybody may read of a store, and checkout."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.http.errors import problem_response
from apps.core.idempotency import idempotent
from apps.core.problems import Problem, Refused
from apps.payments import brcode
from apps.payments.services import ON_HANDOVER
from apps.stores.api.base import PublicStoreView
from apps.stores.api.cart_key import owner_of, remember
from apps.stores.api.media import media_base
from apps.stores.api.ordering_limits import counted, few_unpaid
from apps.stores.api.outlet_header import HEADER, named_outlet
from apps.stores.api.placing import placed_at
from apps.stores.api.quoting import delivery_note, quote_before_checkout, with_quote
from apps.stores.api.serializers.cart import CheckoutIn, CheckoutOut
from apps.stores.api.serializers.menu import CatalogOut, MenuStoreOut
from apps.stores.queries import catalog, explained
from apps.stores.queries.access import find_store
from apps.stores.queries.order_views import payment_view
from apps.stores.services.carts import CartOwner
from apps.stores.services.checkout import Placed, checkout
from apps.stores.services.delivery_quotes import Answer
from apps.stores.services.placing_rules import Wish

CATALOG_CACHE = "public, max-age=0, must-revalidate"


@extend_schema(tags=["catalog"])
class StoreView(PublicStoreView):
    """The store itself."""

    @extend_schema(operation_id="store_get", responses=MenuStoreOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Name, contact, branding, services and whether it is open."""
        found = catalog.catalog_document(self.store.slug, media_base(request), self.at_outlet)
        return Response((found or {}).get("store"))


@extend_schema(tags=["catalog"])
class CatalogView(PublicStoreView):
    """The whole menu, as bytes with an ETag."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Reading is the storefront's hottest path: no credential matters to it, so it skips the machinery of DRF."""
        if request.method not in {"GET", "HEAD"}:
            return super().dispatch(request, *args, **kwargs)
        try:
            return _catalog(request, str(kwargs["slug"]))
        except Problem as problem:
            return problem_response(problem)

    @extend_schema(operation_id="catalog_get", responses=CatalogOut)
    def get(self, request: Request, **_kwargs: Any) -> HttpResponse:
        """Store, categories, products, options and combos in one document; 304 when it has not changed."""
        return _catalog(request, self.store.slug)


def _catalog(request: HttpRequest | Request, slug: str) -> HttpResponse:
    ref = find_store(slug)
    served = catalog.catalog_bytes(ref, media_base(request), named_outlet(request, ref))
    headers = {"ETag": served.etag, "Cache-Control": CATALOG_CACHE, "Vary": HEADER}
    if _has_it(request.headers.get("If-None-Match", ""), served.etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(served.body, content_type="application/json", headers=headers)


def _has_it(header: str, etag: str) -> bool:
    """Whether the reader has this body. A proxy that compresses makes the tag a weak one on its way."""
    return any(tag.removeprefix("W/") in (etag, "*") for tag in parse_etags(header))


@extend_schema(tags=["checkout"])
class CheckoutView(PublicStoreView):
    """Placing an order."""

    @extend_schema(
        operation_id="checkout",
        request=CheckoutIn,
        responses={200: CheckoutOut, 201: CheckoutOut},
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER),
            OpenApiParameter("X-Cart-Key", str, OpenApiParameter.HEADER),
        ],
    )
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Turn the cart into an order. Idempotent on the cart and on `Idempotency-Key`."""
        try:
            return counted(request, store_id=self.store.id, access=self.access, place=lambda: self._quoted(request))
        except Refused as refusal:
            return self._in_the_clients_way(refusal, request)

    def _quoted(self, request: Request) -> Response:
        """Maps are asked while no transaction is open."""
        return self._place(request, answer=quote_before_checkout(self, request))

    @idempotent
    def _place(self, request: Request, answer: Answer | None) -> Response:
        serializer = CheckoutIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        owner, wish = owner_of(request), placed_at(self, serializer.wish(self.access))
        placed = self._checkout(owner, with_quote(wish, answer))
        response = Response(_placed_view(placed), status=201 if placed.is_new else 200)
        return remember(response, request, owner)

    def _checkout(self, owner: CartOwner, wish: Wish) -> Placed:
        if wish.payment_method in ON_HANDOVER:
            return checkout(owner=owner, wish=wish, actor=self.actor)
        with few_unpaid(wish.customer_phone, store_id=self.store.id, access=self.access):
            return checkout(owner=owner, wish=wish, actor=self.actor)

    def _in_the_clients_way(self, refusal: Refused, request: Request) -> Response:
        """A card that cannot be charged: the web clients only show a message that comes in a 2xx (storefront.md 0.8)."""
        payment = request.data.get("payment") if isinstance(request.data, dict) else None
        if refusal.code == "payment_method_unavailable" and isinstance(payment, dict) and payment.get("token"):
            return Response({"payment_error": str(refusal.detail), "code": refusal.code})
        raise refusal


def _placed_view(placed: Placed) -> dict[str, Any]:
    order, payment = placed.order, placed.payment
    shown = None
    if payment is not None:
        image = brcode.qr_png_base64(payment.pix_code) if payment.pix_code else ""
        shown = payment_view(payment, code=payment.pix_code, image=image)
    return {
        "order_id": str(order.pk), "id": str(order.pk), "order_number": order.code, "display_number": order.display_number,
        "access_token": order.access_token, "status": order.status, "payment_status": order.payment_status,
        "total_amount": order.total, "total": order.total, "subtotal": order.subtotal, "discount": order.discount,
        "delivery_fee": order.delivery_fee, "delivery_discount": order.delivery_discount, "service_charge": order.service_charge,
        "tax": order.tax, "currency": order.currency, "payment": shown, "discounts": order.amounts.get("discounts", []),
        **delivery_note(order), **explained.shown(order.amounts),
    }  # fmt: skip
