"""URLs of the whole site: admin, the API of every room, its documentation, and the rooms' pages.

Health has none: `core.http.health` answers before any of this.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.mounts import modules

api_v1 = [include(module) for module in modules("api.urls")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    *(path("api/v1/", urls) for urls in api_v1),
    *(path("", include(module)) for module in modules("urls")),
]

if not settings.PRODUCTION:
    # In production the proxy serves uploads from the media volume.
    urlpatterns.append(re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}))

handler400 = "apps.core.http.last_resort.bad_request"
handler404 = "apps.core.http.last_resort.not_found"
handler500 = "apps.core.http.last_resort.server_error"
