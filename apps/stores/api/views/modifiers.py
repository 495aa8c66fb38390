"""Modifier groups and their options over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.filters import GroupFilter
from apps.stores.api.pausing import pause_until
from apps.stores.api.serializers.modifier import GroupSerializer, OptionSerializer
from apps.stores.api.serializers.store import PauseSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented, found
from apps.stores.models import ModifierGroup, ModifierOption
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import modifier as modifiers

NEEDS: dict[str, Perm | None] = {
    "list": Perm.CATALOG_VIEW,
    "retrieve": Perm.CATALOG_VIEW,
    "create": Perm.CATALOG_EDIT,
    "partial_update": Perm.CATALOG_EDIT,
    "destroy": Perm.CATALOG_EDIT,
    "pause": Perm.CATALOG_PAUSE,
    "unpause": Perm.CATALOG_PAUSE,
}


@documented("modifier groups")
class ModifierGroupViewSet(StoreViewSet[ModifierGroup]):
    """Questions asked of the customer, shared between products."""

    model = ModifierGroup
    serializer_class = GroupSerializer
    filterset_class = GroupFilter
    needs = NEEDS

    def rows(self) -> QuerySet[ModifierGroup]:
        """All groups by name."""
        return staff_catalog.modifier_groups()

    def create(self, request: Request, slug: str) -> Response:
        """A new group with its options."""
        values = validated(self.shape(request))
        options = values.pop("options", ())
        group = modifiers.create(actor=self.actor, values=values, options=options)
        return self.show(self.one(group.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; `options` replaces the list (rows are recognised by slug)."""
        group = found(ModifierGroup.objects.filter(pk=id))
        values = validated(self.shape(request, group, partial=True))
        options = values.pop("options", None)
        modifiers.change(group=group, actor=self.actor, values=values, options=options)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete a group; products no longer ask it."""
        modifiers.delete(group=found(ModifierGroup.objects.filter(pk=id)), actor=self.actor)
        return Response(status=204)


@documented("modifier groups")
class OptionViewSet(StoreViewSet[ModifierOption]):
    """The options of a group."""

    model = ModifierOption
    serializer_class = OptionSerializer
    needs = NEEDS

    def group(self) -> ModifierGroup:
        """The group in the path, or 404."""
        group: ModifierGroup = found(ModifierGroup.objects.filter(pk=self.kwargs["group_id"]))
        return group

    def rows(self) -> QuerySet[ModifierOption]:
        """The group's options in order."""
        return staff_catalog.options().filter(group=self.group())

    def list(self, request: Request, slug: str, group_id: UUID) -> Response:
        """A page of options."""
        return self.page(self.rows())

    def create(self, request: Request, slug: str, group_id: UUID) -> Response:
        """One more option."""
        group, values = self.group(), validated(self.shape(request))
        option = modifiers.add_option(group=group, actor=self.actor, values=values)
        return self.show(self.one(option.pk), status=201)

    def partial_update(self, request: Request, slug: str, group_id: UUID, id: UUID) -> Response:
        """Change what the body names."""
        option = self.one(id)
        values = validated(self.shape(request, option, partial=True))
        modifiers.change_option(option=option, actor=self.actor, values=values)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, group_id: UUID, id: UUID) -> Response:
        """Delete an option."""
        modifiers.delete_option(option=self.one(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=PauseSerializer, responses=OptionSerializer)
    def pause(self, request: Request, slug: str, group_id: UUID, id: UUID) -> Response:
        """Take it off sale for a while (86)."""
        modifiers.pause_option(option=self.one(id), until=pause_until(request), actor=self.actor)
        return self.show(self.one(id))

    @extend_schema(request=None, responses=OptionSerializer)
    def unpause(self, request: Request, slug: str, group_id: UUID, id: UUID) -> Response:
        """Put it back on sale."""
        modifiers.resume_option(option=self.one(id), actor=self.actor)
        return self.show(self.one(id))
