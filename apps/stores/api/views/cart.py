"""The cart endpoints. Each answers 200 with the whole cart, whatever the verb: the clients replace theirs with it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.idempotency import idempotent
from apps.core.ids import parse_uuid
from apps.stores.api.base import PublicStoreView
from apps.stores.api.body import body_of
from apps.stores.api.cart_key import owner_of, remember
from apps.stores.api.media import media_base
from apps.stores.api.serializers.cart import CartAddIn, CartOut, QuantityIn
from apps.stores.api.serializers.coupon import CartQuery
from apps.stores.queries import carts as cart_queries
from apps.stores.queries import open_cart
from apps.stores.queries.bundle import Bundle, bundle
from apps.stores.services import carts
from apps.stores.services.carts import CartOwner
from apps.stores.services.wire import read_line
from apps.users.models import User


class CartBase(PublicStoreView):
    """Finds the owner, and answers with the cart."""

    def menu(self) -> Bundle:
        """The store's menu as it is now."""
        return bundle(self.store.id, self.store.catalog_version)

    def answer(self, request: Request, owner: CartOwner) -> Response:
        """The full cart of `owner`."""
        lines = open_cart.lines_of(owner.key)
        user = request.user if owner.user_id is not None and isinstance(request.user, User) else None
        asked = CartQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        body = cart_queries.cart_view(
            lines, self.store, self.menu(), media_base(request), self.at_outlet, user=user, **asked.validated_data
        )
        return remember(Response(body), request, owner)


@extend_schema(tags=["cart"])
class CartView(CartBase):
    """The open cart."""

    @extend_schema(operation_id="cart_get", parameters=[CartQuery], responses=CartOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """The cart of this key; an unknown key has an empty one."""
        return self.answer(request, owner_of(request))


@extend_schema(tags=["cart"])
class CartAddView(CartBase):
    """Adding to the cart."""

    @extend_schema(operation_id="cart_add", request=CartAddIn, responses=CartOut)
    @idempotent
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Add a product or combo; the same choice again raises its quantity."""
        owner, menu = owner_of(request), self.menu()
        context = cart_queries.browsing_context(self.store, menu, self.at_outlet)
        carts.add(owner=owner, intent=read_line(body_of(request), menu.pricing), menu=menu, context=context)
        return self.answer(request, owner)


@extend_schema(tags=["cart"])
class CartItemView(CartBase):
    """One line."""

    @extend_schema(operation_id="cart_item_update", request=QuantityIn, responses=CartOut)
    def patch(self, request: Request, line_id: str, **_kwargs: Any) -> Response:
        """Set the quantity, 1 to 999."""
        owner, given = owner_of(request), request.data if isinstance(request.data, dict) else {}
        carts.set_quantity(owner=owner, line_id=parse_uuid(line_id), quantity=given.get("quantity"))
        return self.answer(request, owner)

    @extend_schema(operation_id="cart_item_delete", request=None, responses={200: CartOut})
    def delete(self, request: Request, line_id: str, **_kwargs: Any) -> Response:
        """Take the line out; answers 200 with the cart."""
        owner = owner_of(request)
        carts.remove(owner=owner, line_id=parse_uuid(line_id))
        return self.answer(request, owner)


@extend_schema(tags=["cart"])
class CartClearView(CartBase):
    """Emptying the cart."""

    @extend_schema(operation_id="cart_clear", request=None, responses={200: CartOut})
    def delete(self, request: Request, **_kwargs: Any) -> Response:
        """Take everything out; fine if there is nothing."""
        owner = owner_of(request)
        carts.clear(owner=owner)
        return self.answer(request, owner)
