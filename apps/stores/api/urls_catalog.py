"""Staff routes of one store's settings, outlets, menu and stock; included under a store's path (`<slug>`)."""

from typing import Any

from django.urls import path

from apps.stores.api.views.categories import CategoryViewSet, ProductTypeViewSet
from apps.stores.api.views.combos import ComboViewSet
from apps.stores.api.views.delivery_zones import DeliveryZoneViewSet, ShippingZoneViewSet
from apps.stores.api.views.modifiers import ModifierGroupViewSet, OptionViewSet
from apps.stores.api.views.outlets import OutletViewSet, OverrideViewSet, SpecialDayViewSet
from apps.stores.api.views.price_lists import PriceListMemberViewSet, PriceListViewSet
from apps.stores.api.views.product_parts import ProductImageViewSet, VariantViewSet
from apps.stores.api.views.products import ProductViewSet
from apps.stores.api.views.promotions import CouponBatchViewSet, CouponViewSet, PromotionViewSet
from apps.stores.api.views.stock import StockViewSet
from apps.stores.api.views.stores import SettingsViewSet

LIST: dict[str, Any] = {"get": "list", "post": "create"}
CHANGE: dict[str, Any] = {"patch": "partial_update", "delete": "destroy"}
ONE: dict[str, Any] = {"get": "retrieve", **CHANGE}
PAUSES = ("pause", "unpause")


def posts(prefix: str, view: Any, *verbs: str) -> list[Any]:
    """`POST …/<verb>/` for each verb."""
    return [path(f"{prefix}{verb}/", view.as_view({"post": verb})) for verb in verbs]


def resource(prefix: str, view: Any, one: dict[str, Any] | None = None) -> list[Any]:
    """The list and the row of a noun."""
    return [path(prefix, view.as_view(LIST)), path(f"{prefix}<uuid:id>/", view.as_view(one or ONE))]


def pictured(prefix: str, view: Any) -> list[Any]:
    """The one picture of a row."""
    return [path(f"{prefix}image/", view.as_view({"put": "put_image", "delete": "delete_image"}))]


PRODUCT = "products/<uuid:product_id>/"
GROUP = "modifier-groups/<uuid:group_id>/"
OUTLET = "outlets/<uuid:outlet_id>/"

urlpatterns = [
    path("settings/", SettingsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    *resource("outlets/", OutletViewSet),
    *resource(f"{OUTLET}special-days/", SpecialDayViewSet, {"delete": "destroy"}),
    *resource(f"{OUTLET}overrides/", OverrideViewSet, {"delete": "destroy"}),
    *posts("categories/", CategoryViewSet, "reorder"),
    path("categories/", CategoryViewSet.as_view(LIST)),
    path("categories/<slug:id>/", CategoryViewSet.as_view(ONE)),
    *pictured("categories/<slug:id>/", CategoryViewSet),
    *resource("product-types/", ProductTypeViewSet),
    *posts("products/", ProductViewSet, "bulk"),
    path("products/", ProductViewSet.as_view(LIST)),
    path("products/<slug:id>/", ProductViewSet.as_view(ONE)),
    *posts("products/<slug:id>/", ProductViewSet, *PAUSES, "duplicate"),
    *resource(f"{PRODUCT}variants/", VariantViewSet),
    *posts(f"{PRODUCT}images/", ProductImageViewSet, "reorder"),
    *resource(f"{PRODUCT}images/", ProductImageViewSet, CHANGE),
    *resource("modifier-groups/", ModifierGroupViewSet),
    *resource(f"{GROUP}options/", OptionViewSet, CHANGE),
    *posts(f"{GROUP}options/<uuid:id>/", OptionViewSet, *PAUSES),
    *resource("combos/", ComboViewSet),
    *posts("combos/<uuid:id>/", ComboViewSet, *PAUSES),
    *pictured("combos/<uuid:id>/", ComboViewSet),
    *resource("stock/", StockViewSet),
    *posts("stock/<uuid:id>/", StockViewSet, "adjust"),
    path("stock/<uuid:id>/moves/", StockViewSet.as_view({"get": "moves"})),
    *resource("delivery-zones/", DeliveryZoneViewSet),
    *resource("shipping-zones/", ShippingZoneViewSet),
    *resource("promotions/", PromotionViewSet),
    path("coupons/stats/", CouponViewSet.as_view({"get": "stats"})),
    *resource("coupons/", CouponViewSet),
    *posts("coupons/<uuid:id>/", CouponViewSet, "toggle_active"),
    *resource("coupon-batches/", CouponBatchViewSet),
    path("coupon-batches/<uuid:id>/codes/", CouponBatchViewSet.as_view({"get": "codes"})),
    *resource("price-lists/", PriceListViewSet),
    *resource("price-lists/<uuid:price_list_id>/members/", PriceListMemberViewSet, {"delete": "destroy"}),
]
