"""From a request body to checked values. Failures are 400 problems with `errors` and, per field, stable `codes`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import BaseSerializer

from apps.core.problems import Invalid


def validated(serializer: BaseSerializer[Any]) -> dict[str, Any]:
    """The checked values of a serializer made with `data=`. Raises `Invalid`."""
    if serializer.is_valid():
        return dict(serializer.validated_data)
    texts: dict[str, list[str]] = {}
    codes: dict[str, list[str]] = {}
    _flatten(serializer.errors, "", texts, codes)
    first = next(iter(texts.values()), [""])[0]
    kinds = {code for row in codes.values() for code in row}
    code = next(iter(kinds)) if len(kinds) == 1 and kinds <= {"not_found", "unique", "required"} else "invalid"
    raise Invalid(code, first or _("The request is not valid."), errors=texts, codes=codes)


def _flatten(detail: Any, path: str, texts: dict[str, list[str]], codes: dict[str, list[str]]) -> None:
    """Nested serializer errors under dotted paths such as `options.2.price`."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            _flatten(value, f"{path}.{key}" if path else str(key), texts, codes)
        return
    if not isinstance(detail, list):
        detail = [detail]
    for index, item in enumerate(detail):
        if isinstance(item, Mapping | list):
            _flatten(item, f"{path}.{index}", texts, codes)
        else:
            texts.setdefault(path, []).append(str(item))
            codes.setdefault(path, []).append(str(getattr(item, "code", "invalid")))
