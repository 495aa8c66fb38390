"""Two records that are one person become one, and can be taken apart again.

The rows move and the record of the merge lists which; nothing is copied or deleted. The rooms above move what is theirs (orders) in
the same transaction, when they hear of the fact, and add it to the list by `note_moved`.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict, Invalid, NotFound
from apps.customers import facts
from apps.customers.models import Account, Address, Company, Consent, Customer, Identity, Merge, Note
from apps.customers.services import points
from apps.customers.services.recording import refresh_search, tell
from apps.events.services import unit_of_work

MOVING: dict[str, Any] = {
    "identities": Identity, "addresses": Address, "notes": Note, "consents": Consent, "accounts": Account,
}  # fmt: skip
BLOCK = ("blocked_at", "blocked_until", "block_reason", "block_policy")


def _lock_both(first: UUID, second: UUID) -> dict[UUID, Customer]:
    """Both rows, against each other's merges and against orders that are being placed: those hold a key share of the row."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[first, second]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != 2:
        raise NotFound("customer_not_found", _("There is no such customer."))
    return found


def merge(*, source_id: UUID, target_id: UUID, actor: Actor, reason: str = "") -> Merge:
    """`source` turns out to be `target`: what is kept of it moves there. Raises 400 `same_customer`, 404, 409 `customer_merged`."""
    if source_id == target_id:
        raise Invalid("same_customer", _("These are the same customer."))
    with unit_of_work():
        both = _lock_both(source_id, target_id)
        source, target = both[source_id], both[target_id]
        if source.merged_into_id or target.merged_into_id:
            raise Conflict("customer_merged", _("This customer was merged into another one."))
        if source.erased_at or target.erased_at:
            raise Conflict("customer_erased", _("This customer was erased."))
        moved = {name: _move(model, source, target) for name, model in MOVING.items()}
        moved["company"] = [] if Company.objects.filter(customer=target).exists() else _move(Company, source, target)
        moved |= _unite(source, target)
        moved |= points.move_all(source_id=source.pk, target_id=target.pk, actor=actor)
        row = Merge.objects.create(
            source=source, target=target, moved=moved, reason=reason.strip()[:280], actor_label=actor.label[:120]
        )
        Customer.objects.filter(pk=source.pk).update(merged_into=target, updated_at=now())
        _finish(facts.CUSTOMER_MERGED, row, source, target, actor)
        row.refresh_from_db()
        return row


def _move(model: Any, source: Customer, target: Customer) -> list[str]:
    rows = model.objects.filter(customer=source)
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    changes: dict[str, Any] = {"customer": target}
    if model is Address and Address.objects.filter(customer=target, is_default=True).exists():
        changes["is_default"] = False
    rows.update(**changes)
    return ids


def _unite(source: Customer, target: Customer) -> dict[str, Any]:
    """Columns that are joined: tags, counted orders, and a block, which nobody loses by having two records."""
    before = {"tags": list(target.tags), "blocked": target.is_blocked}
    target.tags = [*target.tags, *(tag for tag in source.tags if tag not in target.tags)]
    target.orders_before += source.orders_before
    if source.is_blocked and not target.is_blocked:
        for name in BLOCK:
            setattr(target, name, getattr(source, name))
    cpf = bool(source.cpf) and not target.cpf
    if cpf:
        target.cpf = source.cpf
    named = bool(source.name) and not target.name
    if named:
        target.name = source.name
    target.save(update_fields=["tags", "orders_before", "cpf", "name", *BLOCK])
    default = Address.objects.filter(customer=target, is_default=True).values_list("pk", flat=True).first()
    return {"before": {**before, "cpf": cpf, "named": named}, "default_address": str(default) if default else None}


def _finish(fact: Any, row: Merge, source: Customer, target: Customer, actor: Actor) -> None:
    for customer in (source, target):
        refresh_search(customer)
    tell(fact, source.pk, actor=actor, into=str(target.pk), merge_id=str(row.pk), reason=row.reason)


def note_moved(*, merge_id: UUID, kind: str, ids: Iterable[UUID]) -> None:
    """A room above says what of its own moved with the merge."""
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    row.moved = {**row.moved, kind: [str(pk) for pk in ids]}
    row.save(update_fields=["moved"])


def unmerge(*, merge_id: UUID, actor: Actor) -> Merge:
    """Take two customers apart again: what moved goes back, as far as it is still there; what came later stays.

    Raises 404, 409 `merge_undone`, 409 `customer_merged` when the target was merged further: undo that first.
    """
    with unit_of_work():
        row = Merge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
        if row is None:
            raise NotFound("merge_not_found", _("There is no such merge."))
        if row.undone_at is not None:
            raise Conflict("merge_undone", _("This merge was undone already."))
        both = _lock_both(row.source_id, row.target_id)
        source, target = both[row.source_id], both[row.target_id]
        if target.merged_into_id is not None:
            raise Conflict("customer_merged", _("This customer was merged into another one."))
        if target.erased_at is not None:
            raise Conflict("customer_erased", _("This customer was erased."))
        for name, model in {**MOVING, "company": Company}.items():
            _move_back(model, row.moved.get(name, []), source, target)
        _divide(row, source, target)
        points.move_back(moved=row.moved, source_id=source.pk, target_id=target.pk, actor=actor)
        row.undone_at, row.undone_by = now(), actor.label[:120]
        row.save(update_fields=["undone_at", "undone_by"])
        Customer.objects.filter(pk=source.pk).update(merged_into=None, updated_at=now())
        _finish(facts.CUSTOMER_UNMERGED, row, source, target, actor)
        return row


def _move_back(model: Any, ids: list[str], source: Customer, target: Customer) -> None:
    rows = model.objects.filter(pk__in=ids, customer=target)
    rows.update(customer=source)
    if model is Address:
        _one_default(source)
        _one_default(target)


def _one_default(customer: Customer) -> None:
    """Somebody with addresses has a default one."""
    mine = Address.objects.filter(customer=customer)
    if not mine.filter(is_default=True).exists():
        first = mine.order_by("created_at", "id").first()
        if first is not None:
            Address.objects.filter(pk=first.pk).update(is_default=True)


def _divide(row: Merge, source: Customer, target: Customer) -> None:
    before = row.moved.get("before", {})
    brought = [tag for tag in source.tags if tag not in before.get("tags", [])]
    target.tags = [tag for tag in target.tags if tag not in brought]
    target.orders_before = max(target.orders_before - source.orders_before, 0)
    if source.blocked_at is not None and not before.get("blocked") and target.blocked_at == source.blocked_at:
        target.blocked_at, target.blocked_until, target.block_reason = None, None, ""
    if before.get("cpf"):
        target.cpf = ""
    if before.get("named") and target.name == source.name:
        target.name = ""
    target.save(update_fields=["tags", "orders_before", "cpf", "name", *BLOCK])
