"""Open, renew and end logins.

A refresh token is good for one exchange. Presenting it again means that two parties hold it, so the whole login
ends – with one exception: two requests that were under way *at the same time* (two tabs that woke up together).
There one wins, the other is only refused.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.core.bearer import digest
from apps.core.clock import now
from apps.core.problems import Unauthenticated
from apps.users import tokens
from apps.users.models import Login, User
from apps.users.tokens import Claims, Pair

log = logging.getLogger(__name__)

# Plenty for every device of one person; beyond it the oldest logins end, so the table cannot be filled.
MAX_OPEN = 50


def open_with_token(*, user: User) -> str:
    """A new login of `user`. Returns its token, which is stored nowhere and shown this once."""
    key = tokens.new_key()
    Login.objects.create(user=user, token_hash=digest(key))
    _opened(user)
    return key


def open_with_pair(*, user: User) -> Pair:
    """A new login of `user` as access and refresh token."""
    login = Login.objects.create(user=user, expires_at=_end_of_life(now()))
    _opened(user)
    return tokens.pair(user_id=user.pk, login_id=login.pk, generation=0)


def _opened(user: User) -> None:
    User.objects.filter(pk=user.pk).update(last_login=now())
    surplus = list(Login.objects.filter(user=user).order_by("-created_at").values_list("pk", flat=True)[MAX_OPEN:])
    if surplus:
        Login.objects.filter(pk__in=surplus).delete()


def rotate(*, refresh: str) -> Pair:
    """Exchange a refresh token. Raises 401 `token_not_valid` for a bad, expired or used one; a reused one ends the login."""
    started = now()
    claims = tokens.read_refresh(refresh)
    user_id = _owner(claims) if claims else None
    if claims is None or user_id is None:
        raise _not_valid()
    if not _advance(claims):
        _end_if_reused(claims, started)
        raise _not_valid()
    return tokens.pair(user_id=user_id, login_id=claims.login_id, generation=claims.generation + 1)


def _owner(claims: Claims) -> UUID | None:
    return Login.objects.filter(pk=claims.login_id, user__is_active=True).values_list("user_id", flat=True).first()


def _advance(claims: Claims) -> bool:
    """Move the login to its next generation if this token is the living one: of two exchanges, one does."""
    living = Login.objects.filter(pk=claims.login_id, generation=claims.generation, expires_at__gt=now())
    return living.update(generation=F("generation") + 1, rotated_at=now(), expires_at=_end_of_life(now())) == 1


def _end_if_reused(claims: Claims, started: datetime) -> None:
    """End the login unless the exchange that beat this one was under way at the same time."""
    reused = Login.objects.filter(pk=claims.login_id, generation__gt=claims.generation, rotated_at__lt=started)
    ended, _rows = reused.delete()
    if ended:
        log.warning("refresh_token_reused", extra={"login": str(claims.login_id)})


def close(*, login: Login) -> None:
    """End one login. Ending it twice is no error."""
    Login.objects.filter(pk=login.pk).delete()


def close_all(*, user: User) -> None:
    """End every login of a user, JWTs included."""
    Login.objects.filter(user=user).delete()


def forget_dead_logins() -> int:
    """Delete logins whose last refresh token ran out. Returns how many."""
    return Login.objects.filter(expires_at__lte=now()).delete()[0]


def _end_of_life(moment: datetime) -> datetime:
    return moment + tokens.REFRESH_LIFE


def _not_valid() -> Unauthenticated:
    return Unauthenticated("token_not_valid", _("Your session has ended. Log in again."))
