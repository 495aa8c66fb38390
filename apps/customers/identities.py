"""How an identity is written, so that every spelling of it is one: pure functions.

A WhatsApp or Instagram id is opaque and never goes through the phone cleaner; of a CPF only a keyed hash is compared.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.crypto import salted_hmac
from validate_docbr import CPF

from apps.core.phones import to_e164
from apps.customers.models import IdentityKind

MAX_FOLDED = 600
EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]+\.[^@\s.]{2,}")


def canonical(kind: str, value: str, country: str = "BR") -> str:
    """`value` as it is stored; empty when it can be no identity of this kind."""
    text = value.strip()[:160]
    if kind == IdentityKind.PHONE:
        return to_e164(text, country)
    if kind == IdentityKind.EMAIL:
        return text.lower() if EMAIL.fullmatch(text) else ""
    if kind == IdentityKind.CPF:
        digits = re.sub(r"\D", "", text)
        return cpf_hash(digits) if CPF().validate(digits) else ""
    return text if text.isprintable() else ""


def cpf_hash(digits: str) -> str:
    """What stands for a CPF where it has to be compared: useless to whoever has the table and not the key."""
    return salted_hmac("comanda.customers.cpf", digits, algorithm="sha256").hexdigest()


def fold(text: str) -> str:
    """Lower case, no accents, anything but letters and digits is one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", kept).strip()


def folded(name: str, values: Iterable[str]) -> str:
    """What a search is compared with: the name first, then how the customer is recognised."""
    return fold(" ".join([name, *values]))[:MAX_FOLDED]


def search_words(query: str, country: str = "BR") -> list[str]:
    """The words of a query; what reads as a phone number is looked for as it is stored, ninth digit and all."""
    digits = re.sub(r"\D", "", query)
    if len(digits) >= 10 and not re.search(r"[^\d\s()+.-]", query):
        number = to_e164(query, country)
        if number:
            return [number.lstrip("+")]
    words = [digits] if len(digits) >= 4 and not re.search(r"[^\d\s()+.-]", query) else fold(query).split()
    return words[:8]
