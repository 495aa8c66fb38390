"""The stores room in the Django admin, one file per noun. Importing a file registers its pages."""

from apps.stores.admin import (
    category,
    combo,
    delivery,
    log,
    modifier,
    order,
    outlet,
    price_list,
    product,
    promotion,
    staff,
    stock,
    store,
)

__all__ = [
    "category",
    "combo",
    "delivery",
    "log",
    "modifier",
    "order",
    "outlet",
    "price_list",
    "product",
    "promotion",
    "staff",
    "stock",
    "store",
]
