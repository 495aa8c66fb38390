"""What search engines and link previews read: title, description, schema.org data and the sitemap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from apps.storefront.menu import Card, Section

MAX_DESCRIPTION = 160
DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
# A shop that only sends parcels is no restaurant.
FOOD_SERVICES = {"delivery", "dine_in"}


def title(store: Mapping[str, Any]) -> str:
    """The store's own title, or its name, what the page is and the city."""
    own = (store.get("seo") or {}).get("title")
    if own:
        return str(own)
    parts = [_("%(store)s: menu and orders") % {"store": store["name"]}, str(store.get("city") or "")]
    return " – ".join(part for part in parts if part)


def description(store: Mapping[str, Any]) -> str:
    """One or two sentences, cut at a word."""
    own = (store.get("seo") or {}).get("description")
    text = str(own or store.get("description") or store.get("tagline") or title(store))
    if len(text) <= MAX_DESCRIPTION:
        return text
    return text[:MAX_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def structured_data(store: Mapping[str, Any], sections: Sequence[Section], url: str) -> dict[str, Any]:
    """schema.org: the business, its hours and its menu with prices."""
    food = bool(FOOD_SERVICES & set(store.get("services") or [])) or not store.get("services")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Restaurant" if food else "Store",
        "name": store["name"],
        "description": description(store),
        "url": url,
        "telephone": store.get("phone"),
        "image": store.get("banner_url") or store.get("logo_url"),
        "currenciesAccepted": store.get("currency"),
        "address": _address(store),
        "openingHoursSpecification": _hours(store),
        "hasMenu": {"@type": "Menu", "url": url, "hasMenuSection": [_section(s, store) for s in sections]},
    }
    return {key: value for key, value in data.items() if value}


def sitemap_xml(url: str, alternates: Mapping[str, str]) -> str:
    """A sitemap with the menu page in each of the store's languages."""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={quoteattr(address)}/>'
        for code, address in alternates.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f"<url><loc>{escape(url)}</loc>{links}<changefreq>daily</changefreq></url></urlset>\n"
    )


def robots_txt(sitemap_url: str | None = None) -> str:
    """Menus may be found; orders, the API and the staff's pages are nobody's search result."""
    closed = ("/api/", "/admin/", "/s/*/t/", "/k/", "/inbox/", "/dashboard/", "/pay/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return "\n".join([*lines, *([f"Sitemap: {sitemap_url}"] if sitemap_url else [])]) + "\n"


def _address(store: Mapping[str, Any]) -> dict[str, Any] | None:
    if not store.get("address") and not store.get("city"):
        return None
    parts = {
        "streetAddress": store.get("address"),
        "addressLocality": store.get("city"),
        "addressRegion": store.get("state"),
    }
    return {"@type": "PostalAddress", **{key: value for key, value in parts.items() if value}}


def _hours(store: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": DAY_NAMES[day], "opens": start, "closes": end}
        for day, spans in (store.get("hours") or {}).items()
        if day in DAY_NAMES
        for start, end in spans
    ]


def _section(section: Section, store: Mapping[str, Any]) -> dict[str, Any]:
    return {"@type": "MenuSection", "name": section.name, "hasMenuItem": [_item(card, store) for card in section.cards]}


def _item(card: Card, store: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "MenuItem", "name": card.name}
    if card.description:
        data["description"] = card.description
    if card.image:
        data["image"] = card.image
    if card.price is not None:
        offer = {"price": str(card.price), "priceCurrency": store.get("currency")}
        available = "https://schema.org/InStock" if card.available else "https://schema.org/OutOfStock"
        data["offers"] = {"@type": "Offer", **offer, "availability": available}
    return data
