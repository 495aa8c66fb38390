"""Reads about the team of the store in scope, and the two look-ups that find a store by a secret."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import NotFound
from apps.stores.models import Staff, StaffInvite


def members() -> QuerySet[Staff]:
    """The memberships of the store in scope with their people and outlets, oldest first. Two statements."""
    return Staff.objects.select_related("user").prefetch_related("outlet_links").order_by("created_at", "id")


def member(staff_id: UUID) -> Staff:
    """One membership of the store in scope. Raises 404 `staff_not_found`, also for another store's."""
    found = members().filter(pk=staff_id).first()
    if found is None:
        raise NotFound("staff_not_found", _("There is no such team member."))
    return found


def open_invites() -> QuerySet[StaffInvite]:
    """Invitations of the store in scope that can still be accepted, newest first."""
    return StaffInvite.objects.filter(expires_at__gt=now()).order_by("-created_at", "-id")


def find_invite(token_hash: str) -> StaffInvite | None:
    """The open invitation with this token, in whatever store; None once its author may no longer log in."""
    author = Q(invited_by__isnull=True) | Q(invited_by__is_active=True)
    return StaffInvite.objects.unscoped().filter(author, token_hash=token_hash, expires_at__gt=now()).first()
