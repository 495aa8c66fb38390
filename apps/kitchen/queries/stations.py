"""Reads of stations with their routes."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.problems import NotFound
from apps.kitchen.models import Route, Station
from apps.kitchen.queries.tickets import View


def with_routes(view: View) -> QuerySet[Station]:
    """The active stations of the view, first one first: two statements however many rows."""
    return (
        view.stations()
        .select_related("outlet")
        .prefetch_related(Prefetch("routes", queryset=Route.objects.order_by("id")))
    )


def station_or_404(view: View, station_id: UUID) -> Station:
    """One active station of the view. 404 `station_not_found` outside of it."""
    station = with_routes(view).filter(pk=station_id).first()
    if station is None:
        raise NotFound("station_not_found", _("There is no such station."))
    return station
