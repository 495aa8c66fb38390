"""A sample order as the requests a client would send: bodies for `cart/add/` and `checkout/`, in the clients' spelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
# What works without a provider account, in the order a customer would rather have it.
BY_HAND = ("pix", "cash", "card_on_delivery", "bank_transfer", "wallet", "qris")
# Orders of these channels come from the customer's own browser; the others are typed in by the house.
BY_CUSTOMER = frozenset({"web", "table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A store file with look-ups for its sample orders."""

    document: Row

    @property
    def slug(self) -> str:
        """The store's slug."""
        return str(self.document["store"]["slug"])

    def customer(self, order: Row) -> Row | None:
        """Who orders; None for somebody unknown at the counter."""
        rows: Sequence[Row] = self.document["customers"]
        return next((row for row in rows if row["id"] == order["customer"]), None)

    def name_of(self, order: Row) -> str:
        """How the order is called out."""
        customer = self.customer(order)
        return str(customer["name"]) if customer else "Balcão"

    def login(self, *roles: str) -> str:
        """The e-mail of somebody on the staff with the first of `roles` that the store has, for all outlets if possible."""
        staff: Sequence[Row] = self.document["staff"]
        for role in roles:
            found = sorted((row for row in staff if row["role"] == role), key=lambda row: len(row["outlets"]))
            if found:
                return str(found[0]["email"])
        return str(staff[0]["email"])

    def method(self, order: Row) -> str:
        """How the order is paid: as in the file, or the best other way if that takes a provider account."""
        wanted = str(order["payments"][0]["method"])
        if wanted not in ("card", "invoice"):
            return wanted
        offered = {
            row["method"]
            for row in self.document["store"]["payment_methods"]
            if order["service"] in row["services"] and not row.get("companies_only")
        }
        return next((method for method in BY_HAND if method in offered), wanted)


def cart_lines(order: Row) -> list[dict[str, Any]]:
    """The body of one `cart/add/` for each line."""
    return [
        _combo(line) if "combo" in line else {**_product(line), "notes": line.get("notes", "")}
        for line in order["lines"]
    ]


def _product(line: Row) -> dict[str, Any]:
    body: dict[str, Any] = {"product_id": line["product"], "quantity": line.get("qty", 1), "options": _options(line)}
    return body | ({"variant_id": line["variant"]} if "variant" in line else {})


def _combo(line: Row) -> dict[str, Any]:
    choices = [{"slot": choice["slot"], **_product(choice)} for choice in line["choices"]]
    return {
        "combo_id": line["combo"],
        "quantity": line.get("qty", 1),
        "customizations": {"choices": choices},
        "notes": line.get("notes", ""),
    }


def _options(line: Row) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if "options" in line:
        options["selections"] = _selections(line["options"])
    pizza = {name: line[name] for name in ("size", "crust", "edge", "flavours") if name in line}
    return options | ({"pizza": pizza} if pizza else {})


def _selections(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "group": row["group"],
            "option": row["option"],
            "quantity": row.get("qty", 1),
            "options": _selections(row.get("options", [])),
        }
        for row in rows
    ]


def checkout_body(order: Row, cast: Cast, *, at: datetime) -> dict[str, Any]:
    """The body of `checkout/` for an order placed at `at` (store time, naive); a chosen time moves along with it."""
    body: dict[str, Any] = {
        **_contact(order, cast),
        "delivery_method": order["service"],
        "payment_method": cast.method(order),
        "channel": order["channel"],
        "outlet": order["outlet"],
        "notes": order.get("notes", ""),
        "service_charge_waived": order.get("service_charge_waived", False),
    }
    if "address" in order:
        body["delivery_address"] = _address(order, cast)
    if "table" in order:
        body["table"] = " · ".join(filter(None, (_table(order, cast), order.get("tab"))))
    if "change_for" in order["payments"][0] and body["payment_method"] == "cash":
        body["change_for"] = order["payments"][0]["change_for"]
    if "redeem_points" in order:
        body["redeem_points"] = order["redeem_points"]
    if "coupon" in order:
        body["coupon_code"] = order["coupon"]
    return body | _slot(order, at)


def _contact(order: Row, cast: Cast) -> dict[str, str]:
    """The storefront asks everybody for a phone; who has none in the file uses the store's."""
    customer = cast.customer(order)
    known = {row["kind"]: row["value"] for row in customer["identities"]} if customer else {}
    phone = known.get("phone") or cast.document["store"]["contact"]["phone"]
    return {
        "customer_name": cast.name_of(order),
        "customer_phone": str(phone),
        "customer_email": str(known.get("email", "")),
    }


def _address(order: Row, cast: Cast) -> dict[str, Any]:
    customer = cast.customer(order)
    assert customer is not None, order["id"]
    row = next(row for row in customer["addresses"] if row["label"] == order["address"])
    names = {
        "street": "street", "number": "number", "complement": "complement", "neighbourhood": "neighborhood",
        "neighbourhood_slug": "neighborhood_slug", "city": "city", "state": "state", "postal_code": "zip_code",
        "country": "country", "lat": "lat", "lng": "lng",
    }  # fmt: skip
    return {client: row[ours] for ours, client in names.items() if row.get(ours) is not None}


def _table(order: Row, cast: Cast) -> str:
    outlet = next(row for row in cast.document["outlets"] if row["slug"] == order["outlet"])
    return str(next(row["name"] for row in outlet["tables"] if row["slug"] == order["table"]))


def _slot(order: Row, at: datetime) -> dict[str, str]:
    if "scheduled_for" not in order:
        return {}
    later = datetime.fromisoformat(order["scheduled_for"]) - datetime.fromisoformat(order["placed_at"])
    moment = at + later
    return {"scheduled_date": f"{moment:%Y-%m-%d}", "scheduled_time_slot": f"{moment:%H:%M}"}
