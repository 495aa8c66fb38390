"""What we are compared with: Django with our middlewares and one view that sends ready bytes. Nothing else."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

application = get_wsgi_application()
settings.ROOT_URLCONF = "tools.bench.bare"
BODIES = {file.stem: file.read_bytes() for file in Path(os.environ.get("BENCH_BODIES", "/dev/null")).glob("*.json")}


def view(_request: HttpRequest, name: str) -> HttpResponse:
    """The same bytes as what it is compared with."""
    return HttpResponse(BODIES[name], content_type="application/json")


urlpatterns = [path("bare/<str:name>/", view)]
