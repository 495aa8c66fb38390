"""Routes above a single store: my stores, opening one, on and off line."""

from django.urls import path

from apps.stores.api.views.stores import MyStoreViewSet

urlpatterns = [
    path("stores/", MyStoreViewSet.as_view({"get": "list", "post": "create"})),
    path("stores/s/<slug:slug>/activate/", MyStoreViewSet.as_view({"post": "activate"})),
    path("stores/s/<slug:slug>/deactivate/", MyStoreViewSet.as_view({"post": "deactivate"})),
]
