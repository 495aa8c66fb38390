"""What somebody would like to have (clients/storefront.md 2.8).

Two published clients read two shapes: below `/stores/<slug>/` an object with `products`, below `/stores/s/<slug>/` a bare list.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import NotFound, Unauthenticated
from apps.customers.queries import wishlist as queries
from apps.customers.services import wishlist
from apps.stores.api.base import PublicStoreView
from apps.stores.api.body import body_of
from apps.stores.api.media import media_base
from apps.stores.queries import catalog
from apps.stores.queries.bundle import bundle
from apps.users.models import User

CANONICAL = "/stores/s/"
WISH = inline_serializer("WishIn", {"product_id": serializers.CharField(help_text="Id or slug of a product or combo.")})
WISHED = inline_serializer(
    "WishOut", {"in_wishlist": serializers.BooleanField(), "product_id": serializers.CharField()}
)


class WishBase(PublicStoreView):
    """For people who are logged in; a guest is answered 401."""

    def who(self) -> User:
        """The caller."""
        if not isinstance(self.request.user, User):
            raise Unauthenticated("not_authenticated", _("Log in first."))
        return self.request.user

    def target(self, request: Request) -> dict[str, UUID | None]:
        """Which product or combo the body names. Raises 404 for what is not on the menu."""
        given = body_of(request)
        ref = str(given.get("product_id") or given.get("combo_id") or "")
        pricing = bundle(self.store.id, self.store.catalog_version).pricing
        product, combo = pricing.product(ref), pricing.combo(ref)
        if product is not None:
            return {"product_id": UUID(product.id), "combo_id": None}
        if combo is not None:
            return {"product_id": None, "combo_id": UUID(combo.id)}
        raise NotFound("product_not_found", _("This is not on the menu."))

    def wished(self, target: dict[str, UUID | None], *, on_list: bool) -> Response:
        """Whether it is on the list now."""
        return Response({"in_wishlist": on_list, "product_id": str(target["product_id"] or target["combo_id"])})


@extend_schema(tags=["wishlist"])
class WishlistView(WishBase):
    """The list."""

    @extend_schema(operation_id="wishlist_get", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Newest wish first, with the products as the menu shows them; what left the menu is left out."""
        found = catalog.catalog_document(self.store.slug, media_base(request)) or {}
        shown = {row["id"]: row for name in ("products", "combos") for row in found.get(name, ())}
        by_id = {str(key): row for key, row in shown.items()}
        rows = [
            {"id": str(wish.pk), "product": product, "added_at": wish.added_at}
            for wish in queries.wishes(self.who())
            if (product := by_id.get(str(wish.product_id or wish.combo_id))) is not None
        ]
        if CANONICAL in request.path:
            return Response(rows)
        return Response({"products": [row["product"] for row in rows], "count": len(rows)})


@extend_schema(tags=["wishlist"])
class WishlistToggleView(WishBase):
    """The heart."""

    @extend_schema(operation_id="wishlist_toggle", request=WISH, responses=WISHED)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """On the list, or off it."""
        user, target = self.who(), self.target(request)
        return self.wished(target, on_list=wishlist.toggle(user=user, **target))


@extend_schema(tags=["wishlist"])
class WishlistAddView(WishBase):
    """Onto the list."""

    @extend_schema(operation_id="wishlist_add", request=WISH, responses=WISHED)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Fine if it is there already."""
        user, target = self.who(), self.target(request)
        wishlist.add(user=user, **target)
        return self.wished(target, on_list=True)


@extend_schema(tags=["wishlist"])
class WishlistRemoveView(WishBase):
    """Off the list."""

    @extend_schema(operation_id="wishlist_remove", request=WISH, responses=WISHED)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Fine if it was not there."""
        user, target = self.who(), self.target(request)
        wishlist.remove(user=user, **target)
        return self.wished(target, on_list=False)
