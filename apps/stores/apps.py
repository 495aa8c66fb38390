"""App configuration of the stores room."""

from importlib import import_module

from django.apps import AppConfig


class StoresConfig(AppConfig):
    """The multi-tenant commerce core."""

    name = "apps.stores"
    label = "stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make facts known and start listening."""
        names = ("facts", "facts_staff", "facts_when", "facts_drafts", "facts_sheets", "facts_delivery", "subscribers")
        for name in names:
            import_module(f"apps.stores.{name}")
