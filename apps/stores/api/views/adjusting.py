"""Changing a placed order by hand."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Forbidden
from apps.stores.api.serializers.adjust import AdjustIn
from apps.stores.api.serializers.order import OrderOut
from apps.stores.api.views.orders import OrderBase
from apps.stores.permissions import Perm
from apps.stores.services import adjusting


@extend_schema(tags=["orders"])
class AdjustView(OrderBase):
    """Discount, surcharge, delivery fee, lines and prices."""

    needs: ClassVar = {"POST": Perm.ORDERS_ADJUST}

    @extend_schema(operation_id="orders_adjust", request=AdjustIn, responses=OrderOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Change it with a reason; answers the full order. Another price takes `orders.price`. All of it or nothing."""
        serializer = AdjustIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        held = self.access.permissions if self.access else frozenset()
        if serializer.sets_a_price and Perm.ORDERS_PRICE not in held:
            raise Forbidden("forbidden", _("You may not change prices."))
        order = self.order(ref)
        adjusting.adjust(order_id=order.pk, wish=serializer.wish(), actor=self.actor)
        return self.full(order)
