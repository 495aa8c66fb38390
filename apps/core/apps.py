"""App configuration of the core room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Ids, clock, money, errors, tenant scope, idempotency, HTTP conventions."""

    name = "apps.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
