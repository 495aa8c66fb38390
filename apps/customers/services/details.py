"""Writers of a customer's addresses, notes and consents."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import NotFound, Refused
from apps.customers import facts
from apps.customers.models import Address, Consent, Customer, Note
from apps.customers.services.recording import lock, tell, tell_changed
from apps.events.services import unit_of_work

ADDRESS_COLUMNS = (
    "label", "street", "number", "complement", "neighborhood", "neighborhood_slug", "city", "state", "zip_code", "country",
    "reference", "lat", "lng",
)  # fmt: skip
MAX_ADDRESSES = 50


def add_address(*, customer_id: UUID, values: Mapping[str, Any], actor: Actor) -> Address:
    """A new address; the first one is the default. Raises 422 `too_many_addresses`."""
    with unit_of_work():
        customer = lock(customer_id)
        others = Address.objects.filter(customer=customer).count()
        if others >= MAX_ADDRESSES:
            raise Refused("too_many_addresses", _("This is too many addresses."))
        row = Address(customer=customer, **{name: values[name] for name in ADDRESS_COLUMNS if name in values})
        row.is_default = bool(values.get("is_default")) or not others
        _only_default(row)
        row.save(force_insert=True)
        tell_changed(customer, ["addresses"], actor=actor)
        return row


def change_address(*, customer_id: UUID, address_id: UUID, values: Mapping[str, Any], actor: Actor) -> Address:
    """Change what is named. Raises 404."""
    with unit_of_work():
        customer = lock(customer_id)
        row = _address(customer, address_id)
        for name in (*ADDRESS_COLUMNS, "is_default"):
            if name in values:
                setattr(row, name, values[name])
        row.updated_at = now()
        _only_default(row)
        row.save()
        tell_changed(customer, ["addresses"], actor=actor)
        return row


def remove_address(*, customer_id: UUID, address_id: UUID, actor: Actor) -> None:
    """Forget an address; if it was the default, the newest of the others is now. Raises 404."""
    with unit_of_work():
        customer = lock(customer_id)
        row = _address(customer, address_id)
        row.delete()
        heir = Address.objects.filter(customer=customer).order_by("-created_at").first() if row.is_default else None
        if heir is not None:
            Address.objects.filter(pk=heir.pk).update(is_default=True)
        tell_changed(customer, ["addresses"], actor=actor)


def _address(customer: Customer, address_id: UUID) -> Address:
    row = Address.objects.filter(pk=address_id, customer=customer).first()
    if row is None:
        raise NotFound("address_not_found", _("There is no such address."))
    return row


def _only_default(row: Address) -> None:
    if row.is_default:
        Address.objects.filter(customer_id=row.customer_id, is_default=True).exclude(pk=row.pk).update(is_default=False)


def add_note(*, customer_id: UUID, text: str, actor: Actor) -> Note:
    """Keep a note about the customer."""
    with unit_of_work():
        customer = lock(customer_id)
        note = Note.objects.create(
            customer=customer, text=text, author_id=actor.id[:64], author_label=actor.label[:120]
        )
        tell_changed(customer, ["notes"], actor=actor)
        return note


def remove_note(*, customer_id: UUID, note_id: UUID, actor: Actor) -> None:
    """Delete a note. Raises 404."""
    with unit_of_work():
        customer = lock(customer_id)
        if not Note.objects.filter(pk=note_id, customer=customer).delete()[0]:
            raise NotFound("note_not_found", _("There is no such note."))
        tell_changed(customer, ["notes"], actor=actor)


def set_consent(*, customer_id: UUID, values: Mapping[str, Any], proof: Mapping[str, Any], actor: Actor) -> Consent:
    """Keep a "yes" or "no" with when, where and to which text it was given. Nothing is ever overwritten.

    `values`: `purpose`, `channel`, `granted`, `text_version`, `text`, `source`.
    """
    with unit_of_work():
        customer = lock(customer_id)
        row = Consent.objects.create(
            customer=customer, proof=dict(proof), actor_kind=str(actor.kind), actor_id=actor.id[:64], **values
        )
        tell(
            facts.CONSENT_CHANGED, customer.pk, actor=actor, purpose=row.purpose, channel=row.channel,
            granted=row.granted, text_version=row.text_version, source=row.source,
        )  # fmt: skip
        return row
