"""What the pricing engine's codes say to a person, in their language. The engine itself speaks no language."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.stores.pricing.delivery import OutOfAreaReason
from apps.stores.pricing.selection import MAX_DEPTH, MAX_QUANTITY, LineCode, LineProblem

LINE_TEXTS: dict[LineCode, str | Promise] = {
    LineCode.MALFORMED: _("This is not a line we understand."),
    LineCode.UNKNOWN_PRODUCT: _("There is no such product."),
    LineCode.PRODUCT_INACTIVE: _("%(name)s is no longer sold."),
    LineCode.PRODUCT_PAUSED: _("%(name)s is not available at the moment."),
    LineCode.NOT_SOLD_ALONE: _("%(name)s is only sold as part of a pizza."),
    LineCode.NOT_AT_OUTLET: _("%(name)s is not sold at this outlet."),
    LineCode.OUTSIDE_HOURS: _("%(name)s is not sold at this time or for this service."),
    LineCode.QUANTITY_INVALID: _("The quantity has to be a whole number from 1 to %(most)s."),
    LineCode.VARIANT_REQUIRED: _("Choose a variant of %(name)s."),
    LineCode.UNKNOWN_VARIANT: _("%(name)s has no such variant."),
    LineCode.UNKNOWN_OPTION: _("%(name)s has no such option."),
    LineCode.OPTION_PAUSED: _("%(name)s is not available at the moment."),
    LineCode.OPTION_MAX: _("%(name)s can be chosen at most %(max)s times."),
    LineCode.GROUP_MIN: _("%(name)s: choose at least %(min)s."),
    LineCode.GROUP_MAX: _("%(name)s: choose at most %(max)s."),
    LineCode.GROUP_NOT_OFFERED: _("This choice is not offered here."),
    LineCode.NESTING_TOO_DEEP: _("Choices can be nested %(depth)s deep at most."),
    LineCode.PIZZA_SIZE_REQUIRED: _("Choose a size of %(name)s."),
    LineCode.FLAVOUR_REQUIRED: _("Choose a flavour of %(name)s."),
    LineCode.TOO_MANY_FLAVOURS: _("%(name)s has at most %(max)s flavours."),
    LineCode.UNKNOWN_FLAVOUR: _("There is no such flavour in this size."),
    LineCode.CRUST_NOT_OFFERED: _("This crust is not offered in this size."),
    LineCode.EDGE_NOT_OFFERED: _("This edge is not offered in this size."),
    LineCode.SLOT_MIN: _("%(name)s: choose at least %(min)s."),
    LineCode.SLOT_MAX: _("%(name)s: choose at most %(max)s."),
    LineCode.CHOICE_NOT_OFFERED: _("This choice is not part of the combo."),
    LineCode.FLAVOUR_NOT_IN_COMBO: _("%(name)s is not one of the flavours of this combo."),
}

AREA_TEXTS: dict[OutOfAreaReason, str | Promise] = {
    OutOfAreaReason.NOT_OFFERED: _("This store does not deliver."),
    OutOfAreaReason.NOT_SERVED: _("This address is outside the delivery area."),
    OutOfAreaReason.TOO_FAR: _("This address is too far away."),
    OutOfAreaReason.NO_POINT: _("Mark the address on the map so that we can work out the delivery."),
}


def line_text(problem: LineProblem) -> str:
    """A line's problem as a sentence."""
    values = {"most": MAX_QUANTITY, "depth": MAX_DEPTH, "name": "", "min": "", "max": "", **problem.params}
    return str(LINE_TEXTS[problem.code]) % values


def line_problems(problems: Iterable[LineProblem]) -> list[dict[str, Any]]:
    """Problems as clients read them: `{code, detail, path}`."""
    return [{"code": problem.code.value, "detail": line_text(problem), "path": problem.path} for problem in problems]
