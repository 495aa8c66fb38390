"""The facts of the commerce core, with their payloads, and which keys are personal."""

from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class OrderFact(TypedDict, total=False):
    """What every order fact carries: enough for a board to show the order without asking back."""

    order_id: str
    outlet_id: str
    order_number: str
    display_number: str
    status: str
    payment_status: str
    payment_method: str
    total: float
    currency: str
    service: str
    channel: str
    customer_name: str
    created_at: str
    updated_at: str
    paid_at: str | None
    cancelled_at: str | None
    reason: str


class ProductFact(TypedDict, total=False):
    """About a product."""

    product_id: str
    name: str
    sku: str
    changed: list[str]
    paused_until: str | None
    available: int
    outlet: str


class StockFact(TypedDict, total=False):
    """A level changed by hand."""

    level_id: str
    on_hand: int
    available: int
    reason: str


class CatalogFact(TypedDict):
    """A new version of the menu."""

    version: int


class SettingsFact(TypedDict, total=False):
    """Which settings changed; values stay out of the log."""

    changed: list[str]
    what: str


def _order(name: str, title: str | Promise) -> Fact:
    return define(Fact(name=f"order.{name}", title=title, payload=OrderFact, personal=("customer_name",)))


ORDER_PLACED = _order("placed", _("Order placed"))
ORDER_CONFIRMED = _order("confirmed", _("Order confirmed"))
ORDER_PREPARING = _order("preparing", _("In preparation"))
ORDER_READY = _order("ready", _("Order ready"))
ORDER_OUT_FOR_DELIVERY = _order("out_for_delivery", _("Out for delivery"))
ORDER_SHIPPED = _order("shipped", _("Order shipped"))
ORDER_SERVED = _order("served", _("Order served"))
ORDER_DELIVERED = _order("delivered", _("Order delivered"))
ORDER_COMPLETED = _order("completed", _("Order completed"))
ORDER_CANCELLED = _order("cancelled", _("Order cancelled"))
ORDER_UPDATED = _order("updated", _("Order changed"))
ORDER_PAID = _order("paid", _("Order paid"))

PRODUCT_CREATED = define(Fact(name="product.created", title=_("Product created"), payload=ProductFact, personal=()))
PRODUCT_UPDATED = define(Fact(name="product.updated", title=_("Product changed"), payload=ProductFact, personal=()))
PRODUCT_PAUSED = define(Fact(name="product.paused", title=_("Product paused"), payload=ProductFact, personal=()))
PRODUCT_RESUMED = define(
    Fact(name="product.resumed", title=_("Product back on sale"), payload=ProductFact, personal=())
)
PRODUCT_DELETED = define(Fact(name="product.deleted", title=_("Product deleted"), payload=ProductFact, personal=()))
PRODUCT_LOW_STOCK = define(Fact(name="product.low_stock", title=_("Running low"), payload=ProductFact, personal=()))
STOCK_CHANGED = define(Fact(name="stock.changed", title=_("Stock changed"), payload=StockFact, personal=()))
CATALOG_PUBLISHED = define(Fact(name="catalog.published", title=_("Menu published"), payload=CatalogFact, personal=()))
SETTINGS_CHANGED = define(Fact(name="settings.changed", title=_("Settings changed"), payload=SettingsFact, personal=()))
