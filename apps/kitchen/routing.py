"""Socket addresses of the kitchen."""

from django.urls import path

from apps.kitchen.consumers import KitchenConsumer

websocket_urlpatterns = [
    path("ws/stores/<str:store>/kitchen/", KitchenConsumer.as_asgi()),
    path("ws/stores/<str:store>/kitchen/<slug:station>/", KitchenConsumer.as_asgi()),
]
