"""Outlets over HTTP, with their special days and overrides. Staff limited to some outlets change only those."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.serializers.outlet import OutletSerializer, OverrideSerializer, SpecialDaySerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented, found
from apps.stores.models import Outlet, OutletOverride, SpecialDay
from apps.stores.permissions import HasStoreAccess, Perm, WorksEverywhere
from apps.stores.queries import staff_catalog
from apps.stores.services import outlet as outlets


class OfOutlets(StoreViewSet[Any]):
    """Views of the outlets a person works in."""

    model = Outlet

    def rows(self) -> QuerySet[Any]:
        """The outlets this person works in (all, unless limited); the first is the main one."""
        rows = staff_catalog.outlets()
        mine = self.access.outlets if self.access else frozenset()
        return rows.filter(pk__in=mine) if mine else rows

    def outlet(self) -> Outlet:
        """The outlet in the path, or 404."""
        outlet: Outlet = found(self.rows().filter(pk=self.kwargs["outlet_id"]))
        return outlet


@documented("outlets")
class OutletViewSet(OfOutlets):
    """Branches of the store."""

    serializer_class = OutletSerializer
    permission_classes = [HasStoreAccess, WorksEverywhere]
    everywhere = frozenset({"create", "destroy"})  # who is limited to outlets neither makes nor ends one
    needs = {
        "list": Perm.SETTINGS_VIEW,
        "retrieve": Perm.SETTINGS_VIEW,
        "create": Perm.SETTINGS_EDIT,
        "partial_update": Perm.SETTINGS_EDIT,
        "destroy": Perm.SETTINGS_EDIT,
    }

    def create(self, request: Request, slug: str) -> Response:
        """A new outlet."""
        outlet = outlets.create(actor=self.actor, values=validated(self.shape(request)))
        return self.show(outlet, status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names."""
        outlet = self.one(id)
        values = validated(self.shape(request, outlet, partial=True))
        return self.show(outlets.change(outlet=outlet, actor=self.actor, values=values))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete an outlet that never took an order and that nobody of the team is limited to (409 `in_use`)."""
        outlets.delete(outlet=self.one(id), actor=self.actor)
        return Response(status=204)


@documented("outlets")
class SpecialDayViewSet(OfOutlets):
    """Dates with hours of their own."""

    serializer_class = SpecialDaySerializer
    needs = {"list": Perm.SETTINGS_VIEW, "create": Perm.SETTINGS_EDIT, "destroy": Perm.SETTINGS_EDIT}

    def list(self, request: Request, slug: str, outlet_id: UUID) -> Response:
        """A page of special days by date."""
        return self.page(SpecialDay.objects.filter(outlet=self.outlet()).order_by("date"))

    def create(self, request: Request, slug: str, outlet_id: UUID) -> Response:
        """Set the hours of a date; replaces what was set for it."""
        outlet, values = self.outlet(), validated(self.shape(request))
        day = outlets.set_special_day(
            outlet=outlet,
            day=values["date"],
            hours=values.get("hours", []),
            service_hours=values.get("service_hours"),
            note=values.get("note", ""),
            actor=self.actor,
        )
        return self.show(day, status=201)

    def destroy(self, request: Request, slug: str, outlet_id: UUID, id: UUID) -> Response:
        """Give the date its weekday's hours back."""
        day = found(SpecialDay.objects.filter(outlet=self.outlet(), pk=id))
        outlets.delete_special_day(special_day=day, actor=self.actor)
        return Response(status=204)


@documented("outlets")
class OverrideViewSet(OfOutlets):
    """What an outlet prices or stops otherwise."""

    serializer_class = OverrideSerializer
    needs = {"list": Perm.CATALOG_VIEW, "create": Perm.CATALOG_EDIT, "destroy": Perm.CATALOG_EDIT}

    def list(self, request: Request, slug: str, outlet_id: UUID) -> Response:
        """A page of overrides by product."""
        return self.page(staff_catalog.overrides(self.outlet().pk))

    @extend_schema(responses={201: OverrideSerializer})
    def create(self, request: Request, slug: str, outlet_id: UUID) -> Response:
        """Set the price or status of a product or variant here; replaces what was set for it."""
        outlet, values = self.outlet(), validated(self.shape(request))
        product, variant = values.pop("product"), values.pop("variant", None)
        row = outlets.set_override(outlet=outlet, product=product, variant=variant, actor=self.actor, values=values)
        return self.show(row, status=201)

    def destroy(self, request: Request, slug: str, outlet_id: UUID, id: UUID) -> Response:
        """Let the outlet inherit again."""
        row = found(OutletOverride.objects.filter(outlet=self.outlet(), pk=id))
        outlets.delete_override(override=row, actor=self.actor)
        return Response(status=204)
