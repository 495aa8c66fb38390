"""Draft orders for staff: build, adjust, send, place."""

from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.phones import to_e164
from apps.core.problems import Forbidden
from apps.stores.api.outlet_header import check_may_act, outlet_by_ref
from apps.stores.api.serializers.adjust import AdjustIn
from apps.stores.api.serializers.cart import CartAddIn
from apps.stores.api.serializers.draft import DraftIn, DraftLineIn, DraftOut, DraftRowOut, SendIn
from apps.stores.api.serializers.order import OrderOut
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented
from apps.stores.models import DraftOrder, Outlet, Store
from apps.stores.permissions import Perm
from apps.stores.queries import drafts as queries
from apps.stores.queries import orders as order_queries
from apps.stores.services import draft_preview, drafts
from apps.users.models import User

ACTIONS = (
    "list",
    "retrieve",
    "create",
    "partial_update",
    "destroy",
    "add_items",
    "change_item",
    "remove_item",
    "send",
    "place",
)


@documented("drafts")
class DraftViewSet(StoreViewSet[DraftOrder]):
    """Orders staff writes for somebody, before they are orders."""

    model = DraftOrder
    serializer_class: Any = DraftOut
    needs: ClassVar[dict[str, Perm | None]] = {**dict.fromkeys(ACTIONS, Perm.ORDERS_EDIT), "adjust": Perm.ORDERS_ADJUST}

    def rows(self) -> QuerySet[DraftOrder]:
        """Drafts of the outlets this person works in."""
        mine = self.access.outlets if self.access else frozenset()
        return queries.drafts_of(frozenset({self.at_outlet.id}) if self.at_outlet else mine)

    @extend_schema(responses=DraftRowOut(many=True))
    def list(self, request: Request, slug: str) -> Response:
        """Newest first; `status` filters."""
        rows, status = self.rows(), request.query_params.get("status", "").replace("\x00", "")
        page: Any = self.paginate_queryset(rows.filter(status=status) if status else rows)
        return self.get_paginated_response([_head(row) for row in page])

    def retrieve(self, request: Request, slug: str, id: UUID) -> Response:
        """One, at the prices of this moment."""
        return self.shown(self.one(id))

    @extend_schema(request=DraftIn, responses={201: DraftOut})
    def create(self, request: Request, slug: str) -> Response:
        """A new draft with its lines, or none of it."""
        serializer = DraftIn(data=request.data)
        items = validated(serializer).get("items", [])
        user_id = request.user.pk if isinstance(request.user, User) else None
        values = self._placed_here(serializer.values())
        draft = drafts.create(values=values, items=items, user_id=user_id, actor=self.actor)
        return self.shown(draft, status=201)

    @extend_schema(request=DraftIn, responses=DraftOut)
    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; lines have addresses of their own."""
        serializer = DraftIn(data=request.data)
        validated(serializer)
        values = self._placed_here(serializer.values(), new=False)
        return self.shown(drafts.change(draft_id=self.one(id).pk, values=values, actor=self.actor))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Cancel it: its link leads nowhere."""
        drafts.cancel(draft_id=self.one(id).pk, actor=self.actor)
        return Response(status=204)

    @extend_schema(request=CartAddIn, responses=DraftOut)
    def add_items(self, request: Request, slug: str, id: UUID) -> Response:
        """One more line; the same choice again raises its quantity."""
        items = [validated(CartAddIn(data=request.data))]
        return self.shown(drafts.add_items(draft_id=self.one(id).pk, items=items, actor=self.actor))

    @extend_schema(request=DraftLineIn, responses=DraftOut)
    def change_item(self, request: Request, slug: str, id: UUID, line_id: UUID) -> Response:
        """Another quantity; 0 takes the line out."""
        quantity = validated(DraftLineIn(data=request.data))["quantity"]
        draft = drafts.set_quantity(draft_id=self.one(id).pk, line_id=line_id, quantity=quantity, actor=self.actor)
        return self.shown(draft)

    @extend_schema(request=None, responses={200: DraftOut})
    def remove_item(self, request: Request, slug: str, id: UUID, line_id: UUID) -> Response:
        """Take a line out; answers 200 with the draft."""
        return self.shown(drafts.set_quantity(draft_id=self.one(id).pk, line_id=line_id, quantity=0, actor=self.actor))

    @extend_schema(request=AdjustIn, responses=DraftOut)
    def adjust(self, request: Request, slug: str, id: UUID) -> Response:
        """Discount, surcharge and (`item_ops` of kind `price`) prices by hand, with reasons."""
        serializer = AdjustIn(data=request.data)
        validated(serializer)
        held = self.access.permissions if self.access else frozenset()
        if serializer.validated_data.get("item_ops") and Perm.ORDERS_PRICE not in held:
            raise Forbidden("forbidden", _("You may not change prices."))
        return self.shown(drafts.adjust(draft_id=self.one(id).pk, wish=serializer.price_wish(), actor=self.actor))

    @extend_schema(request=SendIn, responses=DraftOut)
    def send(self, request: Request, slug: str, id: UUID) -> Response:
        """Make the link good; answers it, and a `wa.me` address that carries it to the customer."""
        hours = validated(SendIn(data=request.data))["hours"]
        return self.shown(drafts.send(draft_id=self.one(id).pk, hours=hours, actor=self.actor))

    @extend_schema(request=None, responses={201: OrderOut})
    def place(self, request: Request, slug: str, id: UUID) -> Response:
        """Place it for the customer, who said yes on the phone."""
        placed = drafts.place(draft_id=self.one(id).pk, actor=self.actor)
        order = order_queries.find(str(placed.order.pk))
        assert order is not None  # just placed, in this scope
        return Response(order_queries.full_view(order), status=201 if placed.is_new else 200)

    def _placed_here(self, values: dict[str, Any], *, new: bool = True) -> dict[str, Any]:
        """The outlet of a draft is one this person works in."""
        outlet = values.get("outlet")
        if outlet is not None:
            check_may_act(outlet_by_ref(str(outlet.pk), self.store), self.access)
        elif new and self.at_outlet is not None:
            values["outlet"] = Outlet.objects.get(pk=self.at_outlet.id)
        elif "outlet" not in values and new and self.access and len(self.access.outlets) == 1:
            values["outlet"] = Outlet.objects.get(pk__in=self.access.outlets)
        return values

    def shown(self, draft: DraftOrder, status: int = 200) -> Response:
        """The draft in full."""
        store = Store.objects.get(pk=self.store.id)
        link = self.request.build_absolute_uri(f"/pay/{draft.token}/")
        body = {
            **_head(draft), **draft_preview.preview(draft, store), "wish": draft.wish, "manual": draft.manual, "link": link,
            "whatsapp_url": _whatsapp(draft, store, link),
        }  # fmt: skip
        return Response(body, status=status)


def _head(draft: DraftOrder) -> dict[str, Any]:
    return {
        "id": str(draft.pk), "status": draft.status, "channel": draft.channel, "customer_name": draft.customer_name,
        "customer_phone": draft.customer_phone, "outlet": str(draft.outlet_id) if draft.outlet_id else None,
        "created_by": draft.created_by.display_name if draft.created_by else "", "created_at": draft.created_at,
        "sent_at": draft.sent_at, "expires_at": draft.expires_at, "order_id": str(draft.order_id) if draft.order_id else None,
        "order_number": draft.order.code if draft.order else None,
    }  # fmt: skip


def _whatsapp(draft: DraftOrder, store: Store, link: str) -> str:
    digits = to_e164(draft.customer_phone, store.country).lstrip("+") if draft.customer_phone else ""
    text = gettext("Your order at %(store)s: %(link)s") % {"store": store.name, "link": link}
    return f"https://wa.me/{digits}?text={quote(text)}" if digits else ""
