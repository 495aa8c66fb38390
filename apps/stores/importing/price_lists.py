"""Price lists, their fixed prices, and the customers whose company buys by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.customers.models import Identity
from apps.stores.importing.customers import Key as IdentityKey
from apps.stores.importing.customers import Person
from apps.stores.importing.products import Plan as Products
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import sync, sync_children
from apps.stores.models import PriceList, PriceListMember, PriceListPrice

Fields = dict[str, Any]
# Product and variant (or empty).
Item = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Columns and fixed prices by slug; slug of the list by what its customer is recognised by."""

    lists: dict[str, Fields]
    prices: dict[str, dict[Item, Fields]]
    members: dict[IdentityKey, str]


def read(source: Source, products: Products, people: Sequence[Person]) -> Plan:
    """All lists, and who buys by which."""
    lists: dict[str, Fields] = {}
    prices: dict[str, dict[Item, Fields]] = {}
    for slug, row in unique(source.rows("price_lists")).items():
        fields = {
            "slug": slug,
            "name": row.text("name", required=True),
            "percentage": row.optional_amount("percentage", decimals=2) or 0,
            "min_order": row.optional_amount("min_order"),
        }
        lists[slug] = row.check(PriceList, fields)
        prices[slug] = _prices(row, source, products)
    return Plan(lists=lists, prices=prices, members=_members(source, people))


def _prices(row: Row, source: Source, products: Products) -> dict[Item, Fields]:
    found: dict[Item, Fields] = {}
    for item in row.rows("prices"):
        product = item.reference("product", source.slugs("products"), "products")
        variant = item.text("variant")
        if variant and product and (product, variant) not in products.variants:
            text = _("“%(product)s” has no variant “%(variant)s”")
            item.error("variant", text % {"product": product, "variant": variant[:60]})
        if (product, variant) in found:
            item.error("", _("the same product is there twice"))
        found[product, variant] = item.check(PriceListPrice, {"price": item.amount("price")})
    return found


def _members(source: Source, people: Sequence[Person]) -> dict[IdentityKey, str]:
    """Customers are known by path here: what else is in `company` is the business of the customers room."""
    rows = source.document.get("customers")
    companies = {
        f"customers[{index}]": row["company"]
        for index, row in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and isinstance(row.get("company"), dict)
    }
    found: dict[IdentityKey, str] = {}
    for person in people:
        company = companies.get(person.path)
        if company is None or not company.get("price_list") or not person.identities:
            continue
        row = source.reader.row({"price_list": company["price_list"]}, f"{person.path}.company")
        found[person.identities[0]] = row.reference("price_list", source.slugs("price_lists"), "price_lists")
    return found


def write(plan: Plan, world: World) -> None:
    """Create and update; fixed prices the file no longer has go. Customers are only ever added or moved."""
    tally = world.report.tally("price lists")
    existing = PriceList.objects.filter(slug__in=plan.lists)
    lists = sync(PriceList, existing, plan.lists, key=lambda row: row.slug, tally=tally)
    wanted: dict[tuple[UUID, UUID, UUID | None], Fields] = {}
    for slug, prices in plan.prices.items():
        for (product, variant), fields in prices.items():
            variant_id = world.variants[(product, variant)].pk if variant else None
            key = (lists[slug].pk, world.products[product].pk, variant_id)
            wanted[key] = {"price_list_id": key[0], "product_id": key[1], "variant_id": key[2], **fields}
    have = PriceListPrice.objects.filter(price_list__in=[row.pk for row in lists.values()])
    sync_children(
        PriceListPrice, have, wanted, key=lambda row: (row.price_list_id, row.product_id, row.variant_id),
        tally=world.report.tally("list prices"),
    )  # fmt: skip
    _write_members(plan, lists, world)


def _write_members(plan: Plan, lists: dict[str, PriceList], world: World) -> None:
    values = [value for _kind, value in plan.members]
    owners = {(row.kind, row.value): row.customer_id for row in Identity.objects.filter(value__in=values)}
    wanted = {
        owners[key]: {"customer_id": owners[key], "price_list_id": lists[slug].pk} for key, slug in plan.members.items()
    }
    existing = PriceListMember.objects.filter(customer_id__in=wanted)
    tally = world.report.tally("customers of price lists")
    sync(PriceListMember, existing, wanted, key=lambda row: row.customer_id, tally=tally)
