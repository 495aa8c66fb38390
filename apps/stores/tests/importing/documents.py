"""Store files for the tests: the five of `data/stores/`, and a small one that a test bends as it needs."""

import copy
import json
from functools import lru_cache
from typing import Any

from django.conf import settings

Document = dict[str, Any]
SLUGS = ("ce-saladas", "naturwest", "pastita", "pizzaria-forno", "warung-nusantara")


@lru_cache
def _text(slug: str) -> str:
    return (settings.BASE_DIR / "data" / "stores" / f"{slug}.json").read_text()


def demo(slug: str) -> Document:
    """A fresh copy of a demo file."""
    document: Document = json.loads(_text(slug))
    return document


CORNER: Document = {
    "format": "comanda-store/1",
    "store": {
        "slug": "corner",
        "name": "Café da Esquina",
        "country": "BR",
        "languages": ["pt-BR"],
        "currency": "BRL",
        "currency_decimals": 2,
        "timezone": "America/Araguaina",
        "services": ["pickup", "delivery"],
        "payment_methods": [{"method": "cash", "services": ["pickup"]}],
        "tax": {"mode": "included", "rates": [], "default": None, "delivery": None},
    },
    "outlets": [
        {
            "slug": "centro",
            "name": "Centro",
            "hours": {"mon": [["08:00", "18:00"]]},
            "services": ["pickup"],
            "exceptions": [],
        }
    ],
    "staff": [{"name": "Ana Lima", "email": "ana@example.com", "role": "owner", "outlets": []}],
    "product_types": [{"slug": "comida", "name": "Comida", "attributes": []}],
    "categories": [{"slug": "salgados", "name": "Salgados", "position": 1}],
    "modifier_groups": [],
    "products": [
        {
            "slug": "coxinha",
            "sku": "COX-1",
            "name": "Coxinha",
            "kind": "simple",
            "category": "salgados",
            "type": "comida",
            "status": "active",
            "price": "7.50",
            "stock": 20,
        }
    ],
    "customers": [
        {"id": "c1", "name": "Zé", "language": "pt-BR", "identities": [{"kind": "phone", "value": "63 99999-0001"}]}
    ],
}


def corner(**sections: Any) -> Document:
    """A small valid store; `sections` replace whole top-level keys."""
    return {**copy.deepcopy(CORNER), **sections}
