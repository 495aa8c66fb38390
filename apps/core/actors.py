"""Who did it. Every fact and every move of a state names an actor; it is never None."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of beings that change a store's world."""

    CUSTOMER = "customer"
    STAFF = "staff"
    DEVICE = "device"
    SYSTEM = "system"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Kind, id (a UUID as text, or a name for system parts) and how to show it to a person."""

    kind: ActorKind
    id: str
    label: str = ""


def system(part: str) -> Actor:
    """The actor for work the machine does by itself, e.g. `system("expiry")`."""
    return Actor(kind=ActorKind.SYSTEM, id=part, label=part)
