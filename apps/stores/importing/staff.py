"""Who works in the store. People who have no login yet get one; a person who has keeps name and password."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.core.clock import now
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import Role, Staff, StaffOutlet
from apps.users.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the file, by e-mail."""

    name: str
    role: str
    outlets: tuple[str, ...]


def read(source: Source, owner: str | None) -> dict[str, Member]:
    """Members by e-mail, `owner` among them."""
    found: dict[str, Member] = {}
    for row in source.rows("staff"):
        email, member = _email(row), _member(row, source)
        if email in found:
            row.error("email", _("“%(value)s” is there twice") % {"value": email})
        elif email:
            found[email] = member
    if owner:
        found = _with_owner(source, found, owner)
    if not any(member.role == Role.OWNER for member in found.values()):
        source.errors.warn("staff", _("nobody owns the store: add an owner to the file or pass --owner"))
    return found


def _with_owner(source: Source, found: dict[str, Member], owner: str) -> dict[str, Member]:
    email = owner.strip().lower()
    if not is_email(email):
        source.errors.add("", _("--owner: “%(value)s” is not an e-mail address") % {"value": owner})
        return found
    known = found.get(email)
    return {**found, email: Member(name=known.name if known else "", role=Role.OWNER, outlets=())}


def _email(row: Row) -> str:
    email = row.text("email", required=True).lower()
    if email and not is_email(email):
        row.error("email", _("“%(value)s” is not an e-mail address") % {"value": email[:80]})
        return ""
    return email


def is_email(value: str) -> bool:
    """Whether this can be an e-mail address that fits its column."""
    try:
        validate_email(value)
    except ValidationError:
        return False
    return len(value) <= 254


def _member(row: Row, source: Source) -> Member:
    outlets = row.texts("outlets", known=source.slugs("outlets"), noun="outlets")
    name = row.text("name", required=True)
    first, last = split_name(name)
    row.check(User, {"first_name": first, "last_name": last}, first_name="name", last_name="name")
    return Member(name=name, role=row.choice("role", Role.values), outlets=tuple(outlets))


def split_name(name: str) -> tuple[str, str]:
    """First name and the rest."""
    first, _space, last = name.partition(" ")
    return first, last


def write(members: dict[str, Member], world: World) -> None:
    """Logins, memberships, and the outlets a membership is limited to."""
    users = _users(members, world)
    wanted: dict[UUID, dict[str, Any]] = {
        users[email].pk: {"user_id": users[email].pk, "role": member.role} for email, member in members.items()
    }
    existing = Staff.objects.filter(user__in=wanted)
    staff = sync(Staff, existing, wanted, key=lambda row: row.user_id, tally=world.report.tally("staff"))
    links: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for email, member in members.items():
        membership = staff[users[email].pk]
        for slug in member.outlets:
            outlet = world.outlets[slug]
            links[(membership.pk, outlet.pk)] = {"staff_id": membership.pk, "outlet_id": outlet.pk}
    known = StaffOutlet.objects.filter(staff__in=[row.pk for row in staff.values()])
    tally = world.report.tally("staff outlets")
    sync_children(StaffOutlet, known, links, key=lambda row: (row.staff_id, row.outlet_id), tally=tally)


def _users(members: dict[str, Member], world: World) -> dict[str, User]:
    """The logins by e-mail. A shared demo password is hashed once: hashing is slow on purpose."""
    known = {user.email: user for user in User.objects.filter(email__in=members) if user.email}
    hashed = make_password(world.password) if world.password else None
    fresh = []
    for email, member in members.items():
        if email in known:
            continue
        first, last = split_name(member.name)
        password = hashed or make_password(None)
        fresh.append(User(email=email, email_verified_at=now(), first_name=first, last_name=last, password=password))
    User.objects.bulk_create(fresh)
    world.report.tally("users").created += len(fresh)
    return {**known, **{str(user.email): user for user in fresh}}
