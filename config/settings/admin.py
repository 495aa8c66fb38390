"""Names and looks of the admin (django-unfold). Its menu and store picker are `apps.stores.admin_site`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LOGIN_REDIRECT_URL = "admin:index"

# The wine red of Comanda's own pages, light to dark.
PRIMARY = {
    "50": "oklch(97.2% .012 18)",
    "100": "oklch(94.1% .026 18)",
    "200": "oklch(88.5% .052 18)",
    "300": "oklch(80% .092 18)",
    "400": "oklch(69% .14 18)",
    "500": "oklch(57% .15 18)",
    "600": "oklch(47% .13 17)",
    "700": "oklch(40.5% .108 17)",
    "800": "oklch(35% .085 17)",
    "900": "oklch(30% .065 17)",
    "950": "oklch(21% .045 17)",
}

UNFOLD = {
    "LOGIN": {"form": "apps.stores.admin_login.LoginForm"},
    "SITE_TITLE": "Comanda",
    "SITE_HEADER": "Comanda",
    "SITE_SUBHEADER": _("Stores, orders and kitchen"),
    "SITE_SYMBOL": "receipt_long",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": PRIMARY},
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
}
