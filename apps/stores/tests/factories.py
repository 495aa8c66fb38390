"""Rows for tests, made the short way. Everything is created inside the scope of its store."""

from decimal import Decimal
from itertools import count
from typing import Any

from apps.core.clock import now
from apps.core.ids import access_token
from apps.core.scope import scope
from apps.stores.models import (
    Category,
    Combo,
    ComboChoice,
    ComboSlot,
    DeliveryZone,
    ModifierGroup,
    ModifierOption,
    Order,
    OrderItem,
    Outlet,
    Product,
    ProductModifierGroup,
    Role,
    Staff,
    StockLevel,
    Store,
    Variant,
)
from apps.users.models import User

_number = count(1)
ALL_DAY = {day: [["00:00", "00:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
PIX_KEY = "123e4567-e12b-12d1-a456-426655440000"


def make_user(email: str = "", **values: Any) -> User:
    """Somebody who can log in with `comanda-demo`."""
    return User.objects.create_user(email or f"user{next(_number)}@example.com", "comanda-demo", **values)


def make_store(slug: str = "", *, owner: User | None = None, **values: Any) -> Store:
    """A store that is always open, delivers to Centro for 5.00 and takes PIX, cash and cards at the door."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "name": f"Store {number}", "timezone": "America/Araguaina", "pix_key": PIX_KEY, "pix_name": "LOJA", "pix_city": "PALMAS",
        "phone": "+5563999990000", "auto_accept": True,
    }  # fmt: skip
    store = Store.objects.create(slug=slug or f"store-{number}", **(defaults | values))
    with scope(store.pk):
        Outlet.objects.create(store_id=store.pk, slug="main", name="Main", hours=ALL_DAY, services=store.services)
        DeliveryZone.objects.create(
            store_id=store.pk, slug="centro", name="Centro", fee=Decimal("5.00"), rule={"city": "Palmas"}
        )
        Category.objects.create(store_id=store.pk, slug="food", name="Food")
        if owner is not None:
            Staff.objects.create(store_id=store.pk, user=owner, role=Role.OWNER)
    return store


def make_staff(store: Store, role: str, user: User | None = None) -> User:
    """A member of the store with this role."""
    user = user or make_user()
    with scope(store.pk):
        Staff.objects.create(store_id=store.pk, user=user, role=role)
    return user


def make_product(
    store: Store, slug: str = "", *, price: str | None = "20.00", stock: int | None = None, **values: Any
) -> Product:
    """A simple product, with tracked stock if `stock` is given."""
    slug = slug or f"product-{next(_number)}"
    with scope(store.pk):
        defaults: dict[str, Any] = {
            "sku": slug.upper(),
            "name": slug.replace("-", " ").title(),
            "price": None if price is None else Decimal(price),
        }
        category = values.pop("category", None) or Category.objects.get(slug="food")
        product = Product.objects.create(store_id=store.pk, slug=slug, category=category, **(defaults | values))
        if stock is not None:
            StockLevel.objects.create(store_id=store.pk, product=product, on_hand=stock)
    bump(store)
    return product


def make_variant(product: Product, slug: str, price: str, *, stock: int | None = None) -> Variant:
    """A variant; its product is sold as variants from now on."""
    with scope(product.store_id):
        Product.objects.filter(pk=product.pk).update(kind="variants", price=None)
        variant = Variant.objects.create(
            store_id=product.store_id,
            product=product,
            slug=slug,
            sku=f"{product.sku}-{slug}",
            name=slug.title(),
            price=Decimal(price),
        )
        if stock is not None:
            StockLevel.objects.create(store_id=product.store_id, variant=variant, on_hand=stock)
    bump(product.store)
    return variant


def make_group(product: Product, slug: str, options: dict[str, str], **values: Any) -> ModifierGroup:
    """A modifier group asked for a product: option slug → price."""
    with scope(product.store_id):
        group = ModifierGroup.objects.create(store_id=product.store_id, slug=slug, name=slug.title(), **values)
        for position, (name, price) in enumerate(options.items()):
            ModifierOption.objects.create(
                store_id=product.store_id,
                group=group,
                slug=name,
                name=name.title(),
                price=Decimal(price),
                position=position,
                max=5,
            )
        ProductModifierGroup.objects.create(store_id=product.store_id, product=product, group=group)
    bump(product.store)
    return group


def make_combo(store: Store, slug: str, *, price: str = "30.00", parts: list[Product], **values: Any) -> Combo:
    """A combo with one slot per part, each with that single choice."""
    with scope(store.pk):
        defaults: dict[str, Any] = {
            "name": slug.title(),
            "price": Decimal(price),
            "category": Category.objects.get(slug="food"),
        }
        combo = Combo.objects.create(store_id=store.pk, slug=slug, **(defaults | values))
        for position, part in enumerate(parts):
            slot = ComboSlot.objects.create(
                store_id=store.pk, combo=combo, slug=f"slot-{position}", name=f"Slot {position}", position=position
            )
            ComboChoice.objects.create(store_id=store.pk, slot=slot, product=part)
    bump(store)
    return combo


def make_order(store: Store, **values: Any) -> Order:
    """A placed order with one line, written straight into the tables: nothing was reserved, told or paid for it."""
    number = next(_number)
    moment = now()
    with scope(store.pk):
        defaults: dict[str, Any] = {
            "outlet": Outlet.objects.order_by("position", "created_at")[0],
            "business_date": moment.date(),
            "number": number,
            "code": f"T{number:07d}",
            "access_token": access_token(),
            "service": "pickup",
            "payment_method": "cash",
            "currency": store.currency,
            "subtotal": Decimal(20),
            "total": Decimal(20),
            "placed_at": moment,
        }
        order = Order.objects.create(store_id=store.pk, **(defaults | values))
        OrderItem.objects.create(
            store_id=store.pk, order=order, position=0, product_name="Lasagna", quantity=2, unit_price=10, total=20
        )
    return order


def bump(store: Store) -> None:
    """A new catalog version, as every service that changes the menu makes one."""
    from apps.core.actors import system
    from apps.events.services import unit_of_work
    from apps.stores.queries.access import forget_store
    from apps.stores.services.catalog_changes import catalog_changed

    with scope(store.pk), unit_of_work():
        catalog_changed(actor=system("test"))
    forget_store(store)
