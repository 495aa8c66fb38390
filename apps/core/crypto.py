"""Mechanism 7, secrets: an encrypted text column with rotating keys, and constant-time comparison.

Values are Fernet tokens made with the first key of `settings.FIELD_ENCRYPTION_KEYS`; every listed key
can read, so a key is rotated by putting a new one in front and running `manage.py rotate_secrets`.
A secret shows itself only when asked: its `repr` and `str` are dots.
"""

import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

DOTS = "•••"


class Secret:
    """A text that does not print itself. `reveal()` gives it.

    Not a `str` on purpose: a JSON encoder, `"".join` or a cache would take a subclass for plain text and give it away.
    """

    __slots__ = ("_text",)

    def __init__(self, text: "str | Secret" = "") -> None:
        self._text: str = text.reveal() if isinstance(text, Secret) else text

    def __repr__(self) -> str:
        return f"Secret('{self}')"

    def __str__(self) -> str:
        return DOTS if self._text else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret | str) and hmac.compare_digest(_bytes_of(self), _bytes_of(other))

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: Any) -> "Secret":
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not pickled: it would lie readable in a cache or a queue")

    def reveal(self) -> str:
        """The text itself."""
        return self._text


def _bytes_of(value: "str | Secret") -> bytes:
    return (value.reveal() if isinstance(value, Secret) else value).encode("utf-8", "surrogatepass")


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
    """The same secret, re-made with the newest key; unchanged if that key made it. `ValueError` if no key opens it."""
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return encrypt(decrypt(token))
    return token


def same_secret(expected: "str | Secret", given: "str | Secret") -> bool:
    """Constant-time equality. An empty expected secret means *reject*, never *skip*."""
    return bool(expected) and hmac.compare_digest(_bytes_of(expected), _bytes_of(given))


class EncryptedField(models.TextField["str | Secret", Secret]):
    """Text encrypted at rest; Python sees a `Secret`. Cannot be searched. Empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in. The dots that stand for a secret on a screen are never taken for one."""
        if value is None or not value:
            return value if value is None else ""
        text = value.reveal() if isinstance(value, Secret) else str(value)
        if text == DOTS:
            raise ValueError("the dots that hide a secret were about to be stored as the secret")
        return encrypt(text)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret | None:
        """Decrypt on the way out."""
        if value is None:
            return None
        return Secret(decrypt(value)) if value else Secret("")

    def to_python(self, value: Any) -> Any:
        """Wrap plain text."""
        return value if value is None else Secret(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Each encryption looks different, so a comparison would quietly find nothing: refuse it."""
        if lookup_name != "isnull":
            raise FieldError(f"an encrypted column cannot be searched ({lookup_name})")
        return super().get_lookup(lookup_name)

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """A form shows dots; sent back unchanged they mean "keep it"."""
        if str(data.reveal() if isinstance(data, Secret) else data) != DOTS:
            super().save_form_data(instance, data)

    def value_to_string(self, obj: models.Model) -> str:
        """Serialised dumps never carry the text."""
        return DOTS
