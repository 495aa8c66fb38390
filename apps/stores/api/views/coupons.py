"""What a coupon would do to the cart, before anything is ordered."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.phones import to_e164
from apps.stores.api.base import PublicStoreView
from apps.stores.api.body import body_of
from apps.stores.api.cart_key import owner_of, remember
from apps.stores.api.serializers.coupon import CouponIn, CouponOut
from apps.stores.queries import coupon_check, open_cart
from apps.stores.queries.bundle import bundle
from apps.stores.queries.buying import customer_id_of
from apps.users.models import User

# A sum that nobody's cart comes to says nothing about how to show a percentage.
BELIEVABLE = 10**9


@extend_schema(tags=["cart"])
class ValidateCouponView(PublicStoreView):
    """Judging a coupon."""

    @extend_schema(operation_id="validate_coupon", request=CouponIn, responses=CouponOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Judge a code against the cart of this key, as checkout will. 422 with a code of its own for each reason."""
        serializer = CouponIn(data=body_of(request))
        serializer.is_valid(raise_exception=True)
        given, owner = serializer.validated_data, owner_of(request)
        menu = bundle(self.store.id, self.store.catalog_version)
        country = str(menu.menu["store"].get("country") or "BR")
        phone = to_e164(given.get("customer_phone") or "", country)
        body = coupon_check.judge(
            code=given["code"],
            lines=open_cart.lines_of(owner.key),
            store=self.store,
            menu=menu,
            claimed=_believable(given.get("subtotal")),
            service=given.get("delivery_method") or "",
            customer_id=customer_id_of(
                menu,
                user=request.user if isinstance(request.user, User) else None,
                phone=phone,
                email=given.get("customer_email") or "",
            ),
            outlet=given.get("outlet") or "",
            channel=given.get("channel") or "web",
        )
        return remember(Response(body), request, owner)


def _believable(claimed: float | None) -> Decimal | None:
    return Decimal(str(claimed)) if claimed is not None and 0 <= claimed < BELIEVABLE else None
