"""An earlier order back into the cart."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.idempotency import idempotent
from apps.core.problems import NotFound
from apps.stores.api.cart_key import owner_of, remember
from apps.stores.api.media import media_base
from apps.stores.api.ownership import is_theirs
from apps.stores.api.serializers.cart import CartOut
from apps.stores.api.views.cart import CartBase
from apps.stores.queries import carts as cart_queries
from apps.stores.queries import open_cart, orders
from apps.stores.services.reorder import reorder


class MissingOut(serializers.Serializer[dict[str, Any]]):
    """A line that cannot be ordered again, and why."""

    product_id = serializers.CharField(allow_null=True)
    product_name = serializers.CharField()
    variant_name = serializers.CharField()
    quantity = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ReorderOut(CartOut):
    """The cart, and what could not be put into it."""

    missing = MissingOut(many=True)


@extend_schema(tags=["cart"])
class ReorderView(CartBase):
    """`S/orders/{id}/reorder/`."""

    @extend_schema(operation_id="orders_reorder", request=None, responses=ReorderOut)
    @idempotent
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Add its lines to the open cart at today's prices. For who ordered it; anybody else is answered 404."""
        order = orders.find(ref)
        if order is None or not is_theirs(order, request):
            raise NotFound("order_not_found", _("There is no such order."))
        owner, menu = owner_of(request), self.menu()
        context = cart_queries.browsing_context(self.store, menu)
        missing = reorder(order=order, owner=owner, menu=menu, context=context)
        body = cart_queries.cart_view(open_cart.lines_of(owner.key), self.store, menu, media_base(request))
        return remember(Response({**body, "missing": missing}), request, owner)
