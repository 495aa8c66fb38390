"""Tables in and out: `POST S/imports/<kind>/`, `GET S/exports/<kind>/` for products, prices, stock and customers."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Refused
from apps.stores.api.base import StoreAPIView
from apps.stores.api.fields import Upload
from apps.stores.api.validation import validated
from apps.stores.permissions import Perm
from apps.stores.queries import sheets as queries
from apps.stores.services import sheets
from apps.stores.services.sheets import Report
from apps.stores.sheets import reading, writing

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(sheets.KINDS))


class ImportIn(serializers.Serializer[dict[str, Any]]):
    """A CSV or XLSX file. `dry_run` says what would happen and changes nothing."""

    file = Upload()
    dry_run = serializers.BooleanField(required=False, default=False)


class RowErrorOut(serializers.Serializer[dict[str, Any]]):
    """What is wrong with a cell; `row` as the spreadsheet counts (the heading is 1)."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ReportOut(serializers.Serializer[dict[str, Any]]):
    """What happened, or would."""

    kind = serializers.CharField()
    dry_run = serializers.BooleanField()
    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    error_count = serializers.IntegerField()
    row_errors = RowErrorOut(many=True)


class ExportQuery(serializers.Serializer[dict[str, Any]]):
    """`fmt`, and for CSV the separator; `;` comes with decimal commas and is the default where people write those."""

    fmt = serializers.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], default="csv")
    sep = serializers.ChoiceField(choices=[(";", ";"), (",", ",")], required=False)


def _shown(report: Report) -> dict[str, Any]:
    return {
        "kind": report.kind, "dry_run": report.dry_run, "rows": report.rows, "created": report.created, "updated": report.updated,
        "unchanged": report.unchanged, "error_count": report.errors.count, "row_errors": report.errors.rows,
    }  # fmt: skip


@extend_schema(tags=["sheets"])
class ImportView(StoreAPIView):
    """A table into the store."""

    needs: ClassVar = {"POST": Perm.DATA_TRANSFER}

    @extend_schema(
        operation_id="sheet_import", request={"multipart/form-data": ImportIn}, responses=ReportOut, parameters=[KIND]
    )
    def post(self, request: Request, kind: str, **_kwargs: Any) -> Response:
        """All rows or none. 422 `rows_invalid` with `row_errors`; a dry run lists them in its 200."""
        sheets.kind_of(kind)
        given = validated(ImportIn(data=request.data))
        raw = given["file"].read(reading.MOST_BYTES + 1)
        outlets = self.access.outlets if self.access else frozenset()
        report = sheets.bring_in(
            kind=kind, table=reading.read(raw), dry_run=given["dry_run"], outlets=outlets, actor=self.actor
        )
        if report.errors.count and not report.dry_run:
            raise Refused("rows_invalid", _("Some rows are not right; nothing was changed."), **_shown(report))
        return Response(_shown(report))


@extend_schema(tags=["sheets"])
class ExportView(StoreAPIView):
    """A table out of the store."""

    needs: ClassVar = {"GET": Perm.DATA_TRANSFER}

    @extend_schema(operation_id="sheet_export", responses=OpenApiTypes.BINARY, parameters=[KIND, ExportQuery])
    def get(self, request: Request, kind: str, **_kwargs: Any) -> HttpResponse:
        """The file, with the columns an import takes."""
        columns = sheets.kind_of(kind).columns
        given = validated(ExportQuery(data=request.query_params))
        outlets = self.access.outlets if self.access else frozenset()
        rows = queries.rows(kind, self.store.id, outlets)
        sheets.went_out(kind=kind, rows=len(rows), actor=self.actor)
        if given["fmt"] == "xlsx":
            return _file(writing.to_xlsx(kind, columns, rows), writing.XLSX_TYPE, f"{self.store.slug}-{kind}.xlsx")
        usual = ";" if self.store.language[:2] in {"pt", "de", "es", "id"} else ","
        body = writing.to_csv(columns, rows, separator=given.get("sep") or usual)
        return _file(body, writing.CSV_TYPE, f"{self.store.slug}-{kind}.csv")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return HttpResponse(body, content_type=content_type, headers=headers)
