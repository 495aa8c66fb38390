"""Fills a running Comanda with the evening that is photographed: orders over HTTP, as clients would place them."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any

PASSWORD = "comanda-demo"
NAMES = (
    "Ana Lima",
    "Bruno Reis",
    "Célia Souza",
    "Davi Melo",
    "Elisa Prado",
    "Fábio Nunes",
    "Gabi Torres",
    "Hugo Dias",
    "Íris Campos",
    "João Brito",
)
NOTES = ("", "sem cebola", "", "alergia a castanha!", "", "bem passado, por favor", "", "", "sem gelo", "")


class Site:
    """One running Comanda."""

    def __init__(self, base: str) -> None:
        self.base = base

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A JSON request; the answer as data."""
        raw = json.dumps(body).encode() if body is not None else None
        sent = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        request = urllib.request.Request(self.base + path, data=raw, method=method, headers=sent)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def login(self, email: str) -> str:
        """A token."""
        return str(self.call("POST", "/api/v1/auth/login/", {"email": email, "password": PASSWORD})["token"])

    def order(self, slug: str, number: int, *, method: str = "cash", name: str = "") -> dict[str, Any]:
        """Two or three things that need no questions, for pickup."""
        store, key = f"/api/v1/stores/s/{slug}/", f"cart_{uuid.uuid4()}"
        menu = self.call("GET", store + "catalog/")["products"]
        simple = [row for row in menu if row["is_available"] and row["kind"] in {"simple", "variants"}]
        plain = [row for row in simple if not row["modifier_groups"]]
        for offset in range(2 + number % 2):
            row = plain[(number * 5 + offset * 7) % len(plain)]
            body: dict[str, Any] = {
                "product_id": row["id"],
                "quantity": 1 + (number + offset) % 3,
                "notes": NOTES[number % 10] if not offset else "",
            }
            if row["variants"]:
                body["variant_id"] = row["variants"][number % len(row["variants"])]["id"]
            self.call("POST", store + "cart/add/", body, X_Cart_Key=key)
        wish = {
            "customer_name": name or NAMES[number % 10],
            "customer_phone": f"639999901{number % 100:02d}",
            "delivery_method": "pickup",
            "payment_method": method,
        }
        placed: dict[str, Any] = self.call("POST", store + "checkout/", wish, X_Cart_Key=key, Idempotency_Key=key)
        return placed
