"""App configuration of the core room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Ids, clock, money, errors, tenant scope, idempotency, HTTP conventions."""

    name = "apps.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """After every `migrate`, the walls between stores are complete again."""
        from apps.core import walls

        post_migrate.connect(walls.build, sender=self, dispatch_uid="core.walls")
