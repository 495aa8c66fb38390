"""The store's loyalty program as the pricing engine reads it, and how many stamps an order gives."""

from uuid import UUID

from apps.customers.models import LoyaltyProgram
from apps.customers.queries import loyalty
from apps.stores.models import Category, Order, OrderItem
from apps.stores.pricing import rules


def load() -> LoyaltyProgram | None:
    """The running program of the store in scope."""
    return loyalty.program()


def as_rules(program: LoyaltyProgram | None) -> rules.Loyalty | None:
    """What prices depend on; None without a program."""
    if program is None:
        return None
    return rules.Loyalty(
        earn_per=program.earn_per,
        earn_points=program.earn_points,
        point_value=program.point_value,
        min_redeem=program.min_redeem,
    )


def stamps_of(order: Order, program: LoyaltyProgram) -> int:
    """Stamps for a completed order: one for it, or one for each unit, as far as its lines are of the program's categories."""
    if not program.stamps_required or order.subtotal < program.stamp_min_subtotal:
        return 0
    items = OrderItem.objects.filter(order=order)
    if program.stamp_categories:
        items = items.filter(category_id_at_sale__in=_with_children(program.stamp_categories))
    quantities = list(items.values_list("quantity", flat=True))
    return sum(quantities) if program.stamp_per == LoyaltyProgram.StampPer.UNIT else int(bool(quantities))


def _with_children(slugs: list[str]) -> set[UUID]:
    rows = list(Category.objects.values_list("pk", "parent_id", "slug"))
    found = {pk for pk, _parent, slug in rows if slug in slugs}
    while more := {pk for pk, parent, _slug in rows if parent in found} - found:
        found |= more
    return found
