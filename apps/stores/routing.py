"""Socket addresses of the commerce core."""

from django.urls import path

from apps.stores.consumers import OrdersConsumer, TrackingConsumer

websocket_urlpatterns = [
    path("ws/stores/<str:store>/orders/", OrdersConsumer.as_asgi()),
    path("ws/orders/<str:token>/", TrackingConsumer.as_asgi()),
]
