"""App configuration of the payments room."""

from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments of orders; knows an order only as a key and an amount."""

    name = "apps.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make facts known."""
        import_module("apps.payments.facts")
