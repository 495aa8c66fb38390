"""Shapes of slots and breaks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.stores.api.fields import RelatedList
from apps.stores.api.serializers.outlet import SpecialDaySerializer
from apps.stores.api.serializers.store import PauseSerializer
from apps.stores.api.shapes import json_field
from apps.stores.models import Outlet, Service, validators


class SlotsQuery(serializers.Serializer[dict[str, Any]]):
    """Which slots."""

    service = serializers.ChoiceField(choices=Service.choices, default=Service.DELIVERY)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=60)
    date = serializers.DateField(required=False, allow_null=True)
    days = serializers.IntegerField(required=False, min_value=1, max_value=31, default=31)


class SlotOut(serializers.Serializer[dict[str, Any]]):
    """A stretch of time. `time_slot` goes into `scheduled_time_slot` at checkout."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_slot = serializers.CharField()
    available = serializers.BooleanField()
    remaining = serializers.IntegerField(allow_null=True, help_text=_("null: no limit"))


class SlotDayOut(serializers.Serializer[dict[str, Any]]):
    """The slots of a date."""

    date = serializers.DateField()
    slots = SlotOut(many=True)


class SlotsOut(serializers.Serializer[dict[str, Any]]):
    """When an order can be had: now, and for later."""

    outlet = serializers.UUIDField()
    service = serializers.ChoiceField(choices=Service.choices)
    timezone = serializers.CharField()
    scheduling = serializers.BooleanField(help_text=_("whether orders for later are taken"))
    slot_minutes = serializers.IntegerField(allow_null=True)
    lead_minutes = serializers.IntegerField(allow_null=True)
    prep_minutes = serializers.IntegerField()
    max_days = serializers.IntegerField(allow_null=True)
    is_open = serializers.BooleanField()
    opens_at = serializers.CharField(allow_null=True)
    closes_at = serializers.CharField(allow_null=True)
    paused_until = serializers.DateTimeField(allow_null=True)
    pause_reason = serializers.CharField()
    days = SlotDayOut(many=True)


class BreakTarget(serializers.Serializer[dict[str, Any]]):
    """What the break is about; nothing: the whole store."""

    outlet = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=60)
    service = serializers.ChoiceField(choices=Service.choices, required=False, allow_blank=True, allow_null=True)


class BreakIn(PauseSerializer, BreakTarget):
    """A break of some minutes, or until a moment."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=160)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A break ends by itself, so it says when."""
        if not attrs.get("minutes") and not attrs.get("until"):
            raise serializers.ValidationError(
                {"minutes": [serializers.ErrorDetail(str(_("For how long?")), "required")]}
            )
        return attrs


class HolidayIn(serializers.Serializer[dict[str, Any]]):
    """Dates with hours of their own at several outlets at once."""

    date = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True, help_text=_("last date; empty: only the one"))
    hours = json_field(validators.intervals)(required=False, validators=[validators.intervals])
    note = serializers.CharField(required=False, allow_blank=True, max_length=80)
    outlets = RelatedList(model=Outlet, links="", key="", required=False)


class HolidayOut(SpecialDaySerializer):
    """A special day and where it holds."""

    class Meta(SpecialDaySerializer.Meta):
        fields = ["outlet", *SpecialDaySerializer.Meta.fields]


class HolidaysOut(serializers.Serializer[dict[str, Any]]):
    """Special days by date."""

    results = HolidayOut(many=True)


class BreakOut(serializers.Serializer[dict[str, Any]]):
    """A break that is on."""

    outlet = serializers.UUIDField(allow_null=True)
    outlet_name = serializers.CharField()
    service = serializers.CharField()
    paused_until = serializers.DateTimeField()
    reason = serializers.CharField()


class BreaksOut(serializers.Serializer[dict[str, Any]]):
    """All breaks that are on."""

    results = BreakOut(many=True)
