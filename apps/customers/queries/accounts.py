"""Which customer a logged-in person is, and what of them is proved."""

from typing import Any

from django.db.models import QuerySet

from apps.customers.models import Account, Customer, IdentityKind
from apps.users.models import User


def customer_of(user: User) -> Customer | None:
    """The customer this person is known to be in the store in scope; None for somebody who never proved anything here."""
    row = Account.objects.select_related("customer").filter(user=user).first()
    return row.customer if row else None


def customers_of(user: User) -> QuerySet[Account, Any]:
    """The same as a subquery of ids: one, or none."""
    return Account.objects.filter(user=user).values("customer_id")


def proved(user: User) -> dict[str, str]:
    """Identity kind → value, of what this person showed to be theirs by a code."""
    found = {IdentityKind.PHONE: user.phone if user.phone_verified_at else "",
             IdentityKind.EMAIL: user.email if user.email_verified_at else ""}  # fmt: skip
    return {str(kind): value for kind, value in found.items() if value}
