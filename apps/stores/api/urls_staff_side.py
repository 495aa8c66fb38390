"""Routes of the staff side under a store: saved views, adjustments, drafts, sheets."""

from typing import Any

from django.urls import URLPattern, URLResolver, path

from apps.stores.api.urls_catalog import resource
from apps.stores.api.views import sheets
from apps.stores.api.views.adjusting import AdjustView
from apps.stores.api.views.saved_views import SavedViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    *resource("order-views/", SavedViewSet),
    path("imports/<slug:kind>/", sheets.ImportView.as_view()),
    path("exports/<slug:kind>/", sheets.ExportView.as_view()),
    path("orders/<str:ref>/adjust/", AdjustView.as_view()),
]
global_patterns: list[Any] = []
