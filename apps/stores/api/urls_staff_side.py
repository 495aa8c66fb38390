"""Routes of the staff side under a store: saved views, adjustments, drafts, sheets."""

from typing import Any

from django.urls import URLPattern, URLResolver, path

from apps.stores.api.urls_catalog import posts, resource
from apps.stores.api.views import draft_links, sheets
from apps.stores.api.views.adjusting import AdjustView
from apps.stores.api.views.drafts import DraftViewSet
from apps.stores.api.views.saved_views import SavedViewSet


def drafts_urls(prefix: str, view: Any) -> list[Any]:
    """A draft, its lines and what is done with it."""
    return [
        *resource(prefix, view),
        *posts(f"{prefix}<uuid:id>/", view, "adjust", "send", "place"),
        path(f"{prefix}<uuid:id>/items/", view.as_view({"post": "add_items"})),
        path(
            f"{prefix}<uuid:id>/items/<uuid:line_id>/", view.as_view({"patch": "change_item", "delete": "remove_item"})
        ),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *resource("order-views/", SavedViewSet),
    *drafts_urls("drafts/", DraftViewSet),
    path("imports/<slug:kind>/", sheets.ImportView.as_view()),
    path("exports/<slug:kind>/", sheets.ExportView.as_view()),
    path("orders/<str:ref>/adjust/", AdjustView.as_view()),
]
global_patterns: list[Any] = [
    path("stores/drafts/by-token/<str:token>/", draft_links.OfferView.as_view()),
    path("stores/drafts/by-token/<str:token>/confirm/", draft_links.ConfirmView.as_view()),
]
