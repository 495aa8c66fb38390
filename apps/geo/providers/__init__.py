"""Who can be asked, by the name a setting uses. An adapter is made anew for each look-up: settings may change under a test."""

from collections.abc import Iterable

from apps.geo.providers.base import Kind, Provider
from apps.geo.providers.brasilapi import BrasilApi
from apps.geo.providers.google import Google
from apps.geo.providers.here import Here
from apps.geo.providers.nominatim import Nominatim
from apps.geo.providers.offline import Offline
from apps.geo.providers.viacep import ViaCep

PROVIDERS: dict[str, type[Provider]] = {
    kind.name: kind for kind in (Offline, Nominatim, Here, Google, ViaCep, BrasilApi)
}


def able(names: Iterable[str], kind: Kind) -> list[Provider]:
    """The named providers that can answer this kind of question and have what they need for it, in their order."""
    made = [PROVIDERS[name]() for name in names if name in PROVIDERS]
    return [provider for provider in made if kind in provider.can and provider.is_set_up()]
