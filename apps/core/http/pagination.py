"""Lists: `{count, next, previous, results}` by page number. (The log is read by its sequence: `S/events/?after=`.)"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from apps.core.problems import Invalid

MAX_PAGE = 100_000


class PagePagination(PageNumberPagination):
    """`?page=&page_size=`; 20 rows unless told, 500 at most. Nonsense is a 400, never a 500."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 500

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        """One page, after checking that the numbers are numbers of a sane size."""
        for name in (self.page_query_param, self.page_size_query_param):
            value = request.query_params.get(name, "")
            if value and not (value.isascii() and value.isdigit() and int(value[:8]) <= MAX_PAGE and len(value) <= 8):
                raise Invalid(
                    "invalid_page", _("The page must be a positive number."), errors={name: [_("Not a page.")]}
                )
        return super().paginate_queryset(queryset, request, view)
