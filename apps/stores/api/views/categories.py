"""Categories and product types over HTTP. Anyone reads the categories that are shown."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.filters import CategoryFilter
from apps.stores.api.serializers.category import CategorySerializer, ProductTypeSerializer
from apps.stores.api.serializers.store import OrderOfIdsSerializer, UploadSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import OpenStoreViewSet, StoreViewSet, documented, named
from apps.stores.models import Category, ProductType
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import category as categories
from apps.stores.services import images
from apps.stores.services import product_type as product_types


@documented("categories", OpenApiParameter("id", str, OpenApiParameter.PATH, description="Id or slug."))
class CategoryViewSet(OpenStoreViewSet[Category]):
    """Sections of the menu."""

    model = Category
    serializer_class = CategorySerializer
    filterset_class = CategoryFilter
    needs = {
        "list": None,
        "retrieve": None,
        "create": Perm.CATALOG_EDIT,
        "partial_update": Perm.CATALOG_EDIT,
        "destroy": Perm.CATALOG_EDIT,
        "reorder": Perm.CATALOG_EDIT,
        "put_image": Perm.CATALOG_EDIT,
        "delete_image": Perm.CATALOG_EDIT,
    }

    def rows(self) -> QuerySet[Category]:
        """All for staff, the shown ones for everybody else."""
        return staff_catalog.categories() if self.is_staff else staff_catalog.public_categories()

    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """One category, by id or slug."""
        return self.show(named(self.rows(), id))

    def create(self, request: Request, slug: str) -> Response:
        """A new category, last in the list unless `position` is given."""
        category = categories.create(actor=self.actor, values=validated(self.shape(request)))
        return self._shown(category.pk, 201)

    def partial_update(self, request: Request, slug: str, id: str) -> Response:
        """Change what the body names."""
        category = self._own(id)
        values = validated(self.shape(request, category, partial=True))
        categories.change(category=category, actor=self.actor, values=values)
        return self._shown(category.pk)

    def destroy(self, request: Request, slug: str, id: str) -> Response:
        """Delete an empty category; 409 while something is in it."""
        categories.delete(category=self._own(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=OrderOfIdsSerializer, responses={204: None})
    def reorder(self, request: Request, slug: str) -> Response:
        """Put categories in the order of `ids`."""
        values = validated(OrderOfIdsSerializer(data=request.data))
        categories.reorder(ids=values["ids"], actor=self.actor)
        return Response(status=204)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses=CategorySerializer)
    def put_image(self, request: Request, slug: str, id: str) -> Response:
        """Give it a picture."""
        category, values = self._own(id), validated(UploadSerializer(data=request.data))
        categories.set_image(category=category, content=images.clean(values["image"]), actor=self.actor)
        return self._shown(category.pk)

    def delete_image(self, request: Request, slug: str, id: str) -> Response:
        """Take its picture away."""
        categories.set_image(category=self._own(id), content=None, actor=self.actor)
        return Response(status=204)

    def _own(self, id: str) -> Category:
        category: Category = named(Category.objects.all(), id)
        return category

    def _shown(self, pk: UUID, status: int = 200) -> Response:
        return self.show(self.one(pk, staff_catalog.categories()), status)


@documented("product types")
class ProductTypeViewSet(StoreViewSet[ProductType]):
    """Kinds of products with their typed attributes."""

    model = ProductType
    serializer_class = ProductTypeSerializer
    needs = {
        "list": Perm.CATALOG_VIEW,
        "retrieve": Perm.CATALOG_VIEW,
        "create": Perm.CATALOG_EDIT,
        "partial_update": Perm.CATALOG_EDIT,
        "destroy": Perm.CATALOG_EDIT,
    }

    def rows(self) -> QuerySet[ProductType]:
        """All types by name."""
        return staff_catalog.product_types()

    def create(self, request: Request, slug: str) -> Response:
        """A new type."""
        values = validated(self.shape(request))
        attributes = values.pop("attributes", ())
        row = product_types.create(actor=self.actor, values=values, attributes=attributes)
        return self.show(self.one(row.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; `attributes` replaces the list."""
        row = self.one(id)
        values = validated(self.shape(request, row, partial=True))
        attributes = values.pop("attributes", None)
        product_types.change(product_type=row, actor=self.actor, values=values, attributes=attributes)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete a type no product has."""
        product_types.delete(product_type=self.one(id), actor=self.actor)
        return Response(status=204)
