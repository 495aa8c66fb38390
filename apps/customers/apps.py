"""App configuration of the customers room."""

from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers per store and their identities."""

    name = "apps.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make facts known."""
        import_module("apps.customers.facts")
