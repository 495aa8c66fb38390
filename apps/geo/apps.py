"""App configuration of the geo room."""

from django.apps import AppConfig


class GeoConfig(AppConfig):
    """Where things are."""

    name = "apps.geo"
    label = "geo"
    default_auto_field = "django.db.models.BigAutoField"
