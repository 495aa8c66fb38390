"""The menu beside every admin page: what the person may see, in the order a shop thinks, with icons."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Title → model labels with their icons (Material Symbols, which Unfold ships).
MENU: tuple[tuple[Any, dict[str, str]], ...] = (
    (
        _("Shop"),
        {
            "stores.order": "receipt_long",
            "stores.courierjob": "two_wheeler",
            "payments.payment": "payments",
            "customers.customer": "group",
            "customers.pointsaccount": "loyalty",
        },
    ),
    (
        _("Menu"),
        {
            "stores.product": "lunch_dining",
            "stores.category": "category",
            "stores.modifiergroup": "tune",
            "stores.modifieroption": "checklist",
            "stores.combo": "fastfood",
            "stores.producttype": "label",
            "stores.stocklevel": "inventory_2",
            "stores.promotion": "sell",
            "stores.couponbatch": "confirmation_number",
            "stores.couponcode": "password",
            "stores.pricelist": "request_quote",
        },
    ),
    (
        _("Settings"),
        {
            "stores.store": "storefront",
            "stores.outlet": "location_on",
            "stores.deliveryzone": "two_wheeler",
            "stores.shippingzone": "local_shipping",
            "stores.staff": "badge",
            "stores.device": "tablet",
            "customers.loyaltyprogram": "redeem",
        },
    ),
    (
        _("Log"),
        {"events.event": "history", "events.delivery": "outbox", "events.inboxentry": "inbox", "users.user": "person"},
    ),
)
OTHER_ICON = "database"


def menu(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links, in the form Unfold draws. What no group names comes last."""
    pages = {model._meta.label_lower: page for model, page in site._registry.items() if _is_shown(page, request)}
    named = {label for _title, labels in MENU for label in labels}
    groups = [(title, {label: icon for label, icon in labels.items() if label in pages}) for title, labels in MENU]
    groups.append((_("More"), {label: OTHER_ICON for label in sorted(pages) if label not in named}))
    return [
        {
            "title": title,
            "separator": bool(position),
            "items": [_link(pages[label], icon, request) for label, icon in labels.items()],
        }
        for position, (title, labels) in enumerate(groups)
        if labels
    ]


def _is_shown(page: Any, request: HttpRequest) -> bool:
    return bool(page.has_module_permission(request) and any(page.get_model_perms(request).values()))


def _link(page: Any, icon: str, request: HttpRequest) -> dict[str, Any]:
    options = page.model._meta
    link = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    title = str(options.verbose_name_plural)
    active = request.path.startswith(link)
    return {
        "title": title[:1].upper() + title[1:],
        "icon": icon,
        "link": link,
        "active": active,
        "has_permission": True,
    }
