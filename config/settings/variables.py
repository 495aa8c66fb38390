"""Every environment variable Comanda reads, declared once: kind, default, and what it is for.

`docs/settings.md` is generated from this table (`make docs`) and `make check` fails when it drifts. A variable
marked `secret` or `required` has no usable default in production: the process refuses to start without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["str", "bool", "int", "float", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable. `default` is for development; `production` overrides it where the two must differ."""

    name: str
    doc: str
    kind: Kind = "str"
    default: Any = ""
    production: Any = None
    required: bool = False
    secret: bool = False


def _group(title: str, *variables: Variable) -> tuple[str, tuple[Variable, ...]]:
    return title, variables


GROUPS: tuple[tuple[str, tuple[Variable, ...]], ...] = (
    _group(
        "Where it runs",
        Variable(
            name="ENVIRONMENT",
            doc="`development`, `test` or `production`. Unset: `production` when `DATABASE_URL` is set, else `development`.",
        ),
        Variable(
            name="DEBUG",
            kind="bool",
            default=True,
            production=False,
            doc="Django's debug pages. `make run` turns it off.",
        ),
        Variable(
            name="LOCAL_DIR", default=".local", doc="Where development keeps everything: servers, secrets, uploads."
        ),
        Variable(name="HOST", default="127.0.0.1", doc="Address `make run` listens on."),
        Variable(name="PORT", kind="int", default=8000, doc="Port of HTTP and WebSocket alike."),
        Variable(
            name="PUBLIC_URL", default="", doc="Origin customers see, for links in messages. Unset: `http://HOST:PORT`."
        ),
        Variable(name="LOG_LEVEL", default="INFO", doc="Least severe level that is logged."),
        Variable(name="LOG_FORMAT", default="text", production="json", doc="`json` (one object per line) or `text`."),
    ),
    _group(
        "Secrets and hosts",
        Variable(
            name="SECRET_KEY", required=True, secret=True, doc="Signs sessions and tokens; 50 characters or more."
        ),
        Variable(
            name="FIELD_ENCRYPTION_KEYS",
            kind="list",
            default=[],
            required=True,
            secret=True,
            doc="Fernet keys for encrypted columns, newest first; older ones only read. `manage.py new_key` prints one.",
        ),
        Variable(
            name="ALLOWED_HOSTS", kind="list", default=["*"], required=True, doc="Host names served, comma separated."
        ),
        Variable(
            name="CORS_ALLOWED_ORIGINS",
            kind="list",
            default=[
                "http://localhost:3000",
                "http://127.0.0.1:3000",
                "http://localhost:5173",
                "http://127.0.0.1:5173",
            ],
            production=[],
            doc="Origins of separate storefronts and dashboards, comma separated, with scheme.",
        ),
        Variable(
            name="CSRF_TRUSTED_ORIGINS",
            kind="list",
            default=[],
            doc="Origins that may post forms (admin behind a proxy).",
        ),
        Variable(
            name="SECURE_SSL",
            kind="bool",
            default=False,
            production=True,
            doc="HTTPS only: redirect, HSTS, secure cookies.",
        ),
        Variable(
            name="TRUSTED_PROXY",
            kind="bool",
            default=False,
            doc="Believe `X-Forwarded-Proto` and the last `X-Forwarded-For`; only behind a proxy that sets them.",
        ),
    ),
    _group(
        "Limits of ordering",
        Variable(
            name="CHECKOUTS_PER_ADDRESS",
            kind="int",
            default=60,
            doc="Orders one address (a whole network, for IPv6 a /64) may place at a store in 10 minutes; 0: any number.",
        ),
        Variable(
            name="CHECKOUTS_PER_PHONE",
            kind="int",
            default=20,
            doc="Orders one phone number may place at a store in 10 minutes; 0: any number.",
        ),
        Variable(
            name="UNPAID_ORDERS_PER_PHONE",
            kind="int",
            default=3,
            doc="Orders of one phone number that may wait for their online payment at once; 0: any number.",
        ),
    ),
    _group(
        "PostgreSQL",
        Variable(
            name="DATABASE_URL",
            required=True,
            secret=True,
            doc="`postgres://user:password@host:5432/name`. Unset in development: the embedded server is started.",
        ),
        Variable(name="DATABASE_POOL_SIZE", kind="int", default=4, doc="Most connections one process opens."),
        Variable(name="DATABASE_CONNECT_TIMEOUT", kind="int", default=2, doc="Seconds to wait for a connection."),
        Variable(
            name="DATABASE_STATEMENT_TIMEOUT", kind="int", default=5000, doc="Milliseconds one statement may take."
        ),
        Variable(name="DATABASE_LOCK_TIMEOUT", kind="int", default=2000, doc="Milliseconds to wait for a lock."),
        Variable(
            name="DATABASE_IDLE_TIMEOUT",
            kind="int",
            default=10000,
            doc="Milliseconds a transaction may sit idle before the server ends it.",
        ),
    ),
    _group(
        "Redis and workers",
        Variable(
            name="REDIS_URL",
            required=True,
            secret=True,
            doc="`redis://host:6379/0`. Carries hints, cache and the broker; losing it loses nothing. Unset: embedded.",
        ),
        Variable(name="REDIS_TIMEOUT", kind="float", default=0.3, doc="Seconds before a silent Redis is given up on."),
        Variable(name="WORKER_CONCURRENCY", kind="int", default=2, doc="Tasks one worker runs at once."),
    ),
    _group(
        "Files and mail",
        Variable(
            name="MEDIA_ROOT", default="", production="/data/media", doc="Uploaded files. Unset: `LOCAL_DIR/media`."
        ),
        Variable(
            name="EMAIL_URL",
            default="consolemail://",
            doc="`smtp+tls://user:password@host:587`, or printed to the log.",
        ),
        Variable(name="DEFAULT_FROM_EMAIL", default="comanda@localhost", doc="Sender of e-mail."),
        Variable(name="SENTRY_DSN", secret=True, doc="Error reports; off when empty."),
    ),
    _group(
        "Providers",
        Variable(
            name="MERCADOPAGO_ACCESS_TOKEN",
            secret=True,
            doc="Platform account for card and dynamic PIX; off when empty.",
        ),
        Variable(
            name="WHATSAPP_API_TOKEN", secret=True, doc="WhatsApp Cloud API token; messages stay in the log when empty."
        ),
    ),
    _group(
        "Maps and postal codes",
        Variable(
            name="GEO_PROVIDERS",
            kind="list",
            default=["offline"],
            production=["nominatim"],
            doc="Who finds addresses, in this order: `offline` (a table of the demo cities), `nominatim`, `here`, `google`.",
        ),
        Variable(
            name="ZIP_PROVIDERS",
            kind="list",
            default=["offline"],
            production=["viacep", "brasilapi"],
            doc="Who knows CEPs, in this order: `offline`, `viacep`, `brasilapi`.",
        ),
        Variable(
            name="GEO_BUDGET_SECONDS",
            kind="float",
            default=1.0,
            doc="Seconds a customer waits for maps, all questions together.",
        ),
        Variable(name="HERE_API_KEY", secret=True, doc="Key for `here`, which is left out without one."),
        Variable(name="GOOGLE_MAPS_API_KEY", secret=True, doc="Key for `google`, which is left out without one."),
        Variable(
            name="NOMINATIM_URL",
            default="https://nominatim.openstreetmap.org",
            doc="The public server takes one request a second: host your own for production.",
        ),
        Variable(
            name="NOMINATIM_USER_AGENT",
            default="Comanda/1",
            doc="Who we say we are; its operators want a way to reach you.",
        ),
        Variable(name="HERE_GEOCODE_URL", default="https://geocode.search.hereapi.com", doc="HERE, geocoding."),
        Variable(
            name="HERE_REVERSE_URL", default="https://revgeocode.search.hereapi.com", doc="HERE, what is at a point."
        ),
        Variable(
            name="HERE_AUTOSUGGEST_URL", default="https://autosuggest.search.hereapi.com", doc="HERE, completions."
        ),
        Variable(name="HERE_ROUTER_URL", default="https://router.hereapi.com", doc="HERE, roads."),
        Variable(name="GOOGLE_MAPS_URL", default="https://maps.googleapis.com", doc="Google Maps."),
        Variable(name="VIACEP_URL", default="https://viacep.com.br", doc="ViaCEP."),
        Variable(name="BRASILAPI_URL", default="https://brasilapi.com.br", doc="BrasilAPI."),
        Variable(
            name="GEO_FAKE_PORT",
            kind="int",
            default=0,
            doc="Development: ask the providers that `manage.py fake_providers` plays on this port; `make run` starts it along.",
        ),
    ),
    _group(
        "Sessions",
        Variable(name="JWT_ACCESS_MINUTES", kind="int", default=15, doc="Life of an access token."),
        Variable(
            name="JWT_REFRESH_DAYS", kind="int", default=30, doc="Life of a refresh token; each is good for one use."
        ),
    ),
)

VARIABLES: dict[str, Variable] = {variable.name: variable for _, group in GROUPS for variable in group}
