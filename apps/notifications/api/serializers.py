"""How notifications look over HTTP (`queries.as_read` builds them)."""

from typing import Any

from rest_framework import serializers

from apps.notifications.models import Kind


class SubjectOut(serializers.Serializer[dict[str, Any]]):
    """What a notification is about."""

    type = serializers.CharField()
    id = serializers.CharField()


class NotificationOut(serializers.Serializer[dict[str, Any]]):
    """A notification in the reader's language, with whether they have seen it."""

    id = serializers.CharField()
    notification_type = serializers.ChoiceField(choices=Kind.choices)
    event = serializers.CharField()
    title = serializers.CharField()
    message = serializers.CharField()
    body = serializers.CharField()
    subject = SubjectOut()
    is_read = serializers.BooleanField()
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class CountOut(serializers.Serializer[dict[str, Any]]):
    """How many."""

    count = serializers.IntegerField()
