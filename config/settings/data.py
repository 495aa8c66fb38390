"""PostgreSQL and Redis. Unset URLs mean the embedded servers under `LOCAL_DIR`, started by whoever connects first."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import environ

from config.settings.environment import LOCAL_DIR, TESTING, env

# Tests have servers of their own, so that no test can touch what `make run` keeps.
EMBEDDED_DIR = LOCAL_DIR / "test" if TESTING else LOCAL_DIR
EMBEDDED_POSTGRES = not env("DATABASE_URL")
EMBEDDED_REDIS = not env("REDIS_URL")


def _embedded_database() -> dict[str, Any]:
    from apps.core.embedded.places import Places

    host = str(Places.under(EMBEDDED_DIR).postgres_socket_dir)
    return {"ENGINE": "apps.core.embedded.backend", "NAME": "comanda", "USER": "postgres", "HOST": host}


def _embedded_redis() -> str:
    from apps.core.embedded.places import Places
    from apps.core.embedded.slots import slot

    number = slot(EMBEDDED_DIR) if TESTING else 0
    return f"unix://{Places.under(EMBEDDED_DIR).redis_socket}?db={number}"


def _server_options() -> str:
    limits = {
        "statement_timeout": env("DATABASE_STATEMENT_TIMEOUT"),
        "lock_timeout": env("DATABASE_LOCK_TIMEOUT"),
        "idle_in_transaction_session_timeout": env("DATABASE_IDLE_TIMEOUT"),
    }
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _pool() -> dict[str, Any]:
    """A short `reconnect_timeout`, or the waits between attempts double for as long as the server is away."""
    patience = float(env("DATABASE_CONNECT_TIMEOUT"))
    return {
        "min_size": 1,
        "max_size": env("DATABASE_POOL_SIZE"),
        "timeout": patience,
        "reconnect_timeout": patience,
        "max_idle": 300.0,
    }


def _database() -> dict[str, Any]:
    if EMBEDDED_POSTGRES:
        config = _embedded_database()
    else:
        config = dict(environ.Env.db_url_config(env("DATABASE_URL"), engine="django.db.backends.postgresql"))
        config["HOST"] = unquote(config.get("HOST") or "")  # a socket directory arrives as %2Frun%2Fpostgresql
    options = dict(config.get("OPTIONS", {}))
    options |= {"connect_timeout": env("DATABASE_CONNECT_TIMEOUT"), "options": _server_options()}
    if not TESTING:
        options["pool"] = _pool()
    return {**config, "OPTIONS": options, "CONN_MAX_AGE": 0, "ATOMIC_REQUESTS": False}


DATABASES = {"default": _database()}

REDIS_URL: str = env("REDIS_URL") or _embedded_redis()
REDIS_TIMEOUT: float = env("REDIS_TIMEOUT")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "comanda",
        "TIMEOUT": 3600,
        "OPTIONS": {"socket_timeout": REDIS_TIMEOUT, "socket_connect_timeout": REDIS_TIMEOUT},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
