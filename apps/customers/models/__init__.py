"""Tables of the customers room: who orders, what is known of them, their points, and what they would like to have."""

from apps.customers.models.customer import BlockPolicy, Customer, Identity, IdentityKind
from apps.customers.models.details import Address, Company, Consent, ConsentChannel, Note, Purpose
from apps.customers.models.login import Account, WishlistItem
from apps.customers.models.loyalty import LoyaltyProgram, PointsAccount, PointsEntry, PointsKind, PointsLot, StampEntry
from apps.customers.models.merge import Merge

__all__ = [
    "Account", "Address", "BlockPolicy", "Company", "Consent", "ConsentChannel", "Customer", "Identity", "IdentityKind", "LoyaltyProgram",
    "Merge", "Note", "PointsAccount", "PointsEntry", "PointsKind", "PointsLot", "Purpose", "StampEntry", "WishlistItem",
]  # fmt: skip
