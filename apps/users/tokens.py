"""The two kinds of credentials a person can hold, as pure functions: 40-hex tokens and signed JWTs.

A JWT names its login (`sid`); a refresh token also says which generation of the login it is (`gen`). Whether the
login still stands is for `queries` and `services.logins` to find out.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from apps.core.ids import parse_uuid

ACCESS, REFRESH = "access", "refresh"
ACCESS_LIFE: timedelta = api_settings.ACCESS_TOKEN_LIFETIME
REFRESH_LIFE: timedelta = api_settings.REFRESH_TOKEN_LIFETIME
KEY = re.compile(r"[0-9a-f]{40}")
JWT = re.compile(r"[\w-]{1,400}\.[\w-]{1,1200}\.[\w-]{1,400}", re.ASCII)


class AccessToken(Token):
    """Short-lived proof of a login. The stock class is not used: it would write the token into a table."""

    token_type = ACCESS
    lifetime = ACCESS_LIFE


class RefreshToken(Token):
    """Good for one exchange."""

    token_type = REFRESH
    lifetime = REFRESH_LIFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a JWT login hands out. Kept out of reprs, so out of logs and tracebacks."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a valid JWT says: whose login, and for a refresh token its generation."""

    login_id: UUID
    generation: int = 0


def new_key() -> str:
    """A login token: 160 random bits as 40 hex digits (the dashboard forbids dots)."""
    return secrets.token_hex(20)


def pair(*, user_id: UUID, login_id: UUID, generation: int) -> Pair:
    """Fresh tokens of a login."""
    access, refresh = AccessToken(), RefreshToken()
    for token in (access, refresh):
        token["sub"], token["sid"] = str(user_id), str(login_id)
    refresh["gen"] = generation
    return Pair(access=str(access), refresh=str(refresh))


def read_access(text: str) -> Claims | None:
    """The claims of a genuine, unexpired access token."""
    return _read(AccessToken, text)


def read_refresh(text: str) -> Claims | None:
    """The claims of a genuine, unexpired refresh token."""
    return _read(RefreshToken, text)


def _read(kind: Any, text: str) -> Claims | None:
    if not JWT.fullmatch(text):
        return None
    try:
        token = kind(text)
    except TokenError:
        return None
    login_id, generation = parse_uuid(token.get("sid")), token.get("gen", 0)
    if login_id is None or not isinstance(generation, int):
        return None
    return Claims(login_id=login_id, generation=generation)
