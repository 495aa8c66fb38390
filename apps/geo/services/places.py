"""Look-ups for everybody else: memory first, then the providers of the settings in their order, within one budget of time.

Answers None where providers say that there is none, and raises `LookupUnavailable` (503) where nobody could say. Call them
outside of transactions: what has to be asked of a stranger is refused inside one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.geo import circuit
from apps.geo.errors import LookupUnavailable, ProviderError
from apps.geo.providers import able
from apps.geo.providers.base import Kind, Provider
from apps.geo.services import kept
from apps.geo.values import Address, Budget, Found, Point, PostalCode, Precision, Road, Suggestion, cep_of, fold

T = TypeVar("T")
LONGEST = 300
DECIMALS = 5  # about a metre: finer is noise that would only miss the memory


def budget() -> Budget:
    """The time one customer is made to wait, however many questions it takes."""
    return Budget(settings.GEO_BUDGET_SECONDS)


def geocode(*, address: Address, within: Budget | None = None) -> Found | None:
    """Where an address is; None if nobody knows it. A provider that only knows the part of town lets the next one try."""
    line = address.line()[:LONGEST]
    if not fold(line):
        return None
    providers = able(settings.GEO_PROVIDERS, Kind.GEOCODE)
    question = f"{fold(line)}|{address.country.upper()}"
    return _ask(
        Kind.GEOCODE, providers, question, lambda provider, time: provider.geocode(address, time), kept.found,
        within, good=lambda row: row.precision is not Precision.AREA,
    )  # fmt: skip


def reverse(*, point: Point, within: Budget | None = None) -> Found | None:
    """What is at a point."""
    at = _rounded(point)
    providers = able(settings.GEO_PROVIDERS, Kind.REVERSE)
    return _ask(
        Kind.REVERSE,
        providers,
        f"{at.lat},{at.lng}",
        lambda provider, time: provider.reverse(at, time),
        kept.found,
        within,
    )


def route(*, start: Point, end: Point, within: Budget | None = None) -> Road | None:
    """The way by road; None where no provider of the settings knows roads."""
    a, b = _rounded(start), _rounded(end)
    providers = able(settings.GEO_PROVIDERS, Kind.ROUTE)
    if not providers:
        return None
    question = f"{a.lat},{a.lng};{b.lat},{b.lng}"
    return _ask(Kind.ROUTE, providers, question, lambda provider, time: provider.route(a, b, time), kept.road, within)


def suggest(*, text: str, near: Point | None, country: str, limit: int) -> list[Suggestion]:
    """What somebody may be about to type, best first. Not kept: nobody types the same half a word twice."""
    providers = able(settings.GEO_PROVIDERS, Kind.SUGGEST)
    if not fold(text) or not providers:
        return []
    rows = _first(
        Kind.SUGGEST,
        providers,
        lambda provider, time: provider.suggest(text[:LONGEST], near, country, limit, time),
        budget(),
    )[1]
    return (rows or [])[:limit]


def postal_code(*, code: str, within: Budget | None = None) -> PostalCode | None:
    """What a CEP stands for; None for one that does not exist, or is not written as one."""
    digits = cep_of(code)
    if digits is None:
        return None
    providers = able(settings.ZIP_PROVIDERS, Kind.POSTAL_CODE)
    return _ask(
        Kind.POSTAL_CODE,
        providers,
        digits,
        lambda provider, time: provider.postal_code(digits, time),
        kept.postal_code,
        within,
    )


def _rounded(point: Point) -> Point:
    return Point(lat=round(point.lat, DECIMALS), lng=round(point.lng, DECIMALS))


def _ask(
    kind: Kind,
    providers: list[Provider],
    question: str,
    call: Callable[[Provider, Budget], T | None],
    read: Callable[[dict[str, Any]], T],
    within: Budget | None,
    good: Callable[[Any], bool] = lambda _value: True,
) -> T | None:
    """The kept answer, or a fresh one, which is kept. The table on the disk is faster than its memory would be."""
    if [provider.name for provider in providers] == ["offline"]:
        return _first(kind, providers, call, within or budget(), good)[1]
    key = kept.key_of(kind, providers, question)
    old = kept.look(key)
    if old is not None:
        return None if old.body is None else read(old.body)
    provider, value = _first(kind, providers, call, within or budget(), good)
    kept.keep(key, kind, provider, value)
    return value


def _first(
    kind: Kind,
    providers: list[Provider],
    call: Callable[[Provider, Budget], T | None],
    time: Budget,
    good: Callable[[Any], bool] = lambda _value: True,
) -> tuple[Provider, T | None]:
    """The first good answer, else the first that is one at all, else "there is none" if anybody could say so."""
    failures: list[ProviderError] = []
    best: tuple[Provider, T | None] | None = None
    for provider in providers:
        try:
            value = _answer(provider, call, time)
        except ProviderError as error:
            failures.append(error)
            continue
        if value is not None and good(value):
            return provider, value
        if best is None or best[1] is None:
            best = provider, value
    if best is not None and (best[1] is not None or not failures):
        return best
    raise _unavailable(kind, failures)


def _answer(provider: Provider, call: Callable[[Provider, Budget], T | None], time: Budget) -> T | None:
    circuit.check(provider.name)
    try:
        value = call(provider, time)
    except ProviderError as error:
        circuit.failed(error)
        raise
    circuit.succeeded(provider.name)
    return value


def _unavailable(kind: Kind, failures: list[ProviderError]) -> LookupUnavailable:
    permanent = not failures or all(error.permanent for error in failures)
    wait = int(min((error.retry_after for error in failures if error.retry_after), default=5)) or 1
    if kind is Kind.POSTAL_CODE:
        text = _("Postal codes cannot be looked up at the moment. Write the address by hand.")
        return LookupUnavailable("zip_lookup_unavailable", text, permanent=permanent, retry_after=wait)
    text = _("Addresses cannot be looked up at the moment. Try again shortly.")
    return LookupUnavailable("geocoder_unavailable", text, permanent=permanent, retry_after=wait)
