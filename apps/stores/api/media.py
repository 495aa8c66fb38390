"""Absolute addresses of uploaded files: the published clients use them as they are."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def media_base(request: Request | HttpRequest) -> str:
    """`https://host/media/` as the caller reached us (a CDN's address when `MEDIA_URL` names one)."""
    return str(request.build_absolute_uri(settings.MEDIA_URL))
