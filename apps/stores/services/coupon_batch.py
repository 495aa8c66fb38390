"""Batches of single-use codes: made at random, switched off, deleted as long as nobody used one."""

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.ids import readable_code
from apps.core.problems import Conflict
from apps.core.scope import current_store_id
from apps.stores import coupon_codes
from apps.stores.models import CouponBatch, CouponCode, Promotion, PromotionTrigger
from apps.stores.models.promotion import CODE_LENGTH
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import Values, assign, insert, remove, settings_fact, update, wrong

# 31 letters to the power of 8: nobody finds a code by trying.
RANDOM_LENGTH = 8
WRITE_AT_ONCE = 1000


def create(*, promotion: Promotion, actor: Actor, values: Values) -> CouponBatch:
    """Make a batch of `size` codes that start with `prefix`. 400 when the promotion has another trigger.

    Codes are drawn until `size` of them are new: two batches made at once never share one, by constraint.
    """
    if promotion.trigger != PromotionTrigger.SINGLE_USE:
        text = _("Only a promotion by single-use codes has batches.")
        raise wrong("promotion", text)
    batch = CouponBatch(promotion=promotion)
    with catalog_unit(actor=actor) as publish:
        assign(batch, {**values, "prefix": _prefix(str(values.get("prefix") or ""))})
        insert(batch)
        missing = batch.size
        while missing:
            missing -= _draw(batch, min(missing, WRITE_AT_ONCE))
        settings_fact("coupon_batch.created", batch.pk, actor=actor)
        publish()
    return batch


def _prefix(text: str) -> str:
    prefix = coupon_codes.normal(f"{text}-X")[:-2] if text.strip() else ""
    if text.strip() and not prefix:
        raise wrong("prefix", _("Letters and digits only."))
    return prefix


def _draw(batch: CouponBatch, count: int) -> int:
    """Write up to `count` new codes; returns how many were new."""
    start = f"{batch.prefix}-" if batch.prefix else ""
    codes = {(start + readable_code(RANDOM_LENGTH))[:CODE_LENGTH] for _number in range(count)}
    codes -= set(Promotion.objects.filter(code__in=codes).values_list("code", flat=True))
    rows = [CouponCode(store_id=current_store_id(), batch=batch, code=code) for code in codes]
    CouponCode.objects.bulk_create(rows, ignore_conflicts=True)
    # Of a conflict only the batch can tell who won.
    return CouponCode.objects.filter(batch=batch, code__in=codes).count()


def change(*, batch: CouponBatch, actor: Actor, values: Values) -> CouponBatch:
    """Rename, set the last day, switch on and off."""
    with catalog_unit(actor=actor):
        changed = assign(batch, values)
        update(batch, changed)
        if changed:
            settings_fact("coupon_batch.updated", batch.pk, actor=actor, changed=changed)
    return batch


def delete(*, batch: CouponBatch, actor: Actor) -> None:
    """Delete a batch with its codes. 409 `in_use` when an order has one of them: switch it off instead."""
    with catalog_unit(actor=actor) as publish:
        if CouponCode.objects.filter(batch=batch, order__isnull=False).exists():
            raise Conflict("in_use", _("Some of its codes have been used. Switch the batch off instead."))
        settings_fact("coupon_batch.deleted", batch.pk, actor=actor)
        remove(batch)
        publish()
