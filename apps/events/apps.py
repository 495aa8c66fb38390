"""App configuration of the events room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Facts, deliveries, relay, inbox, states, live sockets."""

    name = "apps.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
