"""Checking and changing passwords. Nothing here tells whether an account exists: same text, same work, same limits."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.problems import Invalid
from apps.users import queries
from apps.users.models import User
from apps.users.services import attempts, logins

# Hashing work grows with the length of the input; nobody types more than this.
MAX_LENGTH = 256


def authenticate(*, identifier: str, password: str, address: str) -> User:
    """The active user who may log in with this. `identifier` is an e-mail address or phone number.

    Raises 400 `invalid_credentials` (unknown, wrong, inactive alike) and 429 `too_many_attempts`.
    """
    account = queries.canonical_identifier(identifier) or identifier.strip()[:MAX_LENGTH]
    attempts.spend(attempts.LOGIN_PER_ADDRESS, address)
    attempts.spend(attempts.LOGIN_PER_ACCOUNT, account)
    user = queries.user_by_identifier(identifier)
    if not _matches(user, password) or user is None or not user.is_active:
        text = _("Wrong e-mail, phone number or password.")
        raise Invalid("invalid_credentials", text, errors={"non_field_errors": [text]})
    attempts.forgive(attempts.LOGIN_PER_ACCOUNT, account)
    attempts.give_back(attempts.LOGIN_PER_ADDRESS, address)
    return user


def _matches(user: User | None, password: str) -> bool:
    """One hash is computed in every case, so the clock does not tell who has an account."""
    if user is None:
        make_password(password[:MAX_LENGTH])
        return False
    return user.check_password(password[:MAX_LENGTH])


def check_new(password: str, *, user: User, field: str = "password") -> None:
    """Hold a new password against the validators. Raises 400 `invalid` with the reasons under `field`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("invalid", error.messages[0], errors={field: error.messages}) from error
    if len(password) > MAX_LENGTH:
        text = _("This password is too long.")
        raise Invalid("invalid", text, errors={field: [text]})


def change(*, user: User, old: str, new: str) -> str:
    """Set a new password, end every login, and open one. Returns its token.

    Raises 400 `wrong_password` (under `old_password`), 400 `invalid` (under `new_password`), 429.
    """
    attempts.spend(attempts.LOGIN_PER_ACCOUNT, f"change:{user.pk}")
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not _matches(locked, old):
            text = _("This is not your present password.")
            raise Invalid("wrong_password", text, errors={"old_password": [text]})
        check_new(new, user=locked, field="new_password")
        replace(user=locked, new=new)
        key = logins.open_with_token(user=locked)
    attempts.forgive(attempts.LOGIN_PER_ACCOUNT, f"change:{user.pk}")
    return key


@transaction.atomic
def replace(*, user: User, new: str) -> None:
    """Set a password that was already checked and end every login that the old one opened."""
    user.set_password(new)
    user.save(update_fields=["password"])
    logins.close_all(user=user)
