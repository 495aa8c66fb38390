"""How the OpenAPI document describes device tokens. Imported for its effect by `urls_staff`."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry hook has no types
    """Token of a paired device."""

    target_class = "apps.stores.api.authentication.DeviceAuthentication"
    name = "device"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Device <token>`, picked up once at `/devices/pair/poll/`.",
        }
