"""Random bearer secrets (login tokens, device tokens, invitations): handed out once, kept only as their SHA-256.

A plain hash is right here and only here: with 160 random bits or more there is nothing to guess, so salt and slowness,
which passwords need, would buy nothing and cost the look-up by hash.
"""

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The form of a random secret that may be stored and looked up: 64 hex digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
