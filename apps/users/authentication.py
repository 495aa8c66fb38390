"""How a request proves who sends it: `Authorization: Token <40 hex>` or `Bearer <jwt>`.

The published clients mix the two words up, so what counts is the shape of the credential. One query at most, none for
a header that cannot be ours.
"""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.core import logs
from apps.users import queries
from apps.users.models import Login, User

HEADER = re.compile(r"(?i:token|bearer) +(\S+) *")


class BearerOrTokenAuthentication(BaseAuthentication):
    """Sets `request.user` and `request.auth` (the `Login`). A bad, ended or expired credential is a 401 `token_not_valid`."""

    def authenticate(self, request: Request) -> tuple[User, Login] | None:
        """The caller; None when the header is missing or speaks of something else."""
        header = HEADER.fullmatch(request.headers.get("Authorization", ""))
        if header is None:
            return None
        login = queries.login_of(header[1])
        if login is None:
            raise AuthenticationFailed(_("Your session has ended. Log in again."), code="token_not_valid")
        logs.user_id.set(str(login.user_id))
        return login.user, login

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"


class LenientAuthentication(BearerOrTokenAuthentication):
    """For storefront routes: clients keep sending an old token, and a guest must be served all the same."""

    def authenticate(self, request: Request) -> tuple[User, Login] | None:
        """The caller, or nobody."""
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            return None
