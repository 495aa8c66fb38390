"""App configuration of the storefront room."""

from __future__ import annotations

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    """The customer's pages; no tables of its own."""

    name = "apps.storefront"
    label = "storefront"
