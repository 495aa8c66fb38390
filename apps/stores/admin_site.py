"""The admin site: one store at a time, picked in the header and kept in the session.

Every admin view passes through `admin_view`, so this is where the scope is entered – around the view *and* the rendering of
its page, because change lists run their queries while the template is rendered. With no store to enter, scoped pages
are not there (nobody has permissions) and the fail-closed managers guard the rest.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from apps.core.ids import parse_uuid
from apps.core.scope import scope
from apps.stores.admin_menu import menu
from apps.stores.models import Store
from apps.stores.queries import access as access_queries
from apps.users.models import User

PICKED = "admin_store"
ASKED = "store"
# Longer lists are searched in the platform's own pages, not in a dropdown.
MAX_IN_HEADER = 50

View = Callable[..., HttpResponse]


class StoreAdminSite(UnfoldAdminSite):
    """Unfold's site, inside the scope of the picked store."""

    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Who gets in at all. What they see is decided by their role in the store they picked."""
        if not hasattr(request, "may_enter"):
            request.may_enter = access_queries.may_enter_admin(request.user)  # type: ignore[attr-defined]  # asked several times
        entered: bool = request.may_enter  # type: ignore[attr-defined]
        return entered

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """`view` for people who may enter the admin, inside their store."""

        @wraps(view)
        def in_store(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self._in_store(request, lambda: view(request, *args, **kwargs))

        wrapped: View = super().admin_view(in_store, cacheable)
        return wrapped

    def _in_store(self, request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
        user = request.user
        stores = list(access_queries.stores_of(user)[:MAX_IN_HEADER]) if isinstance(user, User) else []
        if request.method == "GET" and ASKED in request.GET:
            return _pick(request, stores)
        store = _picked(request, stores)
        request.my_stores, request.store = stores, store  # type: ignore[attr-defined]  # read by the pages below
        request.access = (  # type: ignore[attr-defined]
            access_queries.staff_access(user=user, store_id=store.pk) if store and isinstance(user, User) else None
        )
        if store is None:
            return _rendered(call())
        with scope(store.pk):
            return _rendered(call())

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The menu, by what the person may see in the picked store."""
        return menu(self, request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page's header shows: the store, and the others to change to."""
        context: dict[str, Any] = super().each_context(request)
        store: Store | None = getattr(request, "store", None)
        if store is not None:
            context["site_header"] = store.name
            context["site_subheader"] = _("change store") if len(_stores(request)) > 1 else "Comanda"
            context["environment"] = [store.name, "info"]
            context["site_dropdown"] = [_item(other, store) for other in _stores(request)]
        return context


def _stores(request: HttpRequest) -> list[Store]:
    stores: list[Store] = getattr(request, "my_stores", [])
    return stores


def _item(store: Store, current: Store) -> dict[str, Any]:
    icon = "check" if store.pk == current.pk else "storefront"
    return {"title": store.name, "icon": icon, "link": f"{reverse('admin:index')}?{ASKED}={store.slug}", "attrs": {}}


def _picked(request: HttpRequest, stores: list[Store]) -> Store | None:
    """The store of the session if it is still one of mine, else my first."""
    wanted = request.session.get(PICKED)
    return next((store for store in stores if str(store.pk) == wanted), stores[0] if stores else None)


def _pick(request: HttpRequest, stores: list[Store]) -> HttpResponse:
    """`?store=<slug or id>` on any page: remember it and go on without it. A store that is not mine does not exist."""
    wanted = request.GET[ASKED]
    pk = parse_uuid(wanted)
    store = next((store for store in stores if store.pk == pk or store.slug == wanted), None)
    if store is None:
        raise Http404(_("There is no such store."))
    request.session[PICKED] = str(store.pk)
    rest = request.GET.copy()
    del rest[ASKED]
    return HttpResponseRedirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)


def _rendered(response: HttpResponse) -> HttpResponse:
    """The response with its body made now, while the scope is still there."""
    render = getattr(response, "render", None)
    if callable(render) and not getattr(response, "is_rendered", True):
        rendered: HttpResponse = render()
        return rendered
    return response
