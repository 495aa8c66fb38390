"""At which branch an order is placed: what a caller may claim of it, and what is known of him."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Refused
from apps.stores.api.outlet_header import check_may_act
from apps.stores.queries.bundle import bundle
from apps.stores.services.channels import TYPED_IN
from apps.stores.services.placing_rules import Wish


def placed_at(view: Any, wish: Wish) -> Wish:
    """The wish at the branch the caller stands at (`X-Outlet-ID`, a paired device), else the one the body names.

    Raises 422 `outlet_mismatch` when the body names another branch than the header, 403 `outlet_forbidden` for staff of
    other branches who type in an order.
    """
    return replace(wish, outlet=_outlet(view, wish, wish.channel))


def _outlet(view: Any, wish: Wish, channel: str) -> str:
    named = bundle(view.store.id, view.store.catalog_version).outlet(wish.outlet) if wish.outlet else None
    here = view.at_outlet
    if here is not None:
        if wish.outlet and (named is None or named.id != here.id):
            raise Refused("outlet_mismatch", _("The order names another branch than the one it is placed at."))
        return str(here.id)
    if named is not None and channel in TYPED_IN:
        check_may_act(named, view.access)
    return wish.outlet
