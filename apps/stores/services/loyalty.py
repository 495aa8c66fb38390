"""The loyalty program of a store: prices depend on it, so a change publishes the menu anew."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.customers.models import LoyaltyProgram
from apps.customers.services import program as programs
from apps.stores.models import Category
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import settings_fact, wrong


def set_program(*, values: Mapping[str, Any], actor: Actor) -> LoyaltyProgram:
    """Create or change the program. Raises 400 `invalid` for categories the store does not have, and for earning per nothing."""
    slugs = values.get("stamp_categories")
    if slugs:
        known = set(Category.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        unknown = next((slug for slug in slugs if slug not in known), None)
        if unknown is not None:
            raise wrong("stamp_categories", _("There is no category “%(slug)s”.") % {"slug": unknown}, "not_found")
    with catalog_unit(actor=actor) as publish:
        program, changed = programs.save(values=values)
        if program.earn_points and program.earn_per <= 0:
            raise wrong("earn_per", _("Must be more than nothing."))
        if changed:
            settings_fact("loyalty.updated", program.pk, actor=actor, changed=changed)
            publish()
        return program
