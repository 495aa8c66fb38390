"""Variants and pictures of a product."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.serializers.product import (
    NewImageSerializer,
    ProductImageSerializer,
    VariantSerializer,
    stock_wish,
)
from apps.stores.api.serializers.store import OrderOfIdsSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import OpenStoreViewSet, StoreViewSet, documented, found
from apps.stores.models import Product, ProductImage, Variant
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import images, product_image
from apps.stores.services import variant as variants

NEEDS: dict[str, Perm | None] = {
    "list": Perm.CATALOG_VIEW,
    "retrieve": Perm.CATALOG_VIEW,
    "create": Perm.CATALOG_EDIT,
    "partial_update": Perm.CATALOG_EDIT,
    "destroy": Perm.CATALOG_EDIT,
    "reorder": Perm.CATALOG_EDIT,
}

Parsers = list[BaseParser]  # a view method called `list` hides the type in the class below


@documented("products")
class VariantViewSet(OpenStoreViewSet[Variant]):
    """The priced forms of a product."""

    model = Variant
    serializer_class = VariantSerializer
    needs = NEEDS

    def product(self) -> Product:
        """The product in the path, or 404."""
        product: Product = found(Product.objects.filter(pk=self.kwargs["product_id"]))
        return product

    def rows(self) -> QuerySet[Variant]:
        """The product's variants in order."""
        return staff_catalog.variants(self.product().pk)

    def list(self, request: Request, slug: str, product_id: UUID) -> Response:
        """A page of variants."""
        return self.page(self.rows())

    def retrieve(self, request: Request, slug: str, product_id: UUID, id: UUID) -> Response:
        """One variant."""
        return self.show(self.one(id))

    def create(self, request: Request, slug: str, product_id: UUID) -> Response:
        """A new variant."""
        product, values = self.product(), validated(self.shape(request))
        wish = stock_wish(values)
        variant = variants.create(product=product, actor=self.actor, values=values, stock_wish=wish)
        return self.show(self.one(variant.pk), status=201)

    def partial_update(self, request: Request, slug: str, product_id: UUID, id: UUID) -> Response:
        """Change what the body names."""
        variant = self.one(id)
        values = validated(self.shape(request, variant, partial=True))
        wish = stock_wish(values)
        variants.change(variant=variant, actor=self.actor, values=values, stock_wish=wish)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, product_id: UUID, id: UUID) -> Response:
        """Delete a variant."""
        variants.delete(variant=self.one(id), actor=self.actor)
        return Response(status=204)


@documented("products")
class ProductImageViewSet(StoreViewSet[ProductImage]):
    """The pictures of a product; the first one is the main one."""

    model = ProductImage
    serializer_class = ProductImageSerializer
    needs = NEEDS

    def get_parsers(self) -> Parsers:
        """An upload is a multipart form; the rest is JSON."""
        creates = (getattr(self, "action_map", None) or {}).get("post") == "create"
        is_post = getattr(getattr(self, "request", None), "method", "") == "POST"
        return [MultiPartParser()] if creates and is_post else super().get_parsers()

    def product(self) -> Product:
        """The product in the path, or 404."""
        product: Product = found(Product.objects.filter(pk=self.kwargs["product_id"]))
        return product

    def rows(self) -> QuerySet[ProductImage]:
        """The product's pictures in order."""
        return staff_catalog.product_images(self.product().pk)

    def list(self, request: Request, slug: str, product_id: UUID) -> Response:
        """A page of pictures."""
        return self.page(self.rows())

    @extend_schema(request={"multipart/form-data": NewImageSerializer}, responses={201: ProductImageSerializer})
    def create(self, request: Request, slug: str, product_id: UUID) -> Response:
        """Upload a picture. It is checked, turned upright, stripped of its metadata and made at most 2000 px a side."""
        product, values = self.product(), validated(NewImageSerializer(data=request.data))
        content = images.clean(values["image"])
        picture = product_image.add(product=product, content=content, alt=values.get("alt", ""), actor=self.actor)
        return self.show(picture, status=201)

    def partial_update(self, request: Request, slug: str, product_id: UUID, id: UUID) -> Response:
        """Change the text or the place of a picture."""
        picture = self.one(id)
        values = validated(self.shape(request, picture, partial=True))
        return self.show(product_image.change(picture=picture, actor=self.actor, values=values))

    def destroy(self, request: Request, slug: str, product_id: UUID, id: UUID) -> Response:
        """Delete a picture."""
        product_image.delete(picture=self.one(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=OrderOfIdsSerializer, responses=ProductImageSerializer(many=True))
    def reorder(self, request: Request, slug: str, product_id: UUID) -> Response:
        """Put the pictures in the order of `ids`."""
        values = validated(OrderOfIdsSerializer(data=request.data))
        product_image.reorder(product=self.product(), ids=values["ids"], actor=self.actor)
        return self.page(self.rows())
