"""App configuration of the users room."""

from importlib import import_module

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """People who log in, and how they prove it."""

    name = "apps.users"
    label = "users"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the OpenAPI generator our credentials."""
        import_module("apps.users.api.schema")
