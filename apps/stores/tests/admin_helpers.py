"""What the admin's tests share: getting in, addresses, and what the browser posts."""

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.stores.models import Product


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def enter(user: Any) -> Client:
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    client = Client()
    client.force_login(user)
    return client


def product_form(product: Product | None, **changes: Any) -> dict[str, Any]:
    """What the browser posts for the product page."""
    prefixes = ("images", "variants", "group_links", "outlet_links", "stock_levels")
    data = {f"{prefix}-{part}": 0 for prefix in prefixes for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    names = ("name", "slug", "sku", "kind", "status", "price", "position", "min_age")
    if product is not None:
        data |= {name: getattr(product, name) for name in names} | {"category": product.category_id}
    empty = {
        "attributes": "{}",
        "tags": "massa, da casa",
        "allergens": "",
        "available": "[]",
        "flavour_prices": "{}",
        "seo": "{}",
    }
    return data | empty | {"translations": "{}", "sale": "null", "content": "null"} | changes
