"""Views that fail in every way a view can, for `test_problems.py` (mounted by its `urls` mark)."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import problems
from apps.core.http.pagination import PagePagination
from config import urls


class Street(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    number = serializers.IntegerField()


class Body(serializers.Serializer[Any]):
    title = serializers.CharField()
    address = Street(required=False)
    stops = Street(many=True, required=False)
    tags = serializers.ListField(child=serializers.IntegerField(), required=False)


RAISED: dict[str, Exception] = {
    "invalid": problems.Invalid("wrong_shape", "Wrong shape.", errors={"name": ["Too long."]}),
    "unauthenticated": problems.Unauthenticated("not_authenticated", "Log in first."),
    "forbidden": problems.Forbidden("forbidden", "Not you."),
    "not_found": problems.NotFound("order_not_found", "No such order."),
    "conflict": problems.Conflict("stale_state", "Too late.", current="ready"),
    "too_large": problems.TooLarge("body_too_large", "Too large."),
    "refused": problems.Refused("closed", "We are closed.", opens_at="18:00"),
    "too_many": problems.TooMany("slow_down", "Slow down.", retry_after=7),
    "unavailable": problems.Unavailable("unavailable", "Later.", retry_after=2),
    "drf_not_found": exceptions.NotFound(),
    "drf_throttled": exceptions.Throttled(wait=2.5),
    "drf_throttled_without_wait": exceptions.Throttled(),
    "drf_denied": exceptions.PermissionDenied(),
    "drf_denied_list": exceptions.PermissionDenied(["One.", "Two."]),
    "drf_login": exceptions.NotAuthenticated(),
    "drf_bad_login": exceptions.AuthenticationFailed({"detail": "Session ended."}, code="token_not_valid"),
    "drf_validation_text": exceptions.ValidationError("Just no."),
    "drf_validation_empty": exceptions.ValidationError({}),
    "django_404": Http404("x"),
    "django_denied": PermissionDenied(),
    "django_suspicious": SuspiciousOperation("x"),
    "django_validation": ValidationError({"name": ["Taken."]}),
    "django_validation_list": ValidationError(["One.", "Two."]),
    "database_away": OperationalError("server closed the connection"),
    "interface": InterfaceError("connection already closed"),
    "data": DataError("value out of range"),
    "gone_meanwhile": DatabaseError("Save with update_fields did not affect any rows."),
    "integrity": IntegrityError("duplicate key"),
    "bug": ZeroDivisionError("secret detail"),
    "reserved_names": problems.Invalid(
        "x", "X.", errors={"status": ["bad"], "code": ["bad"], "ok": ["bad"]}, type="evil", title="evil"
    ),
}


class Raises(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, kind: str) -> Response:
        raise RAISED[kind]


class Echo(APIView):
    permission_classes = [AllowAny]
    pagination_class = PagePagination

    def get(self, request: Request) -> Response:
        pager = self.pagination_class()
        page = pager.paginate_queryset(list(range(45)), request, view=self)
        return pager.get_paginated_response(page)

    def post(self, request: Request) -> Response:
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data)


urlpatterns = [
    path("api/v1/raises/<str:kind>/", Raises.as_view()),
    path("api/v1/echo/", Echo.as_view()),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler404 = urls.handler404
handler500 = urls.handler500
