"""App configuration of the kitchen room."""

from django.apps import AppConfig


class KitchenConfig(AppConfig):
    """Stations, tickets, the kitchen screen."""

    name = "apps.kitchen"
    label = "kitchen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make facts known, start listening, have a say in `ready`, and take part in imports."""
        from apps.kitchen import importing, subscribers  # noqa: F401  # importing them registers facts and subscribers
        from apps.kitchen.services import readiness  # noqa: F401  # registers the guard
        from apps.stores.importing.hooks import register_section

        register_section("stations", importing.read)
