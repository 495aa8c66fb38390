"""App configuration of the stores room."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    """The multi-tenant commerce core."""

    name = "apps.stores"
    label = "stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make facts known and start listening."""
        from apps.stores import facts, subscribers

        assert facts and subscribers
