"""My stores, opening one, settings, on and off line."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.ids import parse_uuid
from apps.core.problems import NotFound
from apps.stores.api.serializers.store import (
    MyStoreSerializer,
    NewStoreSerializer,
    SettingsSerializer,
    StatusSerializer,
)
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import STORE, StoreViewSet, documented, found
from apps.stores.models import Store
from apps.stores.permissions import IsStoreOwner, Perm
from apps.stores.queries import access as access_queries
from apps.stores.services import images
from apps.stores.services import store as stores
from apps.users.models import User

PICTURES = ("logo", "banner")


class MyStoreViewSet(GenericViewSet[Store]):
    """The stores of whoever is logged in, on line or not."""

    serializer_class = MyStoreSerializer
    store: Store
    access: access_queries.Access

    def get_queryset(self) -> QuerySet[Store]:
        """Stores I work in, oldest first."""
        user = self.request.user
        return access_queries.stores_of(user) if isinstance(user, User) else Store.objects.none()

    @extend_schema(tags=["stores"])
    def list(self, request: Request) -> Response:
        """A page of my stores."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self._shown(list(page or []), many=True))

    @extend_schema(tags=["stores"], request=NewStoreSerializer, responses={201: MyStoreSerializer})
    def create(self, request: Request) -> Response:
        """Open a store. Whoever does becomes its owner; its main outlet is made with it."""
        assert isinstance(request.user, User)
        values = validated(NewStoreSerializer(data=request.data))
        store = stores.open_store(owner=request.user, values=values)
        return Response(self._shown(store), status=201)

    @extend_schema(tags=["stores"], parameters=[STORE], request=None, responses=StatusSerializer)
    def activate(self, request: Request, slug: str) -> Response:
        """Put a store back on line (owners)."""
        return self._set_online(online=True)

    @extend_schema(tags=["stores"], parameters=[STORE], request=None, responses=StatusSerializer)
    def deactivate(self, request: Request, slug: str) -> Response:
        """Take a store off line (owners): its pages and API answer 404 until it is put back."""
        return self._set_online(online=False)

    def check_permissions(self, request: Request) -> None:
        """Logged in; and where a store is named, its owner. A store that is not mine is not found."""
        super().check_permissions(request)
        if "slug" not in self.kwargs:
            return
        self.store = found(self.get_queryset().filter(**reference_of_store(self.kwargs["slug"])))
        access = access_queries.staff_access(user=cast(User, request.user), store_id=self.store.pk)
        if access is None:
            raise NotFound("store_not_found", _("There is no such store."))
        request.access = access  # type: ignore[attr-defined]  # read by the permission classes
        if not IsStoreOwner().has_permission(request, self):
            self.permission_denied(request, message=str(IsStoreOwner.message), code=IsStoreOwner.code)
        self.access = access

    def _set_online(self, *, online: bool) -> Response:
        stores.set_online(store=self.store, online=online, actor=self.access.actor)
        return Response({"status": self.store.status})

    def _shown(self, rows: Any, *, many: bool = False) -> Any:
        pks: list[UUID] = [row.pk for row in (rows if many else [rows])]
        user = self.request.user
        roles = access_queries.roles_in(user, pks) if isinstance(user, User) else {}
        context = {**self.get_serializer_context(), "roles": roles}
        return MyStoreSerializer(rows, many=many, context=context).data


def reference_of_store(slug: str) -> dict[str, Any]:
    """How to look a store up by what is in the path."""
    pk = parse_uuid(slug)
    return {"pk": pk} if pk else {"slug": slug}


@documented("settings")
class SettingsViewSet(StoreViewSet[Store]):
    """Everything about the store that its people set."""

    model = Store
    serializer_class = SettingsSerializer
    needs = {"retrieve": Perm.SETTINGS_VIEW, "partial_update": Perm.SETTINGS_EDIT}

    def rows(self) -> QuerySet[Store]:
        """The one store."""
        return Store.objects.filter(pk=self.store.id)

    def retrieve(self, request: Request, slug: str) -> Response:
        """The settings."""
        return self.show(found(self.rows()))

    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what the body names. Pictures come in a multipart body, in which objects are JSON texts."""
        store: Store = found(self.rows())
        values = validated(self.shape(request, store, partial=True))
        pictures = {name: values.pop(name) for name in PICTURES if name in values}
        cleaned = {name: images.clean(file) if file else None for name, file in pictures.items()}
        stores.change(store=store, actor=self.actor, values=values, pictures=cleaned)
        return self.show(found(self.rows()))
