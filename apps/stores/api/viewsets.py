"""The common ground of staff resources: scoped rows, envelope lists, 404 for what is not of this store."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.core.problems import NotFound
from apps.stores.api.authentication import DeviceAuthentication
from apps.stores.api.base import StoreViewMixin
from apps.stores.api.fields import reference
from apps.stores.permissions import Perm
from apps.users.authentication import LenientAuthentication

M = TypeVar("M", bound=models.Model)
STORE = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="Slug or id of the store.")


def documented(tag: str, *parameters: OpenApiParameter) -> Callable[[type[Any]], type[Any]]:
    """Names the tag, the store parameter and others of every operation of a view."""
    decorate: Callable[[type[Any]], type[Any]] = extend_schema(tags=[tag], parameters=[STORE, *parameters])
    return decorate


class StoreViewSet(StoreViewMixin, GenericViewSet[M], Generic[M]):
    """A resource of one store. Subclasses say `model`, `serializer_class`, `needs`, and `rows()`."""

    model: type[M]

    def rows(self) -> QuerySet[M]:
        """The rows this view is about, in the scope, in their usual order."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[M]:
        """`rows()`; the schema generator, which has no store, only learns the model."""
        if getattr(self, "swagger_fake_view", False):
            return QuerySet(self.model)
        return self.rows()

    def one(self, pk: UUID, rows: QuerySet[Any] | None = None) -> Any:
        """The row with this key. Raises 404, for another store's row as well."""
        return found((self.rows() if rows is None else rows).filter(pk=pk))

    def page(self, rows: QuerySet[Any], serializer: type[serializers.BaseSerializer[Any]] | None = None) -> Response:
        """One page of rows in the envelope."""
        page: Any = self.paginate_queryset(rows)
        kind = serializer or self.get_serializer_class()
        return self.get_paginated_response(kind(page, many=True, context=self.get_serializer_context()).data)

    def show(
        self, row: Any, status: int = 200, serializer: type[serializers.BaseSerializer[Any]] | None = None
    ) -> Response:
        """One row."""
        kind = serializer or self.get_serializer_class()
        return Response(kind(row, context=self.get_serializer_context()).data, status=status)

    def shape(self, request: Request, row: Any = None, *, kind: type[Any] | None = None, partial: bool = False) -> Any:
        """The serializer for the request's body."""
        return (kind or self.get_serializer_class())(
            row, data=request.data, partial=partial, context=self.get_serializer_context()
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of rows."""
        return self.page(self.filter_queryset(self.get_queryset()))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row."""
        return self.show(self.one(kwargs["id"]))


class OpenStoreViewSet(StoreViewSet[M]):
    """A resource whose reads are public. What is not named `None` in `needs` still takes a permission.

    A bad token reads as nobody; to write, nobody is asked to log in.
    """

    authentication_classes = [DeviceAuthentication, LenientAuthentication]

    @property
    def is_staff(self) -> bool:
        """Whether the caller is a person of the store who may see the menu's inside."""
        return self.access is not None and bool(self.access.role) and Perm.CATALOG_VIEW in self.access.permissions

    def get_serializer_context(self) -> dict[str, Any]:
        """Tells serializers whether to show staff fields."""
        staff = getattr(self, "swagger_fake_view", False) or self.is_staff
        return {**super().get_serializer_context(), "staff": staff}


def named(rows: QuerySet[Any], id: str) -> Any:
    """The row with this id or slug, or 404."""
    lookup = reference(id, rows.model)
    return found(rows.filter(**lookup) if lookup else rows.none())


def found(rows: QuerySet[Any]) -> Any:
    """The first row, or 404."""
    row = rows.first()
    if row is None:
        raise NotFound("not_found", _("Not found."))
    return row
