"""Who somebody is that has just proved a phone number or mailbox by a code.

An account that merely *claims* the address may have been made by somebody else, who would know its password: the one who
proves the address gets it, and whatever the claimant could still use to get in ends.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import Invalid
from apps.users.models import User
from apps.users.services import logins, passwords

FIELDS = {True: ("email", "email_verified_at"), False: ("phone", "phone_verified_at")}


def person_with(*, address: str, caller: User | None = None) -> User | None:
    """The active user of a proved address, made if there is none. None for accounts that may not log in this way.

    `caller`: who is logged in already, if anybody; their own address is simply proved now.
    """
    name, proof = FIELDS["@" in address]
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).filter(**{name: address}).first()
        if user is None:
            return _new(name, proof, address)
        if not user.is_active or user.is_platform_admin:
            return None  # who runs the install logs in with a password
        if getattr(user, proof) is not None:
            return user
        if caller is not None and caller.pk == user.pk:
            return _prove(user, proof)
        return _reclaim(user, name, proof, address)


def _new(name: str, proof: str, address: str) -> User:
    user = User(**{name: address, proof: now()})
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # a second code of the same person was quicker
        return User.objects.get(**{name: address})
    return user


def _prove(user: User, proof: str) -> User:
    setattr(user, proof, now())
    user.save(update_fields=[proof])
    return user


def _reclaim(user: User, name: str, proof: str, address: str) -> User:
    """The address goes to who proved it. An account that has an e-mail of its own keeps that, and loses the number."""
    if name == "phone" and user.email:
        user.phone = None
        user.save(update_fields=["phone"])
        return _new(name, proof, address)
    user.set_unusable_password()
    if name == "email" and user.phone and user.phone_verified_at is None:
        user.phone = None
    user.save(update_fields=["password", "phone"])
    logins.close_all(user=user)
    return _prove(user, proof)


def reset_password(*, address: str, new: str) -> User | None:
    """Set a new password for the account of a proved address and end every login. None when there is no such account.

    Raises 400 `invalid` under `new_password` for a weak one.
    """
    name, proof = FIELDS["@" in address]
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).filter(**{name: address}).first()
        if user is None or not user.is_active or user.is_platform_admin:
            return None
        if name == "phone" and user.email and user.phone_verified_at is None:
            return None  # a number somebody once typed opens no account that is somebody's e-mail
        passwords.check_new(new, user=user, field="new_password")
        passwords.replace(user=user, new=new)
        return _prove(user, proof)


def code_wrong() -> Invalid:
    """400: the code is wrong, over or used."""
    text = _("This code is wrong or no longer good.")
    return Invalid("code_invalid", text, errors={"code": [text]}, message=str(text))
