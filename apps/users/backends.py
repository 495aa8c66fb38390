"""How Django's own login form (the admin) checks a password: like the API, with the same limits and the same silence."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.core.problems import Invalid, TooMany
from apps.users.models import User
from apps.users.services import attempts, passwords


class LimitedBackend(ModelBackend):
    """E-mail address or phone number and password, counted per account and address."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The user, or None; over the limit no other backend is asked either."""
        address = attempts.client_address(request.META) if request else "local"
        try:
            return passwords.authenticate(identifier=username or "", password=password or "", address=address)
        except Invalid:
            return None
        except TooMany as limit:
            raise PermissionDenied from limit
