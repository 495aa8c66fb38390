"""Creating users and changing what they say about themselves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.crypto import Secret
from apps.core.phones import to_e164
from apps.core.problems import Conflict, Invalid
from apps.users.models import Profile, User, normal_email
from apps.users.services import passwords

# The published storefronts look for "exists" in the text of these two fields.
TAKEN: dict[str, str | Promise] = {
    "email": _("A user with this e-mail already exists."),
    "phone": _("A user with this phone number already exists."),
}
USER_FIELDS = ("first_name", "last_name", "email", "phone", "language")
# A new address or number is a claim until a code sent there comes back.
PROOFS = {"email": "email_verified_at", "phone": "phone_verified_at"}
PROFILE_FIELDS = ("address", "city", "state", "zip_code", "addresses")


def register(*, email: str, phone: str, password: str, first_name: str, last_name: str, vouched: bool = False) -> User:
    """A new user. `vouched`: somebody the store trusts says the address is theirs (an invitation).

    Raises 400 `invalid` with field errors: nothing to log in with, taken, password too weak.
    """
    user = User(email=normal_email(email), phone=_number(phone), first_name=first_name, last_name=last_name)
    if not user.email and not user.phone:
        raise _field_error("email", _("Give an e-mail address or a phone number."))
    passwords.check_new(password, user=user)
    _refuse_taken(user)
    user.email_verified_at = now() if vouched and user.email else None
    user.set_password(password)
    with _unique(), transaction.atomic():
        user.save(force_insert=True)
    return user


def update(*, user: User, changes: Mapping[str, Any]) -> User:
    """Change any of `USER_FIELDS`; other keys are ignored. An empty e-mail or phone removes it, but not both.

    Raises 400 `invalid` with field errors.
    """
    with _unique(), transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        changed = [name for name in USER_FIELDS if name in changes]
        for name in list(changed):
            value = _stored(name, changes[name])
            if name in PROOFS and value != getattr(locked, name):
                setattr(locked, PROOFS[name], None)
                changed.append(PROOFS[name])
            setattr(locked, name, value)
        if not locked.email and not locked.phone:
            raise _field_error("email", _("Give an e-mail address or a phone number."))
        _refuse_taken(locked)
        locked.save(update_fields=changed)
    return locked


def update_profile(*, user: User, changes: Mapping[str, Any]) -> Profile:
    """Change names, e-mail, phone and what the profile keeps; returns the whole profile with its user.

    `addresses` replaces the list, `preferences` is merged key by key. Raises 400 `invalid` with field errors.
    """
    with _unique(), transaction.atomic():
        user = update(user=user, changes=changes)
        Profile.objects.get_or_create(user=user)
        profile = Profile.objects.select_for_update(of=("self",)).get(user=user)
        for name in PROFILE_FIELDS:
            if name in changes:
                setattr(profile, name, changes[name])
        if "cpf" in changes:
            profile.cpf = Secret(changes["cpf"])
        profile.preferences = {**profile.preferences, **changes.get("preferences", {})}
        profile.save()
    profile.user = user
    return profile


def _stored(name: str, value: str) -> str | None:
    if name == "email":
        return normal_email(value)
    return _number(value) if name == "phone" else value


def _number(phone: str) -> str | None:
    if not phone.strip():
        return None
    number = to_e164(phone)
    if not number:
        raise _field_error("phone", _("This is not a phone number."))
    return number


def _refuse_taken(user: User) -> None:
    others = User.objects.exclude(pk=user.pk)
    errors = {
        name: [text]
        for name, text in TAKEN.items()
        if getattr(user, name) and others.filter(**{name: getattr(user, name)}).exists()
    }
    if errors:
        raise Invalid("invalid", next(iter(errors.values()))[0], errors=errors)


@contextmanager
def _unique() -> Iterator[None]:
    """What `_refuse_taken` could not see, because somebody took the name in the same moment, reads the same."""
    try:
        yield
    except IntegrityError as error:
        for name, text in TAKEN.items():
            if f"({name})" in str(error):
                raise _field_error(name, text) from error
        raise Conflict("conflict", _("Somebody else changed this at the same moment. Try again.")) from error


def _field_error(field: str, text: str | Promise) -> Invalid:
    return Invalid("invalid", text, errors={field: [text]})
