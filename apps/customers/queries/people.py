"""Reads of customers: finding one by what they told, searching, and everything that is kept of one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.customers import taxids
from apps.customers.identities import folded, search_words
from apps.customers.models import Consent, Customer, Identity, IdentityKind


def find(*, phone: str = "", email: str = "") -> Customer | None:
    """The customer with this phone (E.164), or if no phone is given with this e-mail. Reads only; see `services.recognise`."""
    key = (IdentityKind.PHONE, phone) if phone else (IdentityKind.EMAIL, email.lower())
    if not key[1]:
        return None
    row = Identity.objects.select_related("customer").filter(kind=key[0], value=key[1]).first()
    return row.customer if row else None


def people() -> QuerySet[Customer]:
    """The customers of the store: not those that were merged into another one or erased."""
    return Customer.objects.filter(merged_into=None, erased_at=None)


def search(rows: QuerySet[Customer], text: str, country: str) -> QuerySet[Customer]:
    """Rows with all words of a query in name, phone, e-mail or channel ids; accents, capitals and the ninth digit aside."""
    for word in search_words(text, country):
        rows = rows.filter(folded__contains=word)
    return rows


def consents_now(customer_id: UUID) -> list[dict[str, Any]]:
    """How consent stands: for each purpose and channel the newest word, since when, and when it was withdrawn."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in Consent.objects.filter(customer_id=customer_id).order_by("at", "id"):
        key = (row.purpose, row.channel)
        before = newest.get(key, {"granted_at": None, "withdrawn_at": None})
        newest[key] = {
            "purpose": row.purpose, "channel": row.channel, "granted": row.granted, "text_version": row.text_version,
            "source": row.source, "at": row.at,
            "granted_at": row.at if row.granted else before["granted_at"],
            "withdrawn_at": None if row.granted else row.at,
        }  # fmt: skip
    return sorted(newest.values(), key=lambda row: (row["purpose"], row["channel"]))


def is_allowed(customer_id: UUID, *, purpose: str, channel: str) -> bool:
    """Whether the customer said yes, and has not taken it back."""
    rows = Consent.objects.filter(customer_id=customer_id, purpose=purpose, channel=channel)
    return bool(rows.order_by("-at", "-id").values_list("granted", flat=True).first())


def search_text(name: str, values: Iterable[str]) -> str:
    """What a search is compared with, for who writes customers by the thousand."""
    return folded(name, values)


def company_numbers(written: Mapping[str, str]) -> dict[str, str]:
    """`cnpj` and `vat_number` in their plain form; empty for what is none or has a wrong digit."""
    return {
        "cnpj": taxids.cnpj(written.get("cnpj", "")),
        "vat_number": taxids.vat_number(written.get("vat_number", "")),
    }
