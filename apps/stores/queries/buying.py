"""What pricing has to know of who buys and of what was used already: gathered in as few queries as the offers need.

A store without promotions, price lists and points asks nothing at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, F

from apps.customers.models import Company, Customer, Identity, IdentityKind
from apps.customers.queries import accounts
from apps.stores import coupon_codes
from apps.stores.models import CouponCode, Order, OrderStatus, PriceListMember, Promotion, PromotionUse
from apps.stores.pricing import rules
from apps.stores.pricing.context import CustomerFacts, PricingContext
from apps.stores.queries.bundle import Bundle
from apps.stores.queries.offers import UNREACHABLE
from apps.users.models import User

# An order that was called off, or never placed, is nobody's first order.
NEVER_WERE = (OrderStatus.CANCELLED, OrderStatus.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """The menu as this buyer's cart is priced by, and the circumstances to put into the pricing context."""

    menu: Bundle
    coupon: str | None = None
    customer: CustomerFacts | None = None
    uses: Mapping[str, int] = field(default_factory=dict)
    code_id: UUID | None = None

    def around(self, context: PricingContext, *, is_final: bool = False) -> PricingContext:
        """The context with the buyer in it."""
        return replace(context, customer=self.customer, coupon=self.coupon, promotion_uses=self.uses, is_final=is_final)

    @property
    def is_company(self) -> bool:
        """Whether it is a customer with a company."""
        return self.customer is not None and self.customer.is_company


def buying(
    menu: Bundle, *, coupon: str = "", customer_id: UUID | None = None, known: CustomerFacts | None = None
) -> Buying:
    """Everything about a customer with a code in their hand.

    `customer_id` None: not known yet, or new. `known` are facts that somebody else gathered: they stay as they are.
    """
    code = coupon_codes.normal(coupon)
    found = _single_use(menu, code) if code else None
    menu = found[0] if found else menu
    relevant = [row for row in menu.pricing.promotions if row.enabled and (not row.code or row.code == code)]
    return Buying(
        menu=menu,
        # What cannot be a code is still a code that was entered: it is refused as unknown, not ignored.
        coupon=code or coupon.replace(UNREACHABLE, "").strip() or (coupon and "?") or None,
        customer=_facts(menu, relevant, customer_id, known) if customer_id else known,
        uses=_uses(relevant),
        code_id=found[1] if found else None,
    )


def customer_id_of(menu: Bundle, *, user: User | None = None, phone: str = "", email: str = "") -> UUID | None:
    """The customer who is logged in, else the one with this phone (E.164) or e-mail; None for a new one.

    Not looked up while no offer asks who buys.
    """
    if not _asks_who(menu):
        return None
    mine = accounts.customer_of(user) if user is not None else None
    if mine is not None:
        return mine.pk
    kind, value = (IdentityKind.PHONE, phone) if phone else (IdentityKind.EMAIL, email.lower())
    if not value:
        return None
    return Identity.objects.filter(kind=kind, value=value).values_list("customer_id", flat=True).first()


def _asks_who(menu: Bundle) -> bool:
    pricing = menu.pricing
    return bool(pricing.price_lists or pricing.loyalty) or any(
        row.first_order or row.retail_only or row.per_customer_limit for row in pricing.promotions
    )


def _single_use(menu: Bundle, code: str) -> tuple[Bundle, UUID] | None:
    """The menu with the promotion of this single-use code behind the code; None when it is none."""
    if not any(row.code == UNREACHABLE for row in menu.pricing.promotions):
        return None
    row = CouponCode.objects.select_related("batch").filter(code=code).first()
    if row is None or any(rule.code == code for rule in menu.pricing.promotions):
        return None
    pid, batch = str(row.batch.promotion_id), row.batch
    rules_ = tuple(
        replace(
            rule, code=code, spent=row.order_id is not None, enabled=rule.enabled and batch.is_active,
            ends=_earlier(rule.ends, batch.ends),
        )
        if rule.id == pid else rule
        for rule in menu.pricing.promotions
    )  # fmt: skip
    return replace(menu, pricing=replace(menu.pricing, promotions=rules_)), row.pk


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def _facts(
    menu: Bundle, relevant: Iterable[rules.Promotion], customer_id: UUID, known: CustomerFacts | None
) -> CustomerFacts:
    rows = list(relevant)
    limited = [row.id for row in rows if row.per_customer_limit is not None]
    is_company, by_list = _trade(customer_id) if _asks_trade(menu, rows) else (False, None)
    asks_history = known is None and any(row.first_order for row in rows)
    return replace(
        known or CustomerFacts(id=str(customer_id), orders_before=orders_before(customer_id) if asks_history else 0),
        is_company=is_company,
        price_list_id=by_list,
        uses=uses_of(customer_id, limited) if limited else {},
    )


def _asks_trade(menu: Bundle, rows: list[rules.Promotion]) -> bool:
    """Whether it matters that somebody buys for a company: prices, parcels, offers and ways to pay."""
    methods = menu.menu["store"]["payment_methods"]
    only = any(row.retail_only for row in rows) or any(row.get("companies_only") for row in methods)
    return bool(menu.pricing.price_lists or menu.shipping or only)


def _trade(customer_id: UUID) -> tuple[bool, str | None]:
    """Whether the customer buys for a company, and by which price list."""
    by_list = PriceListMember.objects.filter(customer_id=customer_id).values_list("price_list_id", flat=True).first()
    is_company = by_list is not None or Company.objects.filter(customer_id=customer_id).exists()
    return is_company, str(by_list) if by_list else None


def orders_before(customer_id: UUID) -> int:
    """How often the customer has ordered here, and before the store came here."""
    carried = Customer.objects.filter(pk=customer_id).values_list("orders_before", flat=True).first() or 0
    return carried + Order.objects.filter(customer_id=customer_id).exclude(status__in=NEVER_WERE).count()


def uses_of(customer_id: UUID, promotions: Iterable[str]) -> dict[str, int]:
    """Promotion → orders of the customer that had it and still have it."""
    rows = PromotionUse.objects.filter(
        promotion_id__in=list(promotions), order__customer_id=customer_id, given_back_at=None
    )
    return {str(row["promotion_id"]): row["n"] for row in rows.values("promotion_id").annotate(n=Count("id"))}


def _uses(relevant: Iterable[rules.Promotion]) -> dict[str, int]:
    """Promotion → orders that had it, for those with a limit over all."""
    limited = [row.id for row in relevant if row.total_limit is not None]
    if not limited:
        return {}
    rows = Promotion.objects.filter(pk__in=limited).annotate(all_uses=F("used") + F("used_before"))
    return {str(pk): uses for pk, uses in rows.values_list("pk", "all_uses")}
