"""When: the free slots for customers, and breaks for staff."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.clock import local, now
from apps.core.problems import Forbidden, NotFound, Refused
from apps.stores.api.base import PublicStoreView, StoreAPIView, created
from apps.stores.api.outlet_header import check_may_act, outlet_by_ref
from apps.stores.api.pausing import until_of
from apps.stores.api.serializers.when import (
    BreakIn,
    BreaksOut,
    BreakTarget,
    HolidayIn,
    HolidayOut,
    HolidaysOut,
    SlotsOut,
    SlotsQuery,
)
from apps.stores.api.validation import validated
from apps.stores.models import Outlet, SpecialDay
from apps.stores.permissions import Perm
from apps.stores.queries import timetables
from apps.stores.queries.bundle import OutletInfo, bundle
from apps.stores.services import outlet as outlet_services
from apps.stores.services import pausing


@extend_schema(tags=["storefront"])
class SlotsView(PublicStoreView):
    """When an order can be had."""

    @extend_schema(operation_id="slots_list", parameters=[SlotsQuery], responses=SlotsOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """The slots that can still be chosen, with how many places are left. 422 `service_unavailable`."""
        given = validated(SlotsQuery(data=request.query_params))
        ref, service = given.get("outlet") or "", given["service"]
        menu = bundle(self.store.id, self.store.catalog_version)
        outlet = outlet_by_ref(ref, self.store) if ref else self.at_outlet or menu.outlet()
        if outlet is None:
            raise NotFound("outlet_unknown", _("There is no such branch."))
        if service not in outlet.services:
            raise Refused("service_unavailable", _("This branch does not offer that."))
        return Response(self._answer(outlet, service, given))

    def _answer(self, outlet: OutletInfo, service: str, given: dict[str, Any]) -> dict[str, Any]:
        table, timezone = outlet.when, self.store.timezone
        rules = table.rules_of(service)
        at = local(now(), timezone).replace(tzinfo=None)
        return {
            "outlet": outlet.id, "service": service, "timezone": timezone, "scheduling": rules is not None,
            "slot_minutes": rules.slot_minutes if rules else None, "lead_minutes": rules.lead_minutes if rules else None,
            "max_days": rules.max_days if rules else None, "prep_minutes": table.prep_minutes,
            **timetables.state_of(table, service, at, timezone),
            "days": timetables.free_slots(
                outlet_id=outlet.id, table=table, service=service, timezone=timezone, first=given.get("date"), days=given["days"]
            ),
        }  # fmt: skip


class BreakBase(StoreAPIView):
    """Finds what is to be paused and whether the caller may."""

    def target(self, given: dict[str, Any]) -> tuple[Outlet | None, str]:
        """The outlet (None: all) and service ("": all). Staff of some outlets pause those."""
        ref = given.get("outlet") or ""
        info = outlet_by_ref(ref, self.store) if ref else self.at_outlet
        if info is not None:
            check_may_act(info, self.access)
        elif self.access and self.access.outlets:
            raise Forbidden("outlet_forbidden", _("You may pause your own branch. Name it."))
        outlet = Outlet.objects.get(pk=info.id) if info is not None else None
        return outlet, given.get("service") or ""

    def breaks(self) -> Response:
        """The breaks that are on."""
        return Response({"results": timetables.breaks(now())})


@extend_schema(tags=["outlets"])
class PausesView(BreakBase):
    """Breaks that are on."""

    needs: ClassVar = {"GET": Perm.SETTINGS_VIEW}

    @extend_schema(operation_id="pauses_list", responses=BreaksOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Every break that is on, the longest first."""
        return self.breaks()


@extend_schema(tags=["outlets"])
class PauseView(BreakBase):
    """Taking a break."""

    needs: ClassVar = {"POST": Perm.STORE_PAUSE}

    @extend_schema(operation_id="store_pause", request=BreakIn, responses=BreaksOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Take no orders for some minutes: the whole store, an outlet, or a service of either. Ends by itself."""
        given = validated(BreakIn(data=request.data))
        outlet, service = self.target(given)
        until = until_of(given)
        assert isinstance(until, datetime)  # the serializer asked for one of the two
        pausing.pause(until=until, reason=given.get("reason", ""), outlet=outlet, service=service, actor=self.actor)
        return self.breaks()


@extend_schema(tags=["outlets"])
class UnpauseView(BreakBase):
    """The end of a break."""

    needs: ClassVar = {"POST": Perm.STORE_PAUSE}

    @extend_schema(operation_id="store_unpause", request=BreakTarget, responses=BreaksOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Take orders again at once."""
        outlet, service = self.target(validated(BreakTarget(data=request.data)))
        pausing.resume(outlet=outlet, service=service, actor=self.actor)
        return self.breaks()


@extend_schema(tags=["outlets"])
class HolidaysView(StoreAPIView):
    """Holidays and other special days of all outlets."""

    needs: ClassVar = {"GET": Perm.SETTINGS_VIEW, "POST": Perm.SETTINGS_EDIT}

    @extend_schema(operation_id="special_days_all", responses=HolidaysOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Special days from yesterday on, by date, of the outlets this person works in."""
        rows = SpecialDay.objects.filter(outlet__in=self._outlets(), date__gte=now().date() - timedelta(days=1))
        return Response({"results": HolidayOut(rows.order_by("date", "outlet__position")[:500], many=True).data})

    @extend_schema(operation_id="special_days_set", request=HolidayIn, responses={201: HolidaysOut})
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Set the hours of one or several dates (none: closed) at all outlets, or at those named. All of it or nothing."""
        given = validated(HolidayIn(data=request.data))
        chosen = given.get("outlets") or list(self._outlets())
        for outlet in chosen:
            if self.access and self.access.outlets and outlet.pk not in self.access.outlets:
                raise Forbidden("outlet_forbidden", _("You do not work at this branch."))
        days = outlet_services.set_holiday(
            outlets=chosen, first=given["date"], last=given.get("until") or given["date"], hours=given.get("hours", []),
            note=given.get("note", ""), actor=self.actor,
        )  # fmt: skip
        return created({"results": HolidayOut(days, many=True).data})

    def _outlets(self) -> QuerySet[Outlet]:
        """The outlets this person works in."""
        mine = self.access.outlets if self.access else frozenset()
        rows = Outlet.objects.order_by("position", "created_at")
        return rows.filter(pk__in=mine) if mine else rows
