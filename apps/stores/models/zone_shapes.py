"""What may be an area on the map and a range of postal codes. Raises `ValidationError` with what is wrong."""

import re
from collections.abc import Sequence
from itertools import combinations
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_POINTS = 200
MOST_RANGES = 200
CODE = re.compile(r"[0-9]{3,10}")

Corner = tuple[float, float]


def polygon(value: Any) -> None:
    """[[lat, lng]…]: three corners or more that enclose something and do not cross themselves."""
    if not isinstance(value, list) or not all(map(_is_corner, value)):
        raise ValidationError(_("An area needs at least three [lat, lng] points."), code="invalid")
    corners = [(float(lat), float(lng)) for lat, lng in value]
    if len(corners) > 3 and corners[0] == corners[-1]:
        corners.pop()  # drawn closed, as map tools do
    if len(set(corners)) < 3 or len(corners) > MOST_POINTS:
        raise ValidationError(_("An area needs at least three [lat, lng] points."), code="invalid")
    if len(set(corners)) < len(corners) or _crosses_itself(corners) or abs(_area(corners)) < 1e-12:
        raise ValidationError(_("The border of the area crosses or touches itself."), code="invalid")


def _is_corner(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    if not all(isinstance(part, int | float) and not isinstance(part, bool) and isfinite(part) for part in value):
        return False
    return bool(abs(value[0]) <= 90 and abs(value[1]) <= 180)


def _area(corners: Sequence[Corner]) -> float:
    following = [*corners[1:], corners[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True)) / 2


def _crosses_itself(corners: Sequence[Corner]) -> bool:
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    last = len(sides) - 1
    for (i, a), (j, b) in combinations(enumerate(sides), 2):
        neighbours = j == i + 1 or (i == 0 and j == last)
        if not neighbours and _meet(*a, *b):
            return True
    return False


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    """Whether the sides a–b and c–d have a point in common."""
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(_turn(start, end, point) == 0 and _between(start, end, point) for start, end, point in touching)


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Corner, b: Corner, point: Corner) -> bool:
    return min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])


def ranges(value: Any) -> None:
    """[[from, to]…] of postal codes: digits of the same length, in order, none twice."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_RANGES or not all(map(_is_range, value)):
        raise ValidationError(_("Write postal codes as [from, to], digits only, the lower one first."), code="invalid")
    if any(overlap(a, b) for a, b in combinations(value, 2)):
        raise ValidationError(_("Two of the ranges of postal codes overlap."), code="invalid")


def _is_range(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    if not all(isinstance(part, str) and CODE.fullmatch(part) for part in value):
        return False
    return bool(len(value[0]) == len(value[1]) and value[0] <= value[1])


def overlap(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two ranges have a code in common."""
    return len(a[0]) == len(b[0]) and a[0] <= b[1] and b[0] <= a[1]
