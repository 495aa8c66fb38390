"""Mechanism 7, secrets: an encrypted text column with rotating keys, and constant-time comparison.

Values are Fernet tokens made with the first key of `settings.FIELD_ENCRYPTION_KEYS`; every listed key
can read, so a key is rotated by putting a new one in front and re-saving (`manage.py rotate_secrets`).
A secret shows itself only when asked: its `repr` and `str` are dots.
"""

import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class Secret(str):
    """A string that does not print itself. `reveal()` gives the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('•••')" if len(self) else "Secret('')"

    def __str__(self) -> str:
        return "•••" if len(self) else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def reveal(self) -> str:
        """The text itself."""
        return str.__str__(self)


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty")
    return MultiFernet([Fernet(key) for key in keys])


def _current_box() -> MultiFernet:
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    """`text` as a token made with the newest key."""
    return _current_box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text in `token`. Raises `ValueError` if no key opens it."""
    try:
        return _current_box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("no key opens this secret") from error


def rotate(token: str) -> str:
    """The same secret, re-made with the newest key."""
    return _current_box().rotate(token.encode()).decode()


def same_secret(expected: str, given: str) -> bool:
    """Constant-time equality. An empty expected secret means *reject*, never *skip*."""
    return bool(expected) and hmac.compare_digest(str.__str__(expected).encode(), str.__str__(given).encode())


class EncryptedField(models.TextField[str, Secret]):
    """Text encrypted at rest; Python sees a `Secret`. Cannot be searched. Empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        if value in (None, ""):
            return value
        return encrypt(str.__str__(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret | None:
        """Decrypt on the way out."""
        if value is None:
            return None
        return Secret(decrypt(value)) if value else Secret("")

    def to_python(self, value: Any) -> Any:
        """Wrap plain text."""
        return Secret(value) if isinstance(value, str) and not isinstance(value, Secret) else value

    def value_to_string(self, obj: models.Model) -> str:
        """Serialised dumps never carry the text."""
        return "•••"
