"""Products over HTTP. Anyone reads what is on the menu; staff read all of it, with its costs, and write."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.remembered import Remembered
from apps.stores.api.filters import ProductFilter
from apps.stores.api.media import media_base
from apps.stores.api.pausing import pause_until, until_of
from apps.stores.api.serializers.product import BulkResultSerializer, BulkSerializer, ProductSerializer, stock_wish
from apps.stores.api.serializers.store import PauseSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import OpenStoreViewSet, documented, named
from apps.stores.models import Product
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import outlet as outlets
from apps.stores.services import product as products
from apps.stores.services import product_bulk, product_copy
from apps.stores.services.product_bulk import BulkAction, BulkChange

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="`ETag` of the copy you edit; 409 if it is old."
)


def etag(product: Product) -> str:
    """Names a version of a product."""
    return f'"{product.updated_at.isoformat()}"'


def seen_version(request: Request) -> datetime | None:
    """The version `If-Match` names. A tag that is none of ours matches nothing."""
    tag = request.headers.get("If-Match", "").removeprefix("W/").strip('"')
    if not tag or tag == "*":
        return None
    try:
        return datetime.fromisoformat(tag)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


_shown_in_public: Remembered[tuple[Any, str]] = Remembered(most=2_000, seconds=60.0)


@documented("products", OpenApiParameter("id", str, OpenApiParameter.PATH, description="Id or slug."))
class ProductViewSet(OpenStoreViewSet[Product]):
    """What the store sells."""

    model = Product
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    needs = {
        "list": None,
        "retrieve": None,
        "create": Perm.CATALOG_EDIT,
        "partial_update": Perm.CATALOG_EDIT,
        "destroy": Perm.CATALOG_EDIT,
        "pause": Perm.CATALOG_PAUSE,
        "unpause": Perm.CATALOG_PAUSE,
        "duplicate": Perm.CATALOG_EDIT,
        "bulk": Perm.CATALOG_EDIT,
    }

    def rows(self) -> QuerySet[Product]:
        """Everything for staff, what is on the menu for everybody else."""
        return staff_catalog.products() if self.is_staff else staff_catalog.public_products()

    def retrieve(self, request: Request, slug: str, id: str) -> Response:
        """One product, by id or slug. What the public sees is made once per version of the menu."""
        if self.is_staff:
            data, tag = self._data(id)
        else:
            key = (self.store.id, self.store.catalog_version, id, media_base(request))
            data, tag = _shown_in_public.get(key, lambda: self._data(id))
        return Response(data, headers={"ETag": tag})

    def _data(self, id: str) -> tuple[Any, str]:
        product = named(self.rows(), id)
        return self.show(product).data, etag(product)

    def create(self, request: Request, slug: str) -> Response:
        """A new product."""
        values = validated(self.shape(request))
        wish = stock_wish(values)
        links = {"groups": values.pop("modifier_groups", ()), "outlets": values.pop("outlets", ())}
        product = products.create(actor=self.actor, values=values, stock_wish=wish, **links)
        return self.show(self.one(product.pk), status=201)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, slug: str, id: str) -> Response:
        """Change what the body names."""
        product = self._own(id)
        values = validated(self.shape(request, product, partial=True))
        wish = stock_wish(values)
        links = {"groups": values.pop("modifier_groups", None), "outlets": values.pop("outlets", None)}
        product = products.change(
            product=product, actor=self.actor, values=values, stock_wish=wish, seen=seen_version(request), **links
        )
        return self._shown(product)

    def destroy(self, request: Request, slug: str, id: str) -> Response:
        """Delete a product; carts lose the line, orders keep what was sold."""
        products.delete(product=self._own(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=PauseSerializer, responses=ProductSerializer)
    def pause(self, request: Request, slug: str, id: str) -> Response:
        """Take it off sale for a while (86); with `X-Outlet-ID` at that branch alone."""
        product, until = self._own(id), pause_until(request)
        if self.at_outlet is not None:
            outlets.pause_product(outlet_id=self.at_outlet.id, product=product, until=until, actor=self.actor)
        else:
            products.pause(product=product, until=until, actor=self.actor)
        return self._shown(product)

    @extend_schema(request=None, responses=ProductSerializer)
    def unpause(self, request: Request, slug: str, id: str) -> Response:
        """Put it back on sale (with `X-Outlet-ID`: as it is at the other branches)."""
        product = self._own(id)
        if self.at_outlet is not None:
            outlets.resume_product(outlet_id=self.at_outlet.id, product=product, actor=self.actor)
        else:
            products.resume(product=product, actor=self.actor)
        return self._shown(product)

    @extend_schema(request=None, responses={201: ProductSerializer})
    def duplicate(self, request: Request, slug: str, id: str) -> Response:
        """A hidden copy to start the next product from."""
        twin = product_copy.duplicate(product=self._own(id), actor=self.actor)
        return self.show(self.one(twin.pk), status=201)

    @extend_schema(request=BulkSerializer, responses=BulkResultSerializer)
    def bulk(self, request: Request, slug: str) -> Response:
        """One change for many products: all of them, or (with an error per row) none."""
        values = validated(BulkSerializer(data=request.data))
        wish = BulkChange(
            action=BulkAction(values["action"]),
            until=until_of(values),
            percent=values.get("percent") or Decimal(0),
            category=values.get("category"),
        )
        return Response({"changed": product_bulk.apply(ids=values["ids"], wish=wish, actor=self.actor)})

    def _own(self, id: str) -> Any:
        """The row to change, without what its shape shows."""
        return named(Product.objects.all(), id)

    def _shown(self, product: Product) -> Response:
        product = self.one(product.pk, staff_catalog.products())
        response = self.show(product)
        response["ETag"] = etag(product)
        return response
