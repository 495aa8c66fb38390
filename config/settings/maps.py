"""Maps and postal codes: who is asked, where they are, and how long anybody waits."""

from __future__ import annotations

from config.settings.environment import env

GEO_PROVIDERS: list[str] = env("GEO_PROVIDERS")
ZIP_PROVIDERS: list[str] = env("ZIP_PROVIDERS")
GEO_BUDGET_SECONDS: float = env("GEO_BUDGET_SECONDS")
GEO_FAKE_PORT: int = env("GEO_FAKE_PORT")
HERE_API_KEY: str = env("HERE_API_KEY")
GOOGLE_MAPS_API_KEY: str = env("GOOGLE_MAPS_API_KEY")
NOMINATIM_USER_AGENT: str = env("NOMINATIM_USER_AGENT")


def _base(name: str, fake: str) -> str:
    """The address of a provider – the fake's when there is one."""
    return f"http://127.0.0.1:{GEO_FAKE_PORT}/{fake}" if GEO_FAKE_PORT else str(env(name)).rstrip("/")


NOMINATIM_URL = _base("NOMINATIM_URL", "nominatim")
HERE_GEOCODE_URL = _base("HERE_GEOCODE_URL", "here")
HERE_REVERSE_URL = _base("HERE_REVERSE_URL", "here")
HERE_AUTOSUGGEST_URL = _base("HERE_AUTOSUGGEST_URL", "here")
HERE_ROUTER_URL = _base("HERE_ROUTER_URL", "here")
GOOGLE_MAPS_URL = _base("GOOGLE_MAPS_URL", "google")
VIACEP_URL = _base("VIACEP_URL", "viacep")
BRASILAPI_URL = _base("BRASILAPI_URL", "brasilapi")
