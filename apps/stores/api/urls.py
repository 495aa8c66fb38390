"""Routes of the commerce core under `/api/v1/`. Global routes come first: a store cannot be called `orders`."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from apps.stores.api.views import cart, coupons, couriers, delivery, events, maps, orders, storefront, tracking

# Everything below one store. Mounted canonically at `stores/s/<slug>/` and, for the web clients, at `stores/<slug>/`.
store_patterns: list[URLPattern | URLResolver] = [
    path("", storefront.StoreView.as_view()),
    path("catalog/", storefront.CatalogView.as_view()),
    path("cart/", cart.CartView.as_view()),
    path("cart/add/", cart.CartAddView.as_view()),
    path("cart/item/<str:line_id>/", cart.CartItemView.as_view()),
    path("cart/clear/", cart.CartClearView.as_view()),
    path("checkout/", storefront.CheckoutView.as_view()),
    path("validate-coupon/", coupons.ValidateCouponView.as_view()),
    path("delivery-fee/", delivery.DeliveryFeeView.as_view()),
    path("validate-delivery/", delivery.ValidateDeliveryView.as_view()),
    path("route/", delivery.RouteView.as_view()),
    path("autosuggest/", delivery.AutosuggestView.as_view()),
    path("orders/", orders.OrderListView.as_view()),
    path("orders/<str:ref>/", tracking.StoreOrderView.as_view()),
    path("orders/<str:ref>/payment-status/", tracking.StorePaymentStatusView.as_view()),
    path("orders/<str:ref>/whatsapp/", tracking.StoreOrderWhatsAppView.as_view()),
    path("orders/<str:ref>/update_status/", orders.UpdateStatusView.as_view()),
    path("orders/<str:ref>/cancel/", orders.CancelView.as_view()),
    path("orders/<str:ref>/mark_paid/", orders.MarkPaidView.as_view()),
    path("orders/<str:ref>/timeline/", orders.TimelineView.as_view()),
    path("orders/<str:ref>/assign_courier/", couriers.AssignCourierView.as_view()),
    path("couriers/", couriers.CourierListView.as_view()),
    path("deliveries/", couriers.DeliveryListView.as_view()),
    path("deliveries/<str:ref>/", couriers.DeliveryView.as_view()),
    path("deliveries/<str:ref>/pick_up/", couriers.PickUpView.as_view()),
    path("deliveries/<str:ref>/deliver/", couriers.DeliverView.as_view()),
    path("events/", events.EventFeedView.as_view()),
]

global_patterns: list[URLPattern | URLResolver] = [
    path("stores/maps/geocode/", maps.GeocodeView.as_view()),
    path("stores/maps/reverse-geocode/", maps.ReverseGeocodeView.as_view()),
    path("stores/maps/zip-codes/<str:code>/", maps.PostalCodeView.as_view()),
    path("stores/orders/", tracking.MyOrdersView.as_view()),
    path("stores/orders/by-token/<str:token>/", tracking.ByTokenView.as_view()),
    path("stores/orders/<str:ref>/", tracking.GlobalOrderView.as_view()),
    path("stores/orders/<str:ref>/payment-status/", tracking.GlobalPaymentStatusView.as_view()),
    path("stores/orders/<str:ref>/whatsapp/", tracking.GlobalWhatsAppView.as_view()),
]


def _optional(module: str, name: str) -> list[URLPattern | URLResolver]:
    return list(getattr(import_module(module), name, [])) if find_spec(module) else []


store_patterns += _optional("apps.stores.api.urls_catalog", "urlpatterns") + _optional(
    "apps.stores.api.urls_staff", "urlpatterns"
)
store_patterns += _optional("apps.stores.api.urls_customers", "urlpatterns")
global_patterns += _optional("apps.stores.api.urls_customers", "global_patterns")
store_patterns += _optional("apps.stores.api.urls_when", "urlpatterns")
store_patterns += _optional("apps.stores.api.urls_staff_side", "urlpatterns")
global_patterns = _optional("apps.stores.api.urls_staff_side", "global_patterns") + global_patterns
global_patterns += _optional("apps.stores.api.urls_stores", "urlpatterns") + _optional(
    "apps.stores.api.urls_staff", "global_patterns"
)

urlpatterns = [
    *global_patterns,
    path("stores/s/<slug:slug>/", include(store_patterns)),
    path("stores/<slug:slug>/", include(store_patterns)),
]
