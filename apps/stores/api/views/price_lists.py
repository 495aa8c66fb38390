"""Price lists and who buys by them, over HTTP. For staff only: what one customer pays is no other one's business."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.serializers.price_list import MemberSerializer, PriceListSerializer, prices_of
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented, found
from apps.stores.models import PriceList, PriceListMember
from apps.stores.permissions import Perm
from apps.stores.queries import staff_offers
from apps.stores.services import price_list as lists

NEEDS: dict[str, Perm | None] = {
    "list": Perm.PRICE_LISTS_VIEW,
    "retrieve": Perm.PRICE_LISTS_VIEW,
    "create": Perm.PRICE_LISTS_EDIT,
    "partial_update": Perm.PRICE_LISTS_EDIT,
    "destroy": Perm.PRICE_LISTS_EDIT,
}


@documented("price lists")
class PriceListViewSet(StoreViewSet[PriceList]):
    """Prices for companies and resellers."""

    model = PriceList
    serializer_class = PriceListSerializer
    needs = NEEDS

    def rows(self) -> QuerySet[PriceList]:
        """All lists by name."""
        return staff_offers.price_lists()

    def create(self, request: Request, slug: str) -> Response:
        """A new price list."""
        values = validated(self.shape(request))
        prices = prices_of(values)
        made = lists.create(actor=self.actor, values=values, prices=prices or ())
        return self.show(self.one(made.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; `prices` replaces all fixed prices."""
        row = _own(id)
        values = validated(self.shape(request, row, partial=True))
        prices = prices_of(values)
        lists.change(price_list=row, actor=self.actor, values=values, prices=prices)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete a list; its customers buy at plain prices again."""
        lists.delete(price_list=_own(id), actor=self.actor)
        return Response(status=204)


@documented("price lists")
class PriceListMemberViewSet(StoreViewSet[PriceListMember]):
    """The customers of a price list."""

    model = PriceListMember
    serializer_class = MemberSerializer
    needs = NEEDS

    def rows(self) -> QuerySet[PriceListMember]:
        """The customers of this list, by name."""
        return staff_offers.members(_own(self.kwargs["price_list_id"]).pk)

    def create(self, request: Request, slug: str, price_list_id: UUID) -> Response:
        """Let a customer buy by this list, instead of any other one."""
        price_list = _own(price_list_id)
        values = validated(self.shape(request))
        made = lists.add_member(price_list=price_list, customer=values["customer"], actor=self.actor)
        return self.show(self.one(made.pk), status=201)

    def destroy(self, request: Request, slug: str, price_list_id: UUID, id: UUID) -> Response:
        """Plain prices again."""
        lists.remove_member(member=self.one(id), actor=self.actor)
        return Response(status=204)


def _own(pk: UUID) -> PriceList:
    row: PriceList = found(PriceList.objects.filter(pk=pk))
    return row
