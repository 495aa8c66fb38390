"""Whose cart a request means: `X-Cart-Key`, `?cart_key=`, `cart_key` in the body, else a cookie of ours.

Somebody who is logged in has a cart of their own and takes along what they put into the browser's before. One published app
sends no key at all and relies on cookies, so a guest without a key is given one.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.ids import uuid7
from apps.core.problems import Invalid
from apps.stores.services.cart_adoption import adopt
from apps.stores.services.carts import CartOwner
from apps.users.models import User

COOKIE = "comanda_cart"
COOKIE_SECONDS = 90 * 24 * 3600
MAX_KEY = 80
OF_USER = "user_"


def _given(request: Request) -> str:
    body: Any = request.data if request.method not in {"GET", "HEAD", "OPTIONS"} else {}
    from_body = body.get("cart_key", "") if isinstance(body, dict) else ""
    from_body = "" if from_body is None else from_body
    key = request.headers.get("X-Cart-Key") or request.query_params.get("cart_key") or from_body
    if not isinstance(key, str) or not _sound(key):
        raise Invalid(
            "invalid_cart_key",
            _("The cart key must be 1 to 80 printable characters."),
            errors={"cart_key": [_("Not a cart key.")]},
        )
    return key


def _sound(key: str) -> bool:
    """Short, printable, and not in the form we keep for people who are logged in: that one is proved by a login."""
    return len(key) <= MAX_KEY and key.isprintable() and not key.startswith(OF_USER)


def _cookie(request: Request) -> str:
    key = request.COOKIES.get(COOKIE, "")
    return key if _sound(key) else ""


def key_of(request: Request) -> str:
    """The cart key this request carries, "" if it has none that could be ours. Never raises: for reading only."""
    key = request.headers.get("X-Cart-Key") or request.query_params.get("cart_key") or _cookie(request)
    return key if _sound(key) else ""


def owner_of(request: Request) -> CartOwner:
    """The owner of the cart this request means. Who is logged in has one of their own, and adopts the guest's of the key."""
    user_id: UUID | None = request.user.pk if isinstance(request.user, User) else None
    key = _given(request) or _cookie(request)
    if user_id is None:
        return CartOwner(key=key or f"cart_{uuid7()}")
    owner = CartOwner(key=f"{OF_USER}{user_id}", user_id=user_id)
    if key:
        adopt(owner=owner, guest_key=key)
    return owner


def remember(response: Response, request: Request, owner: CartOwner) -> Response:
    """Give the key to a guest who came without one."""
    if owner.user_id is None and not _given(request) and request.COOKIES.get(COOKIE) != owner.key:
        response.set_cookie(
            COOKIE,
            owner.key,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="None" if request.is_secure() else "Lax",
            secure=request.is_secure(),
        )
    return response
