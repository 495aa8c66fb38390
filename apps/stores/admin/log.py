"""What a person sees of the log in the admin: facts of what they may look up, of their own outlets."""

from apps.core.scoped_admin import narrow
from apps.events.models import Delivery, Event
from apps.stores.queries.log import visible_deliveries, visible_facts

narrow(Event, visible_facts)
narrow(Delivery, visible_deliveries)
