"""App configuration of the notifications room."""

from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Reads facts, keeps one row per fact somebody should look at, and who has looked."""

    name = "apps.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the subscriber known."""
        import_module("apps.notifications.subscribers")
