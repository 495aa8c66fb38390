"""What a caller may read of the store's log: no more than they may look up elsewhere.

A fact is about what its subject is; which outlet it concerns follows from the order or customer it names.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from apps.core.scope import current_store_id
from apps.events.models import Delivery, Event
from apps.stores.models import Order
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access

# Subject of a fact → what it takes to read it. Others are about the store's set-up, which whoever reads the log may see.
NEEDS = {
    "order": Perm.ORDERS_VIEW,
    "payment": Perm.PAYMENTS_VIEW,
    "ticket": Perm.KITCHEN_VIEW,
    "customer": Perm.CUSTOMERS_VIEW,
    "staff": Perm.STAFF_VIEW,
    "invite": Perm.STAFF_VIEW,
    "stock": Perm.STOCK_VIEW,
}


def visible_facts(rows: QuerySet[Event], access: Access) -> QuerySet[Event]:
    """Those of `rows` (facts of the store in scope) that the caller may read."""
    hidden = [subject for subject, needed in NEEDS.items() if needed not in access.permissions]
    rows = rows.exclude(subject_type__in=hidden) if hidden else rows
    return _of_outlets(rows, access) if access.outlets else rows


def feed(*, store_id: UUID, after: int, limit: int, access: Access) -> list[Event]:
    """At most `limit` facts of the store in scope above `after` that the caller may read, oldest first."""
    rows = Event.objects.filter(store_id=store_id, seq__gt=after)
    return list(visible_facts(rows, access).order_by("seq")[:limit])


def visible_deliveries(rows: QuerySet[Delivery], access: Access) -> QuerySet[Delivery]:
    """Those of `rows` whose fact the caller may read."""
    facts = visible_facts(Event.objects.filter(store_id=current_store_id()), access)
    return rows.filter(event__in=facts.values("pk"))


def _of_outlets(rows: QuerySet[Event], access: Access) -> QuerySet[Event]:
    """Without facts about other outlets' orders, and about customers who never ordered at these."""
    of_ticket = KeyTextTransform("order_id", KeyTextTransform("ticket", "payload"))
    rows = rows.annotate(
        _order=Cast(Coalesce(KeyTextTransform("order_id", "payload"), of_ticket), UUIDField()),
        _customer=Cast(KeyTextTransform("customer_id", "payload"), UUIDField()),
    )
    mine = Order.objects.filter(outlet_id__in=access.outlets)
    of_order = Exists(mine.filter(pk=OuterRef("_order")))
    of_customer = Exists(mine.filter(customer_id=OuterRef("_customer")))
    of_store = Q(_order=None, _customer=None) & ~Q(subject_type__in=("order", "payment", "ticket", "customer"))
    return rows.filter(Q(of_order) | Q(Q(_order=None), of_customer) | of_store)
