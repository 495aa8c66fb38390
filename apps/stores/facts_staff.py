"""Facts about who and what may work in a store. Sockets listen to them: access ends when the log says so."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class InviteFact(TypedDict):
    """Somebody was asked to join."""

    invite_id: str
    email: str
    role: str


class StaffFact(TypedDict, total=False):
    """A membership as it is now; `changed` names what the fact is about."""

    staff_id: str
    user_id: str
    email: str
    role: str
    outlets: list[str]
    is_active: bool
    changed: list[str]


class DeviceFact(TypedDict):
    """A paired device."""

    device_id: str
    name: str
    kind: str


STAFF_INVITED = define(
    Fact(name="staff.invited", title=_("Invited to the team"), payload=InviteFact, personal=("email",))
)
STAFF_JOINED = define(Fact(name="staff.joined", title=_("Joined the team"), payload=StaffFact, personal=("email",)))
STAFF_UPDATED = define(
    Fact(name="staff.updated", title=_("Team member changed"), payload=StaffFact, personal=("email",))
)
STAFF_REMOVED = define(
    Fact(name="staff.removed", title=_("Removed from the team"), payload=StaffFact, personal=("email",))
)
DEVICE_PAIRED = define(Fact(name="device.paired", title=_("Device paired"), payload=DeviceFact, personal=()))
DEVICE_REVOKED = define(Fact(name="device.revoked", title=_("Device revoked"), payload=DeviceFact, personal=()))
