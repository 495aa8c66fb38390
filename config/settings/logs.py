"""One line per thing worth knowing, each with the request, store and user it belongs to."""

from __future__ import annotations

from importlib import import_module

from config.settings.environment import ENVIRONMENT, TESTING, env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "apps.core.logs.ContextFilter"}},
    "formatters": {
        "json": {"()": "apps.core.logs.JsonFormatter"},
        "text": {"()": "apps.core.logs.TextFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["context"],
            "formatter": "json" if env("LOG_FORMAT") == "json" else "text",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else env("LOG_LEVEL")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        "celery": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING"},
    },
}

SENTRY_DSN: str = env("SENTRY_DSN")
if SENTRY_DSN:
    # Only in the production image. Bodies, cookies and addresses of customers are never sent along.
    import_module("sentry_sdk").init(
        dsn=SENTRY_DSN, environment=ENVIRONMENT, send_default_pii=False, max_request_body_size="never"
    )
