"""Memberships of the store in scope: add, change, remove. Who may do what to whom is decided here, not in the views.

Rules: nobody grants or touches a role above their own (so only owners manage owners); who is limited to some outlets
manages only people of those; a store always keeps an owner.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict, Forbidden, Invalid, NotFound
from apps.events.registry import Fact, Subject
from apps.events.services import record, unit_of_work
from apps.stores import facts_staff
from apps.stores.models import Outlet, Role, Staff, StaffInvite, StaffOutlet
from apps.stores.queries import staff as queries
from apps.stores.queries.access import Access
from apps.users.models import User

RANKS: dict[str, int] = {Role.OWNER: 2, Role.MANAGER: 1}


def rank(role: str) -> int:
    """How high a role stands: owner, then manager, then everybody else alike."""
    return RANKS.get(role, 0)


def check_may_manage(*, by: Access, role: str, outlets: Iterable[UUID]) -> None:
    """Raises 403 `role_above_yours` or `outlet_not_yours` unless `by` may grant or touch such a membership."""
    if rank(role) > rank(by.role):
        raise Forbidden("role_above_yours", _("This role is above yours."))
    mine, theirs = by.outlets, frozenset(outlets)
    if mine and by.role != Role.OWNER and (not theirs or not theirs <= mine):
        raise Forbidden("outlet_not_yours", _("You may only manage people of your own outlets."))


def check_outlets(outlets: Sequence[UUID]) -> None:
    """Raises 400 `invalid` unless every id is an outlet of the store in scope."""
    known = set(Outlet.objects.filter(pk__in=outlets).values_list("pk", flat=True))
    if set(outlets) - known:
        text = _("This store has no such outlet.")
        raise Invalid("invalid", text, errors={"outlets": [text]})


def add_member(*, user: User, role: str, outlets: Sequence[UUID] = (), actor: Actor) -> Staff:
    """Make `user` a member at once. For whoever accepted an invitation, for a new store's owner and for commands.

    Raises 409 `already_member`.
    """
    with unit_of_work():
        try:
            with transaction.atomic():
                staff = Staff.objects.create(user=user, role=role)
        except IntegrityError as error:
            raise Conflict("already_member", _("This person already belongs to the team.")) from error
        _set_outlets(staff, outlets)
        _record(facts_staff.STAFF_JOINED, staff, actor=actor, outlets=outlets)
    return queries.member(staff.pk)


def update(*, by: Access, staff_id: UUID, changes: Mapping[str, Any]) -> Staff:
    """Change `role`, `outlets` (ids; empty: all) or `is_active`. Records `staff.updated` if anything differs.

    Raises 404 `staff_not_found`, 403 (see `check_may_manage`), 400 for an unknown outlet, 409 `last_owner`.
    """
    with unit_of_work():
        staff, owners = _locked(staff_id)
        old_outlets = _outlets_of(staff)
        check_may_manage(by=by, role=staff.role, outlets=old_outlets)
        role, active = changes.get("role", staff.role), changes.get("is_active", staff.is_active)
        outlets = list(changes.get("outlets", old_outlets))
        check_may_manage(by=by, role=role, outlets=outlets)
        if "outlets" in changes:
            check_outlets(outlets)
        changed = _differences(staff, role=role, is_active=active, outlets=set(outlets) != set(old_outlets))
        if changed:
            if not (role == Role.OWNER and active):
                _keep_an_owner(staff, owners)
            _save(staff, role=role, is_active=active, outlets=outlets)
            _record(facts_staff.STAFF_UPDATED, staff, actor=by.actor, outlets=outlets, changed=changed)
    return queries.member(staff_id)


def remove(*, by: Access, staff_id: UUID) -> None:
    """End a membership; the user stays. Access ends with this transaction, on sockets by the fact `staff.removed`.

    Raises 404 `staff_not_found`, 403 (see `check_may_manage`), 409 `last_owner`.
    """
    with unit_of_work():
        staff, owners = _locked(staff_id)
        outlets = _outlets_of(staff)
        check_may_manage(by=by, role=staff.role, outlets=outlets)
        _keep_an_owner(staff, owners)
        _withdraw_invites_of(staff)
        _record(facts_staff.STAFF_REMOVED, staff, actor=by.actor, outlets=outlets)
        staff.delete()


def _locked(staff_id: UUID) -> tuple[Staff, list[Staff]]:
    """The member and the active owners, locked in one statement and one order, so two removals cannot miss each other."""
    rows = Staff.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    found = list(rows.filter(Q(pk=staff_id) | Q(role=Role.OWNER, is_active=True)))
    staff = next((row for row in found if row.pk == staff_id), None)
    if staff is None:
        raise NotFound("staff_not_found", _("There is no such team member."))
    return staff, [row for row in found if _is_owner(row)]


def _is_owner(staff: Staff) -> bool:
    return staff.role == Role.OWNER and staff.is_active and staff.user.is_active


def _keep_an_owner(leaving: Staff, owners: Sequence[Staff]) -> None:
    if _is_owner(leaving) and not [owner for owner in owners if owner.pk != leaving.pk]:
        raise Conflict("last_owner", _("A store needs an owner. Make somebody else owner first."))


def _differences(staff: Staff, *, role: str, is_active: bool, outlets: bool) -> list[str]:
    changed = {"role": role != staff.role, "is_active": is_active != staff.is_active, "outlets": outlets}
    return [name for name, differs in changed.items() if differs]


def _save(staff: Staff, *, role: str, is_active: bool, outlets: Sequence[UUID]) -> None:
    if rank(role) < rank(staff.role) or not is_active:
        _withdraw_invites_of(staff)
    staff.role, staff.is_active = role, is_active
    staff.save(update_fields=["role", "is_active"])
    _set_outlets(staff, outlets)


def _set_outlets(staff: Staff, outlets: Sequence[UUID]) -> None:
    links = StaffOutlet.objects.filter(staff=staff)
    links.exclude(outlet_id__in=outlets).delete()
    new = set(outlets) - set(links.values_list("outlet_id", flat=True))
    if new:
        StaffOutlet.objects.bulk_create([StaffOutlet(store_id=staff.store_id, staff=staff, outlet_id=pk) for pk in new])


def _outlets_of(staff: Staff) -> list[UUID]:
    return list(StaffOutlet.objects.filter(staff=staff).values_list("outlet_id", flat=True))


def _withdraw_invites_of(staff: Staff) -> None:
    """Nobody comes in on the word of somebody who may no longer give it."""
    StaffInvite.objects.filter(invited_by=staff.user_id).delete()


def _record(fact: Fact, staff: Staff, *, actor: Actor, outlets: Sequence[UUID], changed: Sequence[str] = ()) -> None:
    payload = {
        "staff_id": str(staff.pk),
        "user_id": str(staff.user_id),
        "email": staff.user.email or "",
        "role": staff.role,
        "outlets": [str(outlet) for outlet in outlets],
        "is_active": staff.is_active,
        "changed": list(changed),
    }
    record(fact, subject=Subject(type="staff", id=staff.pk), payload=payload, actor=actor)
