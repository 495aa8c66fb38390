"""What became of a promotion, and why an amount is what it is, as sentences in the reader's language."""

from collections import defaultdict
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.problems import Refused
from apps.stores.pricing.outcome import PromotionReason as R
from apps.stores.pricing.outcome import PromotionTrace

# Said of a coupon that was entered and of an automatic promotion alike.
REASONS: dict[R, str | Promise] = {
    R.APPLIED: _("Applied."),
    R.UNKNOWN_CODE: _("There is no such coupon."),
    R.DISABLED: _("This offer is not running at the moment."),
    R.NOT_STARTED: _("This offer has not started yet."),
    R.ENDED: _("This offer has ended."),
    R.WRONG_WEEKDAY: _("This offer does not hold today."),
    R.WRONG_TIME: _("This offer does not hold at this time."),
    R.WRONG_SERVICE: _("This offer does not hold for this way of ordering."),
    R.WRONG_CHANNEL: _("This offer does not hold here."),
    R.WRONG_OUTLET: _("This offer does not hold at this branch."),
    R.RETAIL_ONLY: _("This offer is not for companies."),
    R.NOT_FIRST_ORDER: _("This offer is for the first order only."),
    R.CUSTOMER_LIMIT: _("You have used this offer as often as possible."),
    R.TOTAL_LIMIT: _("This offer has run out."),
    R.ALREADY_USED: _("This code has been used."),
    R.CUSTOMER_REQUIRED: _("Tell us who you are to use this offer."),
    R.BELOW_MINIMUM: _("%(missing)s more in the cart and this offer holds."),
    R.NO_LINE_IN_SCOPE: _("Nothing in the cart takes part in this offer."),
    R.NOTHING_TO_DISCOUNT: _("There is nothing in the cart this offer could lower."),
    R.NO_DELIVERY_FEE: _("There is no delivery fee to waive."),
    R.BETTER_SET: _("Another offer saves you more."),
}

# How an amount came about, by what it is and the rule that decided it; `rule` "" for every other one.
AMOUNTS: dict[tuple[str, str], str | Promise] = {
    ("unit_price", "list_price"): _("%(item)s: the price of your list"),
    ("unit_price", "list_percentage"): _("%(item)s: less the percentage of your price list"),
    ("unit_price", "sale"): _("%(item)s: promotional price"),
    ("unit_price", "outlet"): _("%(item)s: the price of this branch"),
    ("unit_price", "pizza"): _("%(item)s: the price of its flavours, crust and edge"),
    ("unit_price", "combo"): _("%(item)s: the price of the combo"),
    ("unit_price", ""): _("%(item)s: the price of the menu"),
    ("discount", "buy_x_get_y"): _("“%(title)s”: the cheapest units are free"),
    ("discount", "bundle"): _("“%(title)s”: the set costs less"),
    ("discount", ""): _("“%(title)s”"),
    ("delivery_discount", ""): _("“%(title)s”: we bring it for free"),
    ("points_discount", ""): _("points redeemed"),
    ("delivery_fee", "free_over"): _("free delivery from this amount on"),
    ("delivery_fee", "distance"): _("delivery over %(distance_km)s km"),
    ("delivery_fee", "parcel"): _("parcel of %(weight_g)s g"),
    ("delivery_fee", ""): _("delivery to this area"),
    ("service_charge", ""): _("%(rate)s %% service on %(on)s"),
    ("tax", "included"): _("%(title)s: %(rate)s %% included in %(on)s"),
    ("tax", "added"): _("%(title)s: %(rate)s %% on %(on)s"),
}


def reason_text(reason: str, missing: object = None) -> str:
    """A reason's code as a sentence."""
    return str(REASONS[R(reason)]) % {"missing": missing}


def refusal(trace: PromotionTrace) -> Refused:
    """Why a coupon cannot be used, as an answer: 422 `coupon_<reason>`."""
    text, reason = reason_text(trace.reason, trace.missing), trace.reason.value
    return Refused(f"coupon_{reason}", text, reason=reason, missing=trace.missing)


def amount_text(name: str, rule: str, facts: Mapping[str, object]) -> str:
    """How an amount came about; the bare name for one that nobody put into words."""
    text = AMOUNTS.get((name, rule)) or AMOUNTS.get((name, ""))
    return str(text) % defaultdict(str, facts) if text else name
