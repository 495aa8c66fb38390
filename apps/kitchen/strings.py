"""The words the scripts of the kitchen screen need, in the language of the page. Counted things carry "one" and "other"."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Words = dict[str, str | dict[str, str]]


def words() -> Words:
    """Everything by key; `{name}` is filled in by the script."""
    return _ticket_words() | _frame_words() | _sign_in_words()


def _ticket_words() -> Words:
    return {
        "start": pgettext("kitchen", "Start"),
        "finish": pgettext("kitchen", "Done"),
        "clear": pgettext("kitchen", "Clear"),
        "understood": _("Understood"),
        "started_toast": _("{number} started"),
        "finished_toast": _("{number} done"),
        "cleared_toast": _("{number} cleared"),
        "back_toast": _("{number} is back"),
        "undo": _("Undo"),
        "kind_add": _("Added to the order"),
        "kind_change": _("Order changed"),
        "kind_cancel": _("Cancelled – do not make"),
        "service_delivery": pgettext("kitchen", "Delivery"),
        "service_pickup": pgettext("kitchen", "Pickup"),
        "service_dine_in": pgettext("kitchen", "Dine-in"),
        "service_shipping": pgettext("kitchen", "Shipping"),
        "service_digital": pgettext("kitchen", "Digital"),
        "table": _("Table {name}"),
        "for_time": _("for {time}"),
        "now": pgettext("kitchen", "now"),
        "minutes": _("{minutes} min"),
        "hours": _("{hours} h {minutes}"),
        "in_time": _("in {time}"),
        "late": pgettext("kitchen", "late"),
        "overdue": pgettext("kitchen", "overdue"),
        "remade": _("Remade: {reason}"),
        "again": _("Make again"),
        "item_done": _("Cross off {name}"),
        "item_back": _("Take {name} back"),
        "ticket_label": _("Order {number}, {age}"),
        "remake_item": _("Make {name} again"),
        "remake_reasons": _("It fell|It burnt|Wrong item|It came back"),
    }


def _frame_words() -> Words:
    return {
        "all_stations": pgettext("kitchen", "All"),
        "live": pgettext("kitchen", "Live"),
        "connecting": _("Connecting"),
        "reconnecting": _("Reconnecting"),
        "offline": pgettext("kitchen", "Offline"),
        "unsent": _taps(),
        "open_count": _tickets(),
        "sound_on": _("Sound is on"),
        "sound_off": _("Sound is off"),
        "sound_blocked": _("Tap to allow sound"),
        "empty_title": _("Nothing to make"),
        "empty_text": _("New orders appear here by themselves, with a sound."),
        "all_day": _("All day"),
        "recall": pgettext("kitchen", "Recall"),
        "close": _("Close"),
        "more_right": _("{count} more"),
        "size": _("Text size"),
        "outlet": _("Outlet"),
        "all_day_text": _("What is still to be made, over all open tickets."),
        "all_day_empty": _("Nothing is waiting to be made."),
        "recall_text": _("The last tickets that were cleared."),
        "recall_empty": _("Nothing has been cleared yet."),
        "bring_back": _("Bring back"),
        "ago": pgettext("kitchen", "{time} ago"),
        "on_tickets": _on_tickets(),
        "conflict": _("Another screen was faster."),
        "failed": _("That did not work: {detail}"),
        "load_failed": _("This did not load"),
        "retry": _("Try again"),
    }


def _sign_in_words() -> Words:
    return {
        "code_expires": _("A new code in {time}"),
        "code_failed": _("No code could be fetched. Trying again."),
        "signed_out": _("This screen is not signed in any more. Pair it again or log in."),
        "not_yours": _("This login may not see the kitchen of this store."),
        "login_failed": _("Log-in failed. Check e-mail and password."),
    }


def _taps() -> dict[str, str]:
    one, many = (ngettext("{count} tap waiting", "{count} taps waiting", number) for number in (1, 2))
    return {"one": one, "other": many}


def _tickets() -> dict[str, str]:
    one, many = (ngettext("{count} ticket", "{count} tickets", number) for number in (1, 2))
    return {"one": one, "other": many}


def _on_tickets() -> dict[str, str]:
    one, many = (ngettext("on {count} ticket", "on {count} tickets", number) for number in (1, 2))
    return {"one": one, "other": many}
