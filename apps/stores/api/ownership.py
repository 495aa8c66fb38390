"""Whose order it is: the login that placed it, the customer it belongs to, its own token, or the cart key that placed it."""

from django.utils.crypto import constant_time_compare
from rest_framework.request import Request

from apps.customers.queries import accounts
from apps.stores.api.cart_key import key_of
from apps.stores.models import Order
from apps.users.models import User


def is_theirs(order: Order, request: Request) -> bool:
    """Whether the caller may see the whole order as its customer. Call in the scope of its store."""
    if isinstance(request.user, User) and _is_of(order, request.user):
        return True
    token, key = request.query_params.get("token", ""), key_of(request)
    if token and constant_time_compare(token, order.access_token):
        return True
    return bool(key) and order.cart is not None and constant_time_compare(key, order.cart.key)


def _is_of(order: Order, user: User) -> bool:
    if order.user_id == user.pk:
        return True
    customer = accounts.customer_of(user) if order.customer_id else None
    return customer is not None and customer.pk == order.customer_id
