"""How the OpenAPI document describes our credentials. Imported for its effect when the app starts."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry hook has no types
    """Token or JWT, required."""

    target_class = "apps.users.authentication.BearerOrTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """One header, two kinds of credentials."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <40 hex digits>` from `/auth/login/`, or `Bearer <access token>` from `/auth/token/`.",
        }


class LenientTokenScheme(TokenScheme):  # type: ignore[no-untyped-call]  # as above
    """The same, where a bad credential only makes the caller a guest."""

    target_class = "apps.users.authentication.LenientAuthentication"
    name = "optionalToken"
