"""Names and order of the admin (django-unfold)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "Comanda",
    "SITE_HEADER": "Comanda",
    "SITE_SUBHEADER": _("Stores, orders and kitchen"),
    "SITE_SYMBOL": "receipt_long",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
}
