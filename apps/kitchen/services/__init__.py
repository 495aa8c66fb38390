"""What others may ask of the kitchen. Inside the room the modules are named; outside, these names are the door."""

from apps.kitchen.services.changes import order_changed
from apps.kitchen.services.make import LineChange, tickets_for_order
from apps.kitchen.services.stations import import_stations

__all__ = ["LineChange", "import_stations", "order_changed", "tickets_for_order"]
