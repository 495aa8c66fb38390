"""The words the scripts need, in the language of the page.

Rendered into the page's JSON island, so the browser needs no catalogue of its own. Counted things carry one form per
plural category ("one", "other"), which covers every language we offer.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Words = dict[str, str | dict[str, str]]


def for_menu() -> Words:
    """Everything the menu page says by script."""
    return _page() | _options() | _bag() | _checkout() | _delivery()


def for_tracking() -> Words:
    """Everything the tracking page says by script."""
    return _page() | {
        "copied": _("Code copied"),
        "copy_failed": _("Hold the code to copy it"),
        "expires_in": _("Pay within {time}"),
        "paid": _("Payment confirmed. Thank you!"),
        "updated": _("Updated: {status}"),
        "reconnecting": _("Reconnecting …"),
        "live": _("Live"),
        "as_of": _("As of {time}"),
        "about_time": _("Around {time}"),
    }


def _page() -> Words:
    return {
        "retry": _("Try again"),
        "back_online": _("You are back online"),
        "offline": _("You are offline. What you see stays; what you change is sent later."),
    }


def _options() -> Words:
    return {
        "loading": _("Loading"),
        "load_failed": _("This did not load"),
        "load_failed_text": _("Check your connection and try again. Nothing you chose is lost."),
        "nothing_found": _("Nothing found for “{query}”"),
        "nothing_found_text": _("Try a shorter word or look through the categories."),
        "clear_search": _("Clear search"),
        "results": _counted(*(ngettext("{count} result", "{count} results", number) for number in (1, 2))),
        "add": _("Add"),
        "added": _("{name} is in your bag"),
        "required": _("required"),
        "optional": _("optional"),
        "done": _("chosen"),
        "choose_one": _("Choose 1"),
        "choose_exactly": _("Choose {count}"),
        "choose_up_to": _("Choose up to {max}"),
        "choose_between": _("Choose {min} to {max}"),
        "choose_any": _("As many as you like"),
        "choose_at_least": _("Choose at least {count}"),
        "sold_out": _("Sold out for now"),
        "version": _("Version"),
        "size": _("Size"),
        "crust": _("Crust"),
        "edge": _("Edge"),
        "flavours": _("Flavours"),
        "slices": _counted(*(ngettext("{count} slice", "{count} slices", number) for number in (1, 2))),
        "up_to_flavours": _counted(
            *(ngettext("{count} flavour", "up to {count} flavours", number) for number in (1, 2))
        ),
        "price_rule_highest": _("The dearest flavour sets the price."),
        "price_rule_average": _("The price is the average of the flavours."),
        "from": _("from {price}"),
        "notes": _("Any wish?"),
        "notes_placeholder": _("No onions, well done …"),
        "quantity": _("Quantity"),
        "more": _("One more"),
        "less": _("One less"),
        "allergens": _("Contains {list}"),
        "unit": _("{number} of {total}"),
        "not_found": _("This is no longer on the menu"),
        "not_found_text": _("It may have been renamed or taken off. Have a look at the rest."),
        "see_menu": _("See the menu"),
    }


def _bag() -> Words:
    return {
        "bag": _("Your bag"),
        "bag_empty": _("Your bag is empty"),
        "bag_empty_text": _("Tap the plus next to anything you like."),
        "subtotal": _("Subtotal"),
        "discount": _("Discount"),
        "delivery": _("Delivery"),
        "service_charge": _("Service charge"),
        "tax": _("Tax"),
        "total": _("Total"),
        "checkout": _("Go to checkout"),
        "remove": _("Remove"),
        "removed": _("{name} removed"),
        "undo": _("Undo"),
        "cart_failed": _("Your bag could not be loaded"),
        "change_failed": _("That did not work: {detail}"),
        "line_problem": _("Please check this item"),
        "min_missing": _("{price} more to reach the minimum of {min} for delivery"),
        "closed": _("The store is closed"),
        "waiting_changes": _counted(
            *(ngettext("{count} change waiting", "{count} changes waiting", number) for number in (1, 2))
        ),
        "track_order": _("Order {number}: follow it here"),
        "today": _("today"),
        "tomorrow": _("tomorrow"),
    }


def _checkout() -> Words:
    return {
        "place_order": _("Place order"),
        "placing": _("Sending your order …"),
        "fee_pending": _("after the address"),
        "fee_free": _("free"),
        "below_minimum": _("Below the minimum for delivery"),
        "add_more": _("Add something"),
        "no_service": _("This store takes no orders on this page"),
        "no_service_text": _("Please write or call to order."),
        "required_field": _("Please fill this in"),
        "bad_phone": _("Please give a phone number with area code"),
        "bad_zip": _("Please check the postal code"),
        "bad_change": _("Must be at least the total of {price}"),
        "choose_payment": _("Please choose how to pay"),
        "fix_fields": _("Please check the marked fields"),
        "order_failed": _("The order did not go through"),
        "try_again_same": _("Nothing was charged. Try again: you will not order twice."),
    }


def _delivery() -> Words:
    return {
        "out_of_area": _("The store does not deliver to this address"),
        "out_of_area_text": _("Try another address or pick the order up yourself."),
        "switch_pickup": _("Pick up instead"),
        "free_over": _("Free delivery from {price}"),
        "minutes": _("{from}–{to} min"),
        "about_minutes": _("about {count} min"),
        "use_location": _("Use my location"),
        "needs_point": _("Where on the map is it?"),
        "needs_point_text": _("This store charges by distance. Share your location, if you are at the address now."),
        "location_denied": _("Your location is not available."),
        "quote_failed": _("The delivery fee could not be calculated yet."),
    }


def _counted(one: str, other: str) -> dict[str, str]:
    return {"one": one, "other": other}
