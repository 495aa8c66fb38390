"""App configuration of the notifications room."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """See the package docstring."""

    name = "apps.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
