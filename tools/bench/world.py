"""The store that is measured: 500 products in 20 categories, options, an owner with a token, orders to list."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import django

CATEGORIES, PRODUCTS = 20, 500
SLUG = "bench"


@dataclass(frozen=True, slots=True)
class World:
    """What the loads need to know."""

    products: tuple[str, ...]
    token: str


def prepare() -> World:
    """Migrate a database of our own and fill it once. Uses the embedded servers under `.local/bench`."""
    os.environ.setdefault("LOCAL_DIR", ".local/bench")
    # One address places every order of a run, thousands of them: the limits are counted as in production, and never met.
    os.environ.update({"CHECKOUTS_PER_ADDRESS": "100000000", "CHECKOUTS_PER_PHONE": "100000000"})
    os.environ.update({"DEBUG": "0", "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings"})
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return _fill()


def _fill() -> World:
    from apps.core.scope import scope
    from apps.stores.models import Category, Product, Role, Staff, Store
    from apps.stores.tests import factories
    from apps.users.models import User
    from apps.users.services import logins

    store = Store.objects.filter(slug=SLUG).first() or factories.make_store(SLUG, name="Bench")
    user = User.objects.filter(email="bench@example.com").first() or factories.make_user("bench@example.com")
    with scope(store.pk):
        Staff.objects.get_or_create(store_id=store.pk, user=user, defaults={"role": Role.OWNER})
        if Product.objects.count() < PRODUCTS:
            _products(store.pk)
            factories.bump(store)
        ids = tuple(str(pk) for pk in Product.objects.order_by("slug").values_list("pk", flat=True))
        assert Category.objects.exists()
    return World(products=ids, token=logins.open_with_token(user=user))


def clear_screens() -> None:
    """Nothing is left open by the loads before: an evening has tens of open tickets, not thousands."""
    from apps.core.scope import scope
    from apps.kitchen.models import Ticket, TicketStatus
    from apps.stores.models import Store

    with scope(Store.objects.get(slug=SLUG).pk):
        Ticket.objects.filter(status=TicketStatus.QUEUED).update(status=TicketStatus.BUMPED)


def _products(store_id: UUID) -> None:
    from apps.stores.models import Category, ModifierGroup, ModifierOption, Product, ProductModifierGroup

    categories = Category.objects.bulk_create(
        [Category(store_id=store_id, slug=f"c-{n}", name=f"Category {n}", position=n) for n in range(CATEGORIES)]
    )
    group = ModifierGroup.objects.create(store_id=store_id, slug="extras", name="Extras", min=0, max=3)
    ModifierOption.objects.bulk_create(
        [
            ModifierOption(store_id=store_id, group=group, slug=f"o-{n}", name=f"Option {n}", price=Decimal(n))
            for n in range(5)
        ]
    )
    products = Product.objects.bulk_create(
        [
            Product(
                store_id=store_id, category=categories[n % CATEGORIES], slug=f"p-{n:03d}", sku=f"P{n:03d}", name=f"Product {n:03d}",
                description="Made by hand every morning.", price=Decimal("10.00") + n % 30,
            )
            for n in range(PRODUCTS)
        ]
    )  # fmt: skip
    ProductModifierGroup.objects.bulk_create(
        [ProductModifierGroup(store_id=store_id, product=product, group=group) for product in products[::5]]
    )
