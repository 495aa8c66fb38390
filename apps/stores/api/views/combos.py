"""Combos over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.filters import ComboFilter
from apps.stores.api.pausing import pause_until
from apps.stores.api.serializers.combo import ComboSerializer
from apps.stores.api.serializers.store import PauseSerializer, UploadSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented, found
from apps.stores.models import Combo
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import combo as combos
from apps.stores.services import images


@documented("combos")
class ComboViewSet(StoreViewSet[Combo]):
    """Sets sold at one price."""

    model = Combo
    serializer_class = ComboSerializer
    filterset_class = ComboFilter
    needs = {
        "list": Perm.CATALOG_VIEW,
        "retrieve": Perm.CATALOG_VIEW,
        "create": Perm.CATALOG_EDIT,
        "partial_update": Perm.CATALOG_EDIT,
        "destroy": Perm.CATALOG_EDIT,
        "pause": Perm.CATALOG_PAUSE,
        "unpause": Perm.CATALOG_PAUSE,
        "put_image": Perm.CATALOG_EDIT,
        "delete_image": Perm.CATALOG_EDIT,
    }

    def rows(self) -> QuerySet[Combo]:
        """All combos in order."""
        return staff_catalog.combos()

    def create(self, request: Request, slug: str) -> Response:
        """A new combo."""
        values = validated(self.shape(request))
        slots = values.pop("slots", ())
        combo = combos.create(actor=self.actor, values=values, slots=slots)
        return self.show(self.one(combo.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; `slots` replaces the list (rows are recognised by slug)."""
        combo = self._own(id)
        values = validated(self.shape(request, combo, partial=True))
        slots = values.pop("slots", None)
        combos.change(combo=combo, actor=self.actor, values=values, slots=slots)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete a combo."""
        combos.delete(combo=self._own(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=PauseSerializer, responses=ComboSerializer)
    def pause(self, request: Request, slug: str, id: UUID) -> Response:
        """Take it off sale for a while (86)."""
        combos.pause(combo=self._own(id), until=pause_until(request), actor=self.actor)
        return self.show(self.one(id))

    @extend_schema(request=None, responses=ComboSerializer)
    def unpause(self, request: Request, slug: str, id: UUID) -> Response:
        """Put it back on sale."""
        combos.resume(combo=self._own(id), actor=self.actor)
        return self.show(self.one(id))

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses=ComboSerializer)
    def put_image(self, request: Request, slug: str, id: UUID) -> Response:
        """Give it a picture."""
        combo, values = self._own(id), validated(UploadSerializer(data=request.data))
        combos.set_image(combo=combo, content=images.clean(values["image"]), actor=self.actor)
        return self.show(self.one(id))

    def delete_image(self, request: Request, slug: str, id: UUID) -> Response:
        """Take its picture away."""
        combos.set_image(combo=self._own(id), content=None, actor=self.actor)
        return Response(status=204)

    def _own(self, pk: UUID) -> Combo:
        combo: Combo = found(Combo.objects.filter(pk=pk))
        return combo
