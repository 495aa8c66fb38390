"""The providers on this machine: started once for a run, well-behaved at the start of every test."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.geo import circuit
from apps.geo.fake.server import GOOGLE_KEY, HERE_KEY, FakeProviders

URLS = {
    "NOMINATIM_URL": "nominatim", "HERE_GEOCODE_URL": "here", "HERE_REVERSE_URL": "here", "HERE_AUTOSUGGEST_URL": "here",
    "HERE_ROUTER_URL": "here", "GOOGLE_MAPS_URL": "google", "VIACEP_URL": "viacep", "BRASILAPI_URL": "brasilapi",
}  # fmt: skip


@pytest.fixture(scope="session")
def fake_server() -> Iterator[FakeProviders]:
    """One server for the whole run."""
    server = FakeProviders().start()
    yield server
    server.stop()


@pytest.fixture
def providers(fake_server: FakeProviders, settings: Any) -> Iterator[FakeProviders]:
    """The settings point at the fake; nobody is asked yet."""
    fake_server.world.plays.clear()
    fake_server.world.asked.clear()
    circuit.forget()
    for name, path in URLS.items():
        setattr(settings, name, f"{fake_server.url}/{path}")
    settings.HERE_API_KEY, settings.GOOGLE_MAPS_API_KEY = HERE_KEY, GOOGLE_KEY
    settings.NOMINATIM_USER_AGENT = "Comanda tests"
    settings.GEO_PROVIDERS, settings.ZIP_PROVIDERS = ["nominatim"], ["viacep", "brasilapi"]
    yield fake_server
    fake_server.world.plays.clear()
    circuit.forget()
