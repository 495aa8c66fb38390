"""What the clock does: points whose time is over go, store by store."""

import logging

from apps.core.scope import scope
from apps.customers.queries.loyalty import expired_owners
from apps.customers.services import points

BATCH = 1000

log = logging.getLogger(__name__)


def expire_points() -> int:
    """Sweep one batch. Returns how many points went. An account that cannot be swept does not stop the others."""
    gone = 0
    for store_id, customer_id in expired_owners(BATCH):
        try:
            with scope(store_id):
                gone += points.expire_of(customer_id=customer_id)
        except Exception:  # one account must not keep all the others waiting
            log.exception("points_expiry_failed", extra={"customer": str(customer_id)})
    return gone
