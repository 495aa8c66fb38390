"""The edge of every store view: find the store, find out what the caller may do there, enter the scope.

Order matters: membership is checked before the scope is entered, a stranger gets the same 404 as for a store
that does not exist, and the scope lasts exactly as long as the view.
"""

from contextlib import ExitStack
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.actors import Actor, ActorKind
from apps.core.problems import NotFound, Unauthenticated
from apps.core.scope import scope
from apps.stores.api.authentication import DeviceAuthentication
from apps.stores.api.outlet_header import chosen_outlet
from apps.stores.models import Device
from apps.stores.permissions import HasStoreAccess, Perm
from apps.stores.queries import access as access_queries
from apps.stores.queries.access import Access, StoreRef
from apps.stores.queries.bundle import OutletInfo
from apps.users.authentication import BearerOrTokenAuthentication, LenientAuthentication
from apps.users.models import User


class StoreViewMixin(APIView):
    """Gives a view `self.store` (a `StoreRef`), `self.access` (None on public routes), the scope, and `self.at_outlet`:
    the branch the request is about, None when it names none.

    `needs` maps a method, or a viewset action, to the permission it takes; `None` (or a missing key when
    `public` is set) is open to everybody. Private by default: a view that says nothing refuses strangers.
    """

    needs: ClassVar[dict[str, Perm | None]] = {}
    public: ClassVar[bool] = False
    permission_classes = [HasStoreAccess]
    authentication_classes = [DeviceAuthentication, BearerOrTokenAuthentication]

    store: StoreRef
    access: Access | None
    at_outlet: OutletInfo | None

    def permission_needed(self, request: Request) -> Perm | None:
        """What the present action takes. A private view that forgot to say so takes the most."""
        action = getattr(self, "action", None) or ""
        method = "GET" if request.method == "HEAD" else request.method or ""
        for name in (action, method):
            if name in self.needs:
                return self.needs[name]
        return None if self.public else Perm.SETTINGS_EDIT

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Leave the scope whatever happens."""
        with ExitStack() as self._stack:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Resolve the store and the caller, check, enter the scope."""
        self.store = access_queries.find_store(str(kwargs.get("slug", "")))
        self.access = self._find_access(request)
        request.access = self.access  # type: ignore[attr-defined]  # read by the permission classes
        if self.access is None and self.permission_needed(request) is not None:
            if not request.user.is_authenticated and request.auth is None:  # a device is somebody, too
                raise Unauthenticated("not_authenticated", _("Log in first."))
            raise NotFound("store_not_found", _("There is no such store."))
        super().initial(request, *args, **kwargs)
        self._stack.enter_context(scope(self.store.id))
        self.at_outlet = chosen_outlet(request, self.store, self.access)

    def _find_access(self, request: Request) -> Access | None:
        if isinstance(request.auth, Device):
            return access_queries.device_access(request.auth) if request.auth.store_id == self.store.id else None
        if isinstance(request.user, User):
            return access_queries.staff_access(user=request.user, store_id=self.store.id)
        return None

    @property
    def actor(self) -> Actor:
        """Who is calling: staff or device of the store, else a customer."""
        if self.access is not None:
            return self.access.actor
        user = self.request.user
        label = user.display_name if isinstance(user, User) else ""
        return Actor(kind=ActorKind.CUSTOMER, id=str(user.pk) if isinstance(user, User) else "guest", label=label)


class StoreAPIView(StoreViewMixin, APIView):
    """A staff view of one store."""


class PublicStoreView(StoreViewMixin, APIView):
    """A storefront view: open to everybody, and a bad token is treated as no token."""

    public = True
    authentication_classes = [DeviceAuthentication, LenientAuthentication]


def created(data: Any) -> Response:
    """201 with a body."""
    return Response(data, status=201)
