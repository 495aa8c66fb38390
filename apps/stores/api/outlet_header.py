"""Which branch a request is about: the `X-Outlet-ID` header, else the outlet a device stands in.

A branch of another store does not exist here (404 `outlet_unknown`); one this person does not work in is refused (403
`outlet_forbidden`). On storefront routes anybody may name any branch of the store.
"""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.core.problems import Forbidden, NotFound
from apps.stores.models import Device
from apps.stores.queries.access import Access, StoreRef
from apps.stores.queries.bundle import OutletInfo, bundle

HEADER = "X-Outlet-ID"


def named_outlet(request: Request | HttpRequest, store: StoreRef) -> OutletInfo | None:
    """The active outlet the header names by id or slug; None without a header. Raises 404."""
    ref = request.headers.get(HEADER, "").strip()
    return outlet_by_ref(ref, store) if ref else None


def outlet_by_ref(ref: str, store: StoreRef) -> OutletInfo:
    """An active outlet of the store by id or slug. Raises 404 `outlet_unknown`."""
    found = bundle(store.id, store.catalog_version).outlet(ref)
    if found is None:
        raise NotFound("outlet_unknown", _("There is no such branch."))
    return found


def chosen_outlet(request: Request, store: StoreRef, access: Access | None) -> OutletInfo | None:
    """The outlet this request is about, checked against where the caller works. None: none in particular."""
    found = named_outlet(request, store)
    if found is None and isinstance(request.auth, Device) and access is not None and request.auth.outlet_id:
        return bundle(store.id, store.catalog_version).outlet(str(request.auth.outlet_id))
    if found is not None:
        check_may_act(found, access)
    return found


def check_may_act(outlet: OutletInfo, access: Access | None) -> None:
    """Raise 403 `outlet_forbidden` for staff and devices of other outlets."""
    if access is not None and access.outlets and outlet.id not in access.outlets:
        raise Forbidden("outlet_forbidden", _("You do not work at this branch."))
