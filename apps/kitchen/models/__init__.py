"""Tables of the kitchen, one file per noun."""

from apps.kitchen.models.station import Route, Station
from apps.kitchen.models.ticket import ItemStatus, Ticket, TicketItem, TicketKind, TicketStatus

__all__ = ["ItemStatus", "Route", "Station", "Ticket", "TicketItem", "TicketKind", "TicketStatus"]
