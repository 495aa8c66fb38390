"""Inviting people to the team of a store, and accepting.

Nothing proves that an e-mail address belongs to whoever registered it, nor that the inviter is its owner. So an
invitation opens nothing by itself: it takes its token (which the inviter hands over) *and* the account of that address –
its password, its login, or, when there is no such account yet, the making of one. Neither a squatter on the address nor an
inviter who uses the token alone gets anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.bearer import digest, new_secret
from apps.core.clock import now
from apps.core.ids import parse_uuid
from apps.core.problems import Conflict, Invalid, NotFound
from apps.core.scope import scope
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.stores import facts_staff
from apps.stores.models import Outlet, Staff, StaffInvite
from apps.stores.queries import staff as queries
from apps.stores.queries.access import Access, staff_actor
from apps.stores.services import staff as members
from apps.users.models import User, normal_email
from apps.users.queries import user_by_identifier
from apps.users.services import accounts, passwords

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A new invitation and its token, shown this once."""

    invite: StaffInvite
    token: str = field(repr=False)


def invite(
    *, by: Access, email: str, role: str, outlets: Sequence[UUID] = (), first_name: str = "", last_name: str = ""
) -> Invited:
    """Ask somebody to join. An earlier open invitation of the same address is replaced, its token is void.

    Raises 403 (see `staff.check_may_manage`), 400 for an unknown outlet, 409 `already_member`.
    """
    address = normal_email(email) or ""
    members.check_may_manage(by=by, role=role, outlets=outlets)
    members.check_outlets(outlets)
    token = new_secret()
    with unit_of_work():
        if Staff.objects.filter(user__email=address).exists():
            raise Conflict("already_member", _("This person already belongs to the team."))
        _replace(by, address)
        row = _create(
            email=address,
            role=role,
            outlets=[str(outlet) for outlet in outlets],
            first_name=first_name,
            last_name=last_name,
            token_hash=digest(token),
            expires_at=now() + LIFE,
            invited_by_id=parse_uuid(by.actor.id),
        )
        payload = {"invite_id": str(row.pk), "email": address, "role": role}
        record(facts_staff.STAFF_INVITED, subject=Subject(type="invite", id=row.pk), payload=payload, actor=by.actor)
    return Invited(invite=row, token=token)


def _replace(by: Access, email: str) -> None:
    for old in StaffInvite.objects.select_for_update(of=("self",)).filter(email=email):
        _check_may_touch(by, old)
        old.delete()


def _create(**values: object) -> StaffInvite:
    try:
        with transaction.atomic():
            return StaffInvite.objects.create(**values)
    except IntegrityError as error:
        raise Conflict("already_invited", _("This person was invited at the same moment.")) from error


def withdraw(*, by: Access, invite_id: UUID) -> None:
    """Take an invitation back; its token is void at once. Raises 404 `invite_not_found`, 403."""
    with unit_of_work():
        row = StaffInvite.objects.select_for_update(of=("self",)).filter(pk=invite_id).first()
        if row is None:
            raise NotFound("invite_not_found", _("There is no such invitation."))
        _check_may_touch(by, row)
        row.delete()


def _check_may_touch(by: Access, row: StaffInvite) -> None:
    members.check_may_manage(by=by, role=row.role, outlets=_outlets(row))


def accept(*, token: str, password: str, caller: User | None, address: str) -> Staff:
    """Join the store of an invitation. `caller` is who is logged in, if anybody; `address` counts wrong passwords.

    Raises 400 `invite_invalid` (unknown, used, expired, withdrawn), 400 `invalid_credentials` when the account exists and
    this is not its password, 400 `invalid` for a weak new password, 409 `already_member`, 429.
    """
    row = queries.find_invite(digest(token))
    if row is None:
        raise _invalid()
    known = user_by_identifier(row.email)
    with scope(row.store_id):
        if known is None:
            return _join(row, None, password)
        if caller is None or caller.pk != known.pk:
            passwords.authenticate(identifier=row.email, password=password, address=address)
        return _join(row, known, "")


def _join(row: StaffInvite, user: User | None, password: str) -> Staff:
    with unit_of_work():
        used = StaffInvite.objects.filter(pk=row.pk, token_hash=row.token_hash, expires_at__gt=now()).delete()[0]
        if not used:
            raise _invalid()
        names = {"first_name": row.first_name, "last_name": row.last_name}
        person = user or accounts.register(email=row.email, phone="", password=password, vouched=True, **names)
        outlets = list(Outlet.objects.filter(pk__in=_outlets(row)).values_list("pk", flat=True))
        if row.outlets and not outlets:
            raise _invalid()  # the outlets are gone, and "none" would read as "all"
        return members.add_member(user=person, role=row.role, outlets=outlets, actor=staff_actor(person))


def _outlets(row: StaffInvite) -> list[UUID]:
    return [UUID(outlet) for outlet in row.outlets]


def _invalid() -> Invalid:
    return Invalid("invite_invalid", _("This invitation is no longer valid. Ask for a new one."))
