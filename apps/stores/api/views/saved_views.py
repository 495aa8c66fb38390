"""Saved views of the order list: mine, and those of the whole store."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Forbidden
from apps.stores.api.order_search import FILTERS
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented
from apps.stores.models import SavedView
from apps.stores.permissions import Perm
from apps.stores.queries import saved_views as queries
from apps.stores.services import saved_views
from apps.users.models import User


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class FiltersField(serializers.DictField):
    """Filters of the order list by name."""

    child = serializers.CharField(max_length=200, allow_blank=True)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Only filters the list has."""
        value = super().run_validation(data)
        unknown = sorted(set(value) - set(FILTERS))
        if unknown:
            raise serializers.ValidationError(_("Unknown: %(name)s") % {"name": unknown[0][:40]}, code="unknown_filter")
        return value


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A named set of filters. `shared`: everybody in the store has it."""

    query = FiltersField()
    shared = serializers.BooleanField(required=False, write_only=True, default=False)
    is_shared = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "position", "shared", "is_shared", "created_at"]
        read_only_fields: ClassVar[list[str]] = ["id", "created_at"]

    def get_is_shared(self, view: SavedView) -> bool:
        """Whether it is everybody's."""
        return view.user_id is None


@documented("orders")
class SavedViewSet(StoreViewSet[SavedView]):
    """What people look for again and again."""

    model = SavedView
    serializer_class = SavedViewSerializer
    needs = dict.fromkeys(("list", "retrieve", "create", "partial_update", "destroy"), Perm.ORDERS_VIEW)

    def rows(self) -> QuerySet[SavedView]:
        """Mine and the store's."""
        return queries.views_of(self._user_id)

    @property
    def _user_id(self) -> UUID | None:
        return self.request.user.pk if isinstance(self.request.user, User) else None

    def create(self, request: Request, slug: str) -> Response:
        """Keep a view for me, or (with `shared`, for who may change settings) for everybody."""
        values = validated(self.shape(request))
        shared = values.pop("shared")
        self._check(shared)
        row = saved_views.create(user_id=None if shared else self._user_id, actor=self.actor, values=values)
        return self.show(row, status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Rename it or change its filters."""
        row = self.one(id)
        self._check(row.user_id is None)
        values = validated(self.shape(request, row, partial=True))
        values.pop("shared", None)
        return self.show(saved_views.change(view=row, actor=self.actor, values=values))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Forget it."""
        row = self.one(id)
        self._check(row.user_id is None)
        saved_views.delete(view=row, actor=self.actor)
        return Response(status=204)

    def _check(self, shared: bool) -> None:
        held = self.access.permissions if self.access else frozenset()
        if (shared or self._user_id is None) and Perm.SETTINGS_EDIT not in held:
            raise Forbidden("forbidden", _("You may keep views for yourself only."))
