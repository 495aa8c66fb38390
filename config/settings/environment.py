"""Read the declared variables: development works with nothing set, production refuses to start half-configured."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.settings.variables import VARIABLES, Variable

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENTS = ("development", "test", "production")
READER = environ.Env()


def _environment() -> str:
    chosen = os.environ.get("ENVIRONMENT") or ("production" if os.environ.get("DATABASE_URL") else "development")
    if chosen not in ENVIRONMENTS:
        raise ImproperlyConfigured(f"ENVIRONMENT is {chosen!r}; use one of {', '.join(ENVIRONMENTS)}.")
    return chosen


ENVIRONMENT = _environment()
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"


def _default(variable: Variable) -> Any:
    return variable.production if PRODUCTION and variable.production is not None else variable.default


def env(name: str) -> Any:
    """The value of a declared variable, in its declared kind. Raises `ImproperlyConfigured` with a way out."""
    variable = VARIABLES[name]
    if not os.environ.get(name):
        if PRODUCTION and variable.required:
            raise ImproperlyConfigured(
                f"{name} is not set. In production it must be: {variable.doc} (docs/settings.md)"
            )
        return _default(variable)
    try:
        return getattr(READER, variable.kind)(name)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a valid {variable.kind}: {variable.doc}") from error


LOCAL_DIR = BASE_DIR / str(env("LOCAL_DIR"))


def _fresh_secrets() -> dict[str, str]:
    return {"SECRET_KEY": secrets.token_urlsafe(50), "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode()}


def local_secrets() -> dict[str, str]:
    """Development's own random secrets, made once and kept under `LOCAL_DIR`, readable by their owner only."""
    path = LOCAL_DIR / "secrets.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secrets.{os.getpid()}.json")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_fresh_secrets(), file)
        try:
            os.link(draft, path)  # of two first starts, one wins and both read the same secrets
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def secret(name: str) -> Any:
    """A secret from the environment, or development's own when unset."""
    value = env(name)
    if value or PRODUCTION:
        return value
    made = local_secrets()[name]
    return [made] if VARIABLES[name].kind == "list" else made
