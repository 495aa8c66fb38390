"""Every route of the OpenAPI document and what it takes to get in: the table behind scenario 5.

A new route belongs into this table; the test that reads it says so when one is missing.
"""

from apps.stores.permissions import Perm

# Open to everybody, whatever they send along.
OPEN = "open"
# Open to everybody, below a store.
PUBLIC = "public"
# Whoever is logged in.
LOGIN = "login"
# Owners of the store, on line or not.
OWNER = "owner"

S = "/api/v1/stores/s/{slug}/"
# Doors that take somebody who is not limited to some outlets, besides the permission.
# (Without naming a branch, `unpause/` is about all of them.)
EVERYWHERE = {("POST", f"{S}outlets/"), ("DELETE", f"{S}outlets/{{id}}/"), ("POST", f"{S}unpause/")}
_GET, _POST, _PATCH, _PUT, _DELETE = "GET", "POST", "PATCH", "PUT", "DELETE"


def _resource(
    path: str, view: object, edit: object, *, one: str = "GET PATCH DELETE", key: str = "{id}"
) -> dict[str, object]:
    """A list with create, and the row's verbs."""
    found = {f"GET {path}": view, f"POST {path}": edit}
    return found | {f"{verb} {path}{key}/": view if verb == "GET" else edit for verb in one.split()}


def _posts(path: str, needed: object, verbs: str) -> dict[str, object]:
    return {f"POST {path}{verb}/": needed for verb in verbs.split()}


STOREFRONT: dict[str, object] = {
    "GET ": PUBLIC,
    "GET catalog/": PUBLIC,
    "GET cart/": PUBLIC,
    "POST cart/add/": PUBLIC,
    "PATCH cart/item/{line_id}/": PUBLIC,
    "DELETE cart/item/{line_id}/": PUBLIC,
    "DELETE cart/clear/": PUBLIC,
    "POST checkout/": PUBLIC,
    "POST validate-coupon/": PUBLIC,
    "GET delivery-fee/": PUBLIC,
    "POST delivery-fee/": PUBLIC,
    "POST validate-delivery/": PUBLIC,
    "GET route/": PUBLIC,
    "GET autosuggest/": PUBLIC,
    "GET orders/{ref}/": PUBLIC,
    "GET orders/{ref}/payment-status/": PUBLIC,
    "GET orders/{ref}/whatsapp/": PUBLIC,
    "POST orders/{ref}/reorder/": PUBLIC,
    "GET loyalty/": PUBLIC,
}
ONE = "customers/{customer_id}/"
CUSTOMERS: dict[str, object] = {
    **_resource("customers/", Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, one="GET PATCH", key="{customer_id}"),
    **{f"GET customers/{name}/": Perm.CUSTOMERS_VIEW for name in ("stats", "search", "by_phone")},
    **{f"GET {ONE}{name}/": Perm.CUSTOMERS_VIEW for name in ("orders", "merge", "points")},
    **_resource(f"{ONE}addresses/", Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, one="PATCH DELETE", key="{address_id}"),
    **_resource(f"{ONE}identities/", Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, one="DELETE", key="{identity_id}"),
    **_resource(f"{ONE}notes/", Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, one="DELETE", key="{note_id}"),
    **_resource(f"{ONE}consents/", Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, one=""),
    f"PUT {ONE}company/": Perm.CUSTOMERS_EDIT,
    f"DELETE {ONE}company/": Perm.CUSTOMERS_EDIT,
    **_posts(ONE, Perm.CUSTOMERS_MANAGE, "block unblock merge unmerge erase points"),
    f"GET {ONE}export/": Perm.CUSTOMERS_MANAGE,
    f"POST {ONE}stamps/claim/": Perm.CUSTOMERS_EDIT,
    "PATCH loyalty/": Perm.SETTINGS_EDIT,
    "GET loyalty/accounts/": Perm.CUSTOMERS_VIEW,
    "GET wishlist/": LOGIN,
    **_posts("wishlist/", LOGIN, "toggle add remove"),
    **{f"GET profile/{name}": LOGIN for name in ("", "export/", "points/", "consents/", "addresses/")},
    "DELETE profile/": LOGIN,
    **_posts("profile/", LOGIN, "consents addresses"),
    "PATCH profile/addresses/{address_id}/": LOGIN,
    "DELETE profile/addresses/{address_id}/": LOGIN,
}
ORDERS: dict[str, object] = {
    "GET orders/": Perm.ORDERS_VIEW,
    "GET orders/{ref}/timeline/": Perm.ORDERS_VIEW,
    **_resource("drafts/", Perm.ORDERS_EDIT, Perm.ORDERS_EDIT),
    **_posts("drafts/{id}/", Perm.ORDERS_EDIT, "send place items"),
    "POST drafts/{id}/adjust/": Perm.ORDERS_ADJUST,
    "PATCH drafts/{id}/items/{line_id}/": Perm.ORDERS_EDIT,
    "DELETE drafts/{id}/items/{line_id}/": Perm.ORDERS_EDIT,
    "POST imports/{kind}/": Perm.DATA_TRANSFER,
    "GET exports/{kind}/": Perm.DATA_TRANSFER,
    "POST orders/{ref}/adjust/": Perm.ORDERS_ADJUST,
    **_resource("order-views/", Perm.ORDERS_VIEW, Perm.ORDERS_VIEW),
    "POST orders/{ref}/update_status/": Perm.ORDERS_EDIT,
    "POST orders/{ref}/cancel/": Perm.ORDERS_CANCEL,
    "POST orders/{ref}/mark_paid/": Perm.PAYMENTS_CONFIRM,
    "POST orders/{ref}/assign_courier/": Perm.DELIVERIES_ASSIGN,
    "GET couriers/": Perm.DELIVERIES_ASSIGN,
    "GET deliveries/": Perm.DELIVERIES_WORK,
    "GET deliveries/{ref}/": Perm.DELIVERIES_WORK,
    "POST deliveries/{ref}/pick_up/": Perm.DELIVERIES_WORK,
    "POST deliveries/{ref}/deliver/": Perm.DELIVERIES_WORK,
    "GET events/": Perm.EVENTS_VIEW,
    "GET notifications/": Perm.NOTIFICATIONS_VIEW,
    "GET notifications/unread_count/": Perm.NOTIFICATIONS_VIEW,
    "POST notifications/read_all/": Perm.NOTIFICATIONS_VIEW,
    "POST notifications/{notification_id}/read/": Perm.NOTIFICATIONS_VIEW,
}
CATALOG: dict[str, object] = {
    **_resource("categories/", PUBLIC, Perm.CATALOG_EDIT),
    **_resource("product-types/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT),
    **_resource("products/", PUBLIC, Perm.CATALOG_EDIT),
    **_resource("products/{product_id}/variants/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT),
    **_resource("products/{product_id}/images/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT, one="PATCH DELETE"),
    **_resource("modifier-groups/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT),
    **_resource("modifier-groups/{group_id}/options/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT, one="PATCH DELETE"),
    **_resource("combos/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT),
    **_posts("products/", Perm.CATALOG_EDIT, "bulk"),
    **_posts("products/{id}/", Perm.CATALOG_EDIT, "duplicate"),
    **_posts("products/{id}/", Perm.CATALOG_PAUSE, "pause unpause"),
    **_posts("products/{product_id}/images/", Perm.CATALOG_EDIT, "reorder"),
    **_posts("modifier-groups/{group_id}/options/{id}/", Perm.CATALOG_PAUSE, "pause unpause"),
    **_posts("combos/{id}/", Perm.CATALOG_PAUSE, "pause unpause"),
    **_posts("categories/", Perm.CATALOG_EDIT, "reorder"),
    **{
        f"{verb} {noun}/{{id}}/image/": Perm.CATALOG_EDIT
        for verb in ("PUT", "DELETE")
        for noun in ("categories", "combos")
    },
    **_resource("stock/", Perm.STOCK_VIEW, Perm.STOCK_EDIT),
    **_posts("stock/{id}/", Perm.STOCK_EDIT, "adjust"),
    "GET stock/{id}/moves/": Perm.STOCK_VIEW,
}
SETTINGS: dict[str, object] = {
    "GET settings/": Perm.SETTINGS_VIEW,
    "PATCH settings/": Perm.SETTINGS_EDIT,
    "GET slots/": PUBLIC,
    "GET special-days/": Perm.SETTINGS_VIEW,
    "POST special-days/": Perm.SETTINGS_EDIT,
    "GET pauses/": Perm.SETTINGS_VIEW,
    "POST pause/": Perm.STORE_PAUSE,
    "POST unpause/": Perm.STORE_PAUSE,
    "POST activate/": OWNER,
    "POST deactivate/": OWNER,
    **_resource("outlets/", Perm.SETTINGS_VIEW, Perm.SETTINGS_EDIT),
    **_resource("outlets/{outlet_id}/special-days/", Perm.SETTINGS_VIEW, Perm.SETTINGS_EDIT, one="DELETE"),
    **_resource("outlets/{outlet_id}/overrides/", Perm.CATALOG_VIEW, Perm.CATALOG_EDIT, one="DELETE"),
    **_resource("delivery-zones/", PUBLIC, Perm.SETTINGS_EDIT),
    **_resource("shipping-zones/", PUBLIC, Perm.SETTINGS_EDIT),
    **_resource("staff/", Perm.STAFF_VIEW, Perm.STAFF_EDIT, key="{staff_id}"),
    "GET staff/invites/": Perm.STAFF_VIEW,
    "DELETE staff/invites/{invite_id}/": Perm.STAFF_EDIT,
    "GET devices/": Perm.DEVICES_EDIT,
    "POST devices/claim/": Perm.DEVICES_EDIT,
    "POST devices/{device_id}/revoke/": Perm.DEVICES_EDIT,
}
OFFERS: dict[str, object] = {
    **_resource("promotions/", Perm.PROMOTIONS_VIEW, Perm.PROMOTIONS_EDIT),
    **_resource("coupons/", Perm.PROMOTIONS_VIEW, Perm.PROMOTIONS_EDIT),
    **_posts("coupons/{id}/", Perm.PROMOTIONS_EDIT, "toggle_active"),
    "GET coupons/stats/": Perm.PROMOTIONS_VIEW,
    **_resource("coupon-batches/", Perm.PROMOTIONS_VIEW, Perm.PROMOTIONS_EDIT),
    "GET coupon-batches/{id}/codes/": Perm.PROMOTIONS_VIEW,
    **_resource("price-lists/", Perm.PRICE_LISTS_VIEW, Perm.PRICE_LISTS_EDIT),
    **_resource("price-lists/{price_list_id}/members/", Perm.PRICE_LISTS_VIEW, Perm.PRICE_LISTS_EDIT, one="DELETE"),
}
KITCHEN: dict[str, object] = {
    **_resource("kitchen/stations/", Perm.KITCHEN_VIEW, Perm.KITCHEN_EDIT, key="{station_id}"),
    "GET kitchen/tickets/": Perm.KITCHEN_VIEW,
    "GET kitchen/all-day/": Perm.KITCHEN_VIEW,
    **_posts("kitchen/tickets/{ticket_id}/", Perm.KITCHEN_WORK, "start done bump recall ack undo"),
    **_posts("kitchen/tickets/{ticket_id}/items/{item_id}/", Perm.KITCHEN_WORK, "start done undo remake"),
}
ABOVE_STORES: dict[str, object] = {
    "GET csrf/": OPEN,
    **_posts("auth/", OPEN, "login register token token/refresh accept-invite password/reset password/reset/confirm"),
    **_posts("auth/whatsapp/", OPEN, "send resend verify"),
    **_posts("auth/email/", OPEN, "send resend verify"),
    **_posts("auth/", LOGIN, "logout change-password"),
    "GET auth/me/": LOGIN,
    "PATCH auth/me/": LOGIN,
    "GET users/profile/": LOGIN,
    "PATCH users/profile/": LOGIN,
    **_posts("devices/", OPEN, "pair pair/poll"),
    "GET stores/": LOGIN,
    "POST stores/": LOGIN,
    "GET stores/maps/geocode/": OPEN,
    "GET stores/maps/reverse-geocode/": OPEN,
    "GET stores/maps/zip-codes/{code}/": OPEN,
    "GET stores/orders/": LOGIN,
    "GET stores/orders/by-token/{token}/": OPEN,
    "GET stores/drafts/by-token/{token}/": OPEN,
    "POST stores/drafts/by-token/{token}/confirm/": OPEN,
    "GET stores/orders/{ref}/": OPEN,
    "GET stores/orders/{ref}/payment-status/": OPEN,
    "GET stores/orders/{ref}/whatsapp/": OPEN,
}


def table() -> dict[tuple[str, str], object]:
    """(method, path) → what it takes."""
    found = {}
    for base, rows in (
        (S, {**STOREFRONT, **CUSTOMERS, **ORDERS, **CATALOG, **SETTINGS, **OFFERS, **KITCHEN}),
        ("/api/v1/", ABOVE_STORES),
    ):
        for row, needed in rows.items():
            method, _space, path = row.partition(" ")
            found[(method, base + path)] = needed
    return found
