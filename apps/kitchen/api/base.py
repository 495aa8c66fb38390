"""What all kitchen views share: a caller sees the tickets of its outlets, a paired screen those of its station."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from apps.core.http.pagination import PagePagination
from apps.core.problems import NotFound
from apps.kitchen.queries.tickets import View
from apps.stores.api.base import StoreAPIView
from apps.stores.models import Device
from apps.stores.permissions import Perm


class Pages(PagePagination):
    """Lists of the kitchen: `?page=&limit=`, 100 rows unless told."""

    page_size = 100
    page_size_query_param = "limit"


class KitchenView(StoreAPIView):
    """Reading takes `kitchen.view`, working `kitchen.work`."""

    needs: ClassVar[dict[str, Perm | None]] = {"GET": Perm.KITCHEN_VIEW, "POST": Perm.KITCHEN_WORK}

    def view_of(self, station: str = "") -> View:
        """What the caller may see, narrowed to a station. 404 when a screen asks for another station than its own."""
        assert self.access is not None
        device = self.request.auth if isinstance(self.request.auth, Device) else None
        own = device.station if device else ""
        if station and own not in ("", station):
            raise NotFound("station_not_found", _("There is no such station."))
        outlets = frozenset({self.at_outlet.id}) if self.at_outlet else self.access.outlets
        return View(outlets=outlets, station=station or own)
