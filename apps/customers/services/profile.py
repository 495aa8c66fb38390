"""Writers of what a store keeps about a customer: name, tags, identities, a block, their company."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.crypto import Secret
from apps.core.ids import uuid7
from apps.core.problems import Conflict, Invalid, NotFound
from apps.core.scope import current_store_id
from apps.customers import facts, taxids
from apps.customers.identities import canonical
from apps.customers.models import BlockPolicy, Company, Customer, Identity, IdentityKind
from apps.customers.services.recording import lock, refresh_search, tell, tell_changed
from apps.events.services import unit_of_work

COLUMNS = ("name", "language", "tags", "orders_before")
COMPANY_COLUMNS = ("name", "cnpj", "vat_number", "state_registration", "payment_terms_days")
# Of these columns only a number with right check digits is kept, in its plain form.
CHECKED = {"cnpj": taxids.cnpj, "vat_number": taxids.vat_number}


def create(*, values: Mapping[str, Any], country: str, actor: Actor) -> Customer:
    """A customer somebody typed in: a name or at least one identity. Raises 409 `identity_taken`, 400."""
    if not any(str(values.get(name) or "").strip() for name in ("name", *IdentityKind.values)):
        text = _("Give a name, or a way to recognise the customer.")
        raise Invalid("invalid", text, errors={"name": [text]})
    with unit_of_work():
        columns = {name: values[name] for name in COLUMNS if name in values}
        customer = Customer(id=uuid7(), store_id=current_store_id(), **columns)
        customer.save(force_insert=True)
        for kind in IdentityKind.values:
            if values.get(kind):
                _add(customer, kind, str(values[kind]), country)
        refresh_search(customer)
        tell(facts.CUSTOMER_CREATED, customer.pk, actor=actor, name=customer.name)
        return customer


def change(*, customer_id: UUID, values: Mapping[str, Any], country: str, actor: Actor) -> Customer:
    """Change columns; `phone`, `email`, `cpf` … replace the customer's identity of that kind, empty removes it."""
    with unit_of_work():
        customer = lock(customer_id)
        changed = [name for name in COLUMNS if name in values and getattr(customer, name) != values[name]]
        for name in changed:
            setattr(customer, name, values[name])
        if changed:
            customer.save(update_fields=changed)
        named = [kind for kind in IdentityKind.values if kind in values]
        changed += [kind for kind in named if _replace(customer, kind, str(values[kind] or ""), country)]
        refresh_search(customer)
        tell_changed(customer, changed, actor=actor)
        return customer


def add_identity(*, customer_id: UUID, kind: str, value: str, country: str, actor: Actor) -> Identity:
    """One more way to recognise the customer. Raises 400 for what cannot be one, 409 `identity_taken` (with whose)."""
    with unit_of_work():
        customer = lock(customer_id)
        identity = _add(customer, kind, value, country)
        refresh_search(customer)
        tell_changed(customer, ["identities"], actor=actor)
        return identity


def remove_identity(*, customer_id: UUID, identity_id: UUID, actor: Actor) -> None:
    """The customer is no longer recognised by this. Raises 404."""
    with unit_of_work():
        customer = lock(customer_id)
        row = Identity.objects.filter(pk=identity_id, customer=customer).first()
        if row is None:
            raise NotFound("identity_not_found", _("There is no such identity."))
        if row.kind == IdentityKind.CPF:
            Customer.objects.filter(pk=customer.pk).update(cpf="")
        row.delete()
        refresh_search(customer)
        tell_changed(customer, ["identities"], actor=actor)


def _replace(customer: Customer, kind: str, value: str, country: str) -> bool:
    old = Identity.objects.filter(customer=customer, kind=kind).order_by("created_at", "id").first()
    wanted = _canonical(kind, value, country) if value.strip() else ""
    if (old.value if old else "") == wanted:
        return False
    if wanted:
        _add(customer, kind, value, country)
    if old is not None:
        old.delete()
    if kind == IdentityKind.CPF and not wanted:
        Customer.objects.filter(pk=customer.pk).update(cpf="")
    return True


def _canonical(kind: str, value: str, country: str) -> str:
    written = canonical(kind, value, country)
    if not written:
        text = _("This cannot be understood.")
        raise Invalid("invalid", text, errors={kind: [text]})
    return written


def _add(customer: Customer, kind: str, value: str, country: str) -> Identity:
    written = _canonical(kind, value, country)
    row = Identity(id=uuid7(), store_id=current_store_id(), customer=customer, kind=kind, value=written)
    Identity.objects.bulk_create([row], ignore_conflicts=True)
    kept = Identity.objects.get(kind=kind, value=written)
    if kept.customer_id != customer.pk:
        text = _("Another customer has this. Merge the two if they are one person.")
        raise Conflict("identity_taken", text, errors={kind: [text]}, customer_id=kept.customer_id)
    if kind == IdentityKind.CPF:
        customer.cpf = Secret("".join(filter(str.isdigit, value)))
        customer.save(update_fields=["cpf"])
    return kept


def block(
    *, customer_id: UUID, reason: str, until: datetime | None, policy: str = BlockPolicy.REFUSE, actor: Actor
) -> Customer:
    """Take no orders of this customer (or only such that are paid in advance), for good or until a moment.

    Raises 400 without a reason or for a moment that is past.
    """
    if not reason.strip():
        raise Invalid("reason_required", _("Say why."), errors={"reason": [_("Required.")]})
    if until is not None and until <= now():
        text = _("This moment is past.")
        raise Invalid("invalid", text, errors={"until": [text]})
    with unit_of_work():
        customer = lock(customer_id)
        customer.blocked_at, customer.blocked_until, customer.block_reason = now(), until, reason.strip()[:280]
        customer.block_policy = policy
        customer.save(update_fields=["blocked_at", "blocked_until", "block_reason", "block_policy"])
        tell_changed(customer, ["blocked"], actor=actor)
        return customer


def unblock(*, customer_id: UUID, actor: Actor) -> Customer:
    """Take orders again; fine if there was no block."""
    with unit_of_work():
        customer = lock(customer_id)
        if customer.blocked_at is not None:
            customer.blocked_at, customer.blocked_until, customer.block_reason = None, None, ""
            customer.save(update_fields=["blocked_at", "blocked_until", "block_reason"])
            tell_changed(customer, ["blocked"], actor=actor)
        return customer


def set_company(*, customer_id: UUID, values: Mapping[str, Any], actor: Actor) -> Company:
    """The company the customer buys for; what is not named stays. Raises 400 for a CNPJ or VAT number that is none."""
    values = {**values, **{name: _checked(name, str(values[name])) for name in CHECKED if values.get(name)}}
    with unit_of_work():
        customer = lock(customer_id)
        row = Company.objects.filter(customer=customer).first() or Company(customer=customer)
        for name in COMPANY_COLUMNS:
            if name in values:
                setattr(row, name, values[name])
        row.updated_at = now()
        row.save()
        tell_changed(customer, ["company"], actor=actor)
        return row


def _checked(name: str, written: str) -> str:
    number = CHECKED[name](written)
    if not number:
        text = _("This is not such a number, or a digit is wrong.")
        raise Invalid("invalid", text, errors={name: [text]})
    return number


def remove_company(*, customer_id: UUID, actor: Actor) -> None:
    """The customer buys as a person again; fine if there was no company."""
    with unit_of_work():
        customer = lock(customer_id)
        if Company.objects.filter(customer=customer).delete()[0]:
            tell_changed(customer, ["company"], actor=actor)
