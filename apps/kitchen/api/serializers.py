"""Shapes of the kitchen's requests and answers. Tickets are answered as plain dicts; their serializers only describe them."""

from typing import Any

from rest_framework import serializers

from apps.kitchen.models import ItemStatus, Station, TicketKind, TicketStatus
from apps.kitchen.models.station import LONGEST_MINUTES

MANY = 500


class StationOut(serializers.ModelSerializer[Station]):
    """A station and what is made there."""

    outlet = serializers.UUIDField(source="outlet_id")
    outlet_name = serializers.CharField(source="outlet.name")
    categories = serializers.SerializerMethodField()
    products = serializers.SerializerMethodField()

    class Meta:
        model = Station
        fields = (
            "id", "slug", "name", "outlet", "outlet_name", "position", "target_minutes", "overdue_minutes", "categories", "products",
        )  # fmt: skip
        read_only_fields = fields

    def get_categories(self, station: Station) -> list[str]:
        """Ids of the categories routed here."""
        return [str(route.category_id) for route in station.routes.all() if route.category_id]

    def get_products(self, station: Station) -> list[str]:
        """Ids of the products routed here."""
        return [str(route.product_id) for route in station.routes.all() if route.product_id]


class StationIn(serializers.Serializer[Any]):
    """What can be set of a station. `categories` and `products` replace its routes."""

    outlet = serializers.UUIDField(required=False, help_text="the store's first outlet when left out")
    slug = serializers.SlugField(max_length=50, required=False)
    name = serializers.CharField(max_length=80)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    target_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False)
    overdue_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False)
    categories = serializers.ListField(child=serializers.UUIDField(), max_length=MANY, required=False)
    products = serializers.ListField(child=serializers.UUIDField(), max_length=MANY, required=False)


class ListQuery(serializers.Serializer[Any]):
    """Which tickets to list."""

    station = serializers.SlugField(max_length=50, required=False, allow_blank=True, default="")
    status = serializers.ChoiceField(
        choices=["open", "all", "bumped"], required=False, allow_blank=True, default="open"
    )


class FinishIn(serializers.Serializer[Any]):
    """`bump`: also clear the ticket from the screen."""

    bump = serializers.BooleanField(required=False, default=False)


class RemakeIn(serializers.Serializer[Any]):
    """Why it is made again."""

    reason = serializers.CharField(max_length=200)


class LineOut(serializers.Serializer[Any]):
    """A row under an item: an option, a part of a combo, the combo it is a part of, a note."""

    level = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["option", "part", "combo", "note"])


class ItemOut(serializers.Serializer[Any]):
    """An item of a ticket. Wanted are `quantity - cancelled_quantity`."""

    id = serializers.UUIDField()
    order_item_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField()
    lines = LineOut(many=True)
    notes = serializers.CharField()
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    started_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    remake_reason = serializers.CharField()
    remake_of = serializers.UUIDField(allow_null=True)


class TicketStationOut(serializers.Serializer[Any]):
    """Where a ticket is."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class TicketOut(serializers.Serializer[Any]):
    """A ticket, as the API, the facts and the socket show it."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    outlet_id = serializers.UUIDField()
    station = TicketStationOut()
    kind = serializers.ChoiceField(choices=TicketKind.choices)
    status = serializers.ChoiceField(choices=TicketStatus.choices)
    revision = serializers.IntegerField()
    number = serializers.CharField()
    service = serializers.CharField()
    channel = serializers.CharField()
    customer = serializers.CharField()
    table = serializers.CharField()
    notes = serializers.CharField()
    scheduled_for = serializers.DateTimeField(allow_null=True)
    fire_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    overdue_at = serializers.DateTimeField()
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    bumped_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)
    ack_at = serializers.DateTimeField(allow_null=True)
    items = ItemOut(many=True)


class AllDayOut(serializers.Serializer[Any]):
    """How much of one thing is still to be made, over all open tickets."""

    name = serializers.CharField()
    lines = LineOut(many=True)
    quantity = serializers.IntegerField()
    tickets = serializers.IntegerField()


class PageOut(serializers.Serializer[Any]):
    """The frame of every list."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class TicketPageOut(PageOut):
    """Tickets."""

    results = TicketOut(many=True)


class StationPageOut(PageOut):
    """Stations."""

    results = StationOut(many=True)


class AllDayPageOut(PageOut):
    """Totals; always one page."""

    results = AllDayOut(many=True)
