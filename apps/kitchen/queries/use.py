"""Whether cooks work with the kitchen screen. Every order has tickets; not every house looks at them."""

from datetime import timedelta

from django.db.models import Q

from apps.core.clock import now
from apps.kitchen.models import Ticket
from apps.stores.models import Order
from apps.stores.queries.devices import has_kitchen_screen

# A cook who has touched the screen of the outlet within this time is there.
LATELY = timedelta(days=1)


def is_used(order: Order) -> bool:
    """Somebody works on this order's tickets or lately did on others of its outlet, or a screen is paired there."""
    mine = Q(order_id=order.pk) & (Q(started_at__isnull=False) | Q(ack_at__isnull=False))
    lately = Q(outlet_id=order.outlet_id, started_at__gte=now() - LATELY)
    return Ticket.objects.filter(mine | lately).exists() or has_kitchen_screen(order.outlet_id)
