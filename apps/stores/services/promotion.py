"""Promotions: create, change, delete. How they are used is counted in `promotion_uses`, their codes are in `coupon_batch`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.money import exponent_of
from apps.core.problems import NotFound
from apps.core.scope import current_store_id
from apps.stores import coupon_codes
from apps.stores.models import (
    CouponCode,
    Product,
    Promotion,
    PromotionCategory,
    PromotionItem,
    PromotionKind,
    PromotionOutlet,
    PromotionProduct,
    PromotionTrigger,
    PromotionType,
    Store,
)
from apps.stores.services import promotion_uses
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    free_slug,
    insert,
    not_found,
    remove,
    settings_fact,
    taken,
    update,
    wrong,
)

MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class _Link:
    """A link table: its model, and the column that names the other row."""

    model: type[Any]
    column: str


LINKS: dict[str, _Link] = {
    "products": _Link(PromotionProduct, "product"),
    "categories": _Link(PromotionCategory, "category"),
    "product_types": _Link(PromotionType, "product_type"),
    "outlets": _Link(PromotionOutlet, "outlet"),
}
# Link name → rows of this store it shall lead to.
Links = Mapping[str, Sequence[Any]]
# Product and units of it in one set.
Items = Sequence[tuple[Product, int]]


def create(
    *, actor: Actor, values: Values, links: Links | None = None, items: Items = (), checks_parts: bool = True
) -> Promotion:
    """A new promotion. With a `code` it is a coupon; without, `trigger` says whether single-use codes will open it.

    `checks_parts` False: the parts of a set come later in the same unit, which then calls `check_parts`.
    Raises 400 with field errors; `code` is `unique` among codes of every kind.
    """
    promotion = Promotion()
    with catalog_unit(actor=actor) as publish:
        assign(promotion, _written(values))
        promotion.slug = promotion.slug or free_slug(Promotion.objects.all(), promotion.name)
        _check(promotion)
        insert(promotion)
        _set_links(promotion, links or {})
        _set_items(promotion, items)
        if checks_parts:
            check_parts(promotion)
        settings_fact("promotion.created", promotion.pk, actor=actor)
        publish()
    return promotion


def change(
    *,
    promotion: Promotion,
    actor: Actor,
    values: Values,
    links: Links | None = None,
    items: Items | None = None,
    checks_parts: bool = True,
) -> Promotion:
    """Change columns, links and parts; what is left out stays."""
    with catalog_unit(actor=actor) as publish:
        promotion = lock(promotion)
        changed = assign(promotion, _written(values, promotion))
        _check(promotion)
        if "total_limit" in changed and promotion.total_limit is not None:
            changed += _begin_to_count(promotion)
        update(promotion, changed)
        changed += _set_links(promotion, links or {})
        if items is not None and _set_items(promotion, items):
            changed.append("items")
        if checks_parts:
            check_parts(promotion)
        if changed:
            settings_fact("promotion.updated", promotion.pk, actor=actor, changed=changed)
            publish()
    return promotion


def delete(*, promotion: Promotion, actor: Actor) -> None:
    """Delete a promotion with its codes; orders keep what they were given."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("promotion.deleted", promotion.pk, actor=actor)
        remove(promotion)
        publish()


def lock(promotion: Promotion) -> Promotion:
    """The promotion as it is now, held until the commit. Raises 404 when it is gone."""
    rows = Promotion.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.filter(pk=promotion.pk).first()
    if locked is None:
        raise NotFound("not_found", _("There is no such promotion."))
    return locked


def _written(values: Values, promotion: Promotion | None = None) -> dict[str, Any]:
    """The values with the code in its one form and the trigger that goes with it."""
    written = dict(values)
    if "code" in written:
        text = str(written["code"] or "")
        written["code"] = coupon_codes.normal(text)
        if text.strip() and not written["code"]:
            raise wrong("code", _("A code has 2 to 40 letters and digits, and no blanks."))
    trigger = written.get("trigger", promotion.trigger if promotion else PromotionTrigger.AUTOMATIC)
    code = written.get("code", promotion.code if promotion else "")
    if code and "code" in written:
        trigger = PromotionTrigger.CODE
    elif trigger == PromotionTrigger.CODE and not code:
        if "trigger" in values:
            raise wrong("code", _("A promotion by code needs the code."), "required")
        trigger = PromotionTrigger.AUTOMATIC
    elif trigger != PromotionTrigger.CODE and code:
        written["code"] = ""
    written["trigger"] = trigger
    return written


def check_parts(promotion: Promotion) -> None:
    """A set consists of something. Call after its parts are written; raises 400 on `items`."""
    if promotion.kind == PromotionKind.BUNDLE and not PromotionItem.objects.filter(promotion=promotion).exists():
        raise wrong("items", _("Say what the set consists of."), "required")


def _check(promotion: Promotion) -> None:
    """What its kind needs, so that pricing never meets a half-made rule."""
    kind, value = promotion.kind, promotion.value
    if kind == PromotionKind.PERCENTAGE and not 0 < value <= MOST_PERCENT:
        raise wrong("value", _("A percentage is more than 0 and at most 100."))
    if kind == PromotionKind.FIXED and not value > 0:
        raise wrong("value", _("Say how much comes off."))
    if kind == PromotionKind.BUY_X_GET_Y:
        for name in ("buy", "get"):
            if getattr(promotion, name) < 1:
                raise wrong(name, _("At least 1."))
    if promotion.starts and promotion.ends and promotion.ends < promotion.starts:
        raise wrong("ends", _("The last day is before the first."))
    _check_decimals(promotion)
    if promotion.code and CouponCode.objects.filter(code=promotion.code).exists():
        raise taken("code")


def _check_decimals(promotion: Promotion) -> None:
    """Amounts in what can be paid: no half rupiah comes off."""
    currency = Store.objects.values_list("currency", flat=True).get(pk=current_store_id())
    names = ["min_subtotal", "max_discount"]
    names += ["value"] if promotion.kind in {PromotionKind.FIXED, PromotionKind.BUNDLE} else []
    places = exponent_of(currency)
    for name in names:
        amount = getattr(promotion, name)
        if amount is not None and amount != round(amount, places):
            raise wrong(name, _("%(currency)s has %(places)s decimals.") % {"currency": currency, "places": places})


def _begin_to_count(promotion: Promotion) -> list[str]:
    """From now on every use is counted: start from those there are."""
    promotion.used = promotion_uses.recount(promotion)
    uses = promotion.used + promotion.used_before
    if uses > (promotion.total_limit or 0):
        raise wrong("total_limit", _("It has been used %(uses)s times already.") % {"uses": uses})
    return ["used"]


def _set_links(promotion: Promotion, links: Links) -> list[str]:
    """Make the links what is wanted; returns the names of those that changed."""
    changed = []
    for name, wanted in links.items():
        link = LINKS[name]
        rows = link.model.objects.filter(promotion=promotion)
        have = set(rows.values_list(f"{link.column}_id", flat=True))
        want = {row.pk for row in wanted}
        if have == want:
            continue
        if any(row.store_id != current_store_id() for row in wanted):
            raise not_found(name)
        rows.exclude(**{f"{link.column}__in": want}).delete()
        ids = {"store_id": current_store_id(), "promotion_id": promotion.pk}
        link.model.objects.bulk_create([link.model(**ids, **{f"{link.column}_id": pk}) for pk in sorted(want - have)])
        changed.append(name)
    return changed


def _set_items(promotion: Promotion, items: Items) -> bool:
    """Make the parts of a set what is wanted; tells whether anything changed."""
    want = {product.pk: count for product, count in items}
    if len(want) < len(items):
        raise wrong("items", _("A product is named twice."), "unique")
    if any(product.store_id != current_store_id() for product, _count in items):
        raise not_found("items")
    rows = PromotionItem.objects.filter(promotion=promotion)
    if dict(rows.values_list("product_id", "quantity")) == want:
        return False
    rows.delete()
    ids = {"store_id": current_store_id(), "promotion_id": promotion.pk}
    PromotionItem.objects.bulk_create(
        [PromotionItem(**ids, product_id=pk, quantity=count) for pk, count in want.items()]
    )
    return True
