"""Checkout: an open cart becomes an order in one transaction, or nothing happens at all.

The cart row is locked first, so parallel checkouts of one cart queue up and all but one find it placed; they are
answered with that order. Then the menu of that very moment prices everything again, stock is taken by conditional
update, and the daily number is drawn as late as possible because its row lock serialises the store.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import business_date, now, zone
from apps.core.ids import access_token, readable_code, uuid7
from apps.core.inserting import insert_together
from apps.core.problems import Refused
from apps.core.scope import current_store_id
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.payments import services as payments
from apps.payments.models import Payment
from apps.stores import facts
from apps.stores.models import Order, OrderStatus, PaymentStatus, Store
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.stock import merge_demands
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries import carts as cart_queries
from apps.stores.queries import open_cart
from apps.stores.queries.bundle import Bundle, OutletInfo, bundle
from apps.stores.queries.buying import Buying, buying
from apps.stores.queries.for_kitchen import Placing
from apps.stores.services import buyers, promotion_uses, reservation, slots
from apps.stores.services import placing_rules as rules
from apps.stores.services.carts import CartOwner, refuse
from apps.stores.services.channels import TYPED_IN
from apps.stores.services.order_facts import order_payload
from apps.stores.services.order_lines import amounts_of, items_of
from apps.stores.services.placing_rules import Wish

CODE_LENGTH = 8
# A second press of the button, or a retry after a lost answer, finds the order of the first within this time.
SAME_CHECKOUT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The order, its payment, and whether this call placed it (False: an earlier one did)."""

    order: Order
    payment: Payment | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """Everything decided before anything is written."""

    store: Store
    menu: Bundle
    outlet: OutletInfo
    wish: Wish
    phone: str
    buyer: buyers.Buyer
    priced: PricedCart
    serve_at: datetime | None
    delivery: DeliveryQuote | None
    confirmed: bool
    offers: Buying


def checkout(*, owner: CartOwner, wish: Wish, actor: Actor) -> Placed:
    """Place the open cart of `owner`. Raises 422 with the code of the rule that says no, 409 `out_of_stock`."""
    with unit_of_work():
        cart = open_cart.lock(owner.key)
        if cart is None:
            return _already_placed(owner)
        return _place(cart, _terms(cart, wish, owner, actor), owner, actor)


def _already_placed(owner: CartOwner) -> Placed:
    recent = Order.objects.filter(cart__key=owner.key, placed_at__gt=now() - SAME_CHECKOUT)
    order = recent.exclude(status=OrderStatus.CANCELLED).order_by("-placed_at").first()
    if order is None:
        raise Refused("cart_empty", _("The cart is empty."))
    return Placed(order=order, payment=order.payments.order_by("created_at").first(), is_new=False)


def _terms(cart: open_cart.Locked, wish: Wish, owner: CartOwner, actor: Actor) -> _Terms:
    store = cart.store
    menu = bundle(store.pk, store.catalog_version)
    lines = open_cart.lines_of(owner.key)
    if not lines:
        raise Refused("cart_empty", _("The cart is empty."))
    outlet = rules.outlet_for(menu, wish)
    clock = cart_queries.store_clock(store.timezone)
    serve_at = rules.scheduled_moment(outlet, wish, store.timezone)
    rules.check_open(outlet, wish.service, serve_at or clock, store.timezone)
    rules.check_method(store.payment_methods, wish, pix_key=store.pix_key)
    phone = rules.phone_of(wish, store.country)
    buyer = buyers.buyer_of(wish=wish, phone=phone, owner=owner, menu=menu, actor=actor)
    known = buyer.customer
    offers = buying(menu, coupon=wish.coupon, customer_id=known.pk if known else None, known=buyer.facts)
    menu = offers.menu
    context = PricingContext(
        at=clock, service=wish.service, channel=wish.channel, outlet_id=str(outlet.id), serve_at=serve_at,
        service_charge_waived=wish.service_charge_waived, redeem_points=wish.redeem_points,
    )  # fmt: skip
    context = offers.around(context, is_final=True)
    first = cart_queries.price(lines, menu, context)
    refuse(first.problems)
    company = offers.is_company
    rules.check_company_method(store.payment_methods, wish, is_company=company)
    delivery = rules.delivery_for(menu, wish, first.cart.weight_g, is_company=company)
    priced = first.cart if delivery is None else cart_queries.price(lines, menu, context, delivery).cart
    promotion_uses.check_coupon(priced)
    buyers.check_points(wish, priced)
    rules.check_minimum(priced)
    rules.check_change(wish, priced.total)
    on_handover = wish.payment_method in payments.ON_HANDOVER
    confirmed = priced.total == 0 or (on_handover and store.auto_accept)
    if delivery is not None and delivery.kind is DeliveryPricing.TO_CONFIRM:
        confirmed = False  # a person says what delivery costs first
    return _Terms(
        store=store, menu=menu, outlet=outlet, wish=wish, phone=phone, buyer=buyer, priced=priced, serve_at=serve_at,
        delivery=delivery, confirmed=confirmed, offers=offers,
    )  # fmt: skip


def _place(cart: open_cart.Locked, terms: _Terms, owner: CartOwner, actor: Actor) -> Placed:
    order = _new_order(cart, terms, owner, actor)
    uses = promotion_uses.take(order=order, priced=terms.priced, buying=terms.offers)
    buyers.spend_points(order_id=order.pk, customer=order.customer, priced=terms.priced, actor=actor)
    # The number's row lock is taken after the stock's: every order takes the two in this sequence.
    demands = merge_demands(demand for line in terms.priced.lines for demand in line.demands)
    moves = reservation.reserve(order=order, demands=demands, sell=terms.confirmed, actor=actor)
    slots.take(order=order, table=terms.outlet.when, serve_at=terms.serve_at, timezone=terms.store.timezone)
    order.number = _next_number(order)
    items = items_of(order, terms.priced, terms.menu)
    insert_together([order], items, moves, uses)
    open_cart.close(cart.id)
    payment = _ask_payment(order, terms, actor)
    payload = order_payload(order)
    subject = Subject(type="order", id=order.pk)
    record(facts.ORDER_PLACED, subject=subject, payload={**payload, "status": OrderStatus.PENDING}, actor=actor)
    if terms.confirmed:
        record(
            facts.ORDER_CONFIRMED,
            subject=subject,
            payload={**payload, "from": "pending", "to": "confirmed", "reason": ""},
            actor=actor,
            in_hand=Placing(store=terms.store, lines=items),
        )
    return Placed(order=order, payment=payment, is_new=True)


def _new_order(cart: open_cart.Locked, terms: _Terms, owner: CartOwner, actor: Actor) -> Order:
    wish, priced, store, moment = terms.wish, terms.priced, terms.store, now()
    customer = buyers.settle(terms.buyer, wish=wish, phone=terms.phone, actor=actor)
    pays_later = wish.payment_method in payments.ON_HANDOVER
    serve_at = terms.serve_at.replace(tzinfo=zone(store.timezone)) if terms.serve_at else None
    return Order(
        id=uuid7(), store_id=store.pk, outlet_id=terms.outlet.id, cart_id=cart.id, customer=customer,
        user_id=None if wish.channel in TYPED_IN else owner.user_id,
        business_date=business_date(moment, store.timezone), code=readable_code(CODE_LENGTH), access_token=access_token(),
        channel=wish.channel, service=wish.service, payment_method=wish.payment_method,
        status=OrderStatus.CONFIRMED if terms.confirmed else OrderStatus.PENDING,
        customer_name=wish.customer_name.strip(), customer_phone=terms.phone, customer_email=wish.customer_email,
        customer_tax_id=wish.tax_id, address=wish.address if wish.service in rules.NEEDS_ADDRESS else {},
        table_label=wish.table, notes=wish.notes, scheduled_for=serve_at, currency=store.currency,
        subtotal=priced.subtotal, discount=priced.discount, points_discount=priced.points_discount,
        delivery_fee=priced.delivery_fee, delivery_discount=priced.delivery_discount, service_charge=priced.service_charge,
        tax=priced.tax, total=priced.total, amounts=amounts_of(priced, terms.delivery),
        placed_at=moment, updated_at=moment, confirmed_at=moment if terms.confirmed else None,
        payment_status=PaymentStatus.PENDING if priced.total else PaymentStatus.PAID, paid_at=None if priced.total else moment,
        expires_at=None if pays_later or terms.confirmed else moment + timedelta(minutes=store.payment_expiry_minutes),
        estimated_ready_at=serve_at or moment + timedelta(minutes=terms.outlet.when.prep_minutes),
    )  # fmt: skip


def _next_number(order: Order) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_order_counters (id, store_id, date, last) VALUES (%s, %s, %s, 1) ON CONFLICT (store_id, date)"
            " DO UPDATE SET last = store_order_counters.last + 1 RETURNING last",
            [uuid7(), current_store_id(), order.business_date],
        )
        return int(cursor.fetchone()[0])


def _ask_payment(order: Order, terms: _Terms, actor: Actor) -> Payment | None:
    if order.total == 0:
        return None
    store = terms.store
    payee = payments.PixPayee(key=store.pix_key, name=store.pix_name or store.name, city=store.pix_city or "BRASIL")
    return payments.ask(
        order_id=order.pk, order_code=order.code, method=order.payment_method, amount=order.total, currency=order.currency,
        actor=actor, payee=payee, change_for=terms.wish.change_for, expires_at=order.expires_at,
    )  # fmt: skip
