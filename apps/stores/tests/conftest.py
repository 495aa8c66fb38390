"""Whose hands are on the keyboard in the staff API's tests: each is a client pointed at Alice's store."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Store
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings: Any) -> None:
    """Uploads of a test stay in its own directory."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> Shop:
    """Alice, who owns the store."""
    return Shop(client_for(alice), store.slug)


@pytest.fixture
def attendant(client_for: ClientFor, bob: User, store: Store) -> Shop:
    """Bob, who may look and pause, but not edit."""
    return Shop(client_for(bob), store.slug)


@pytest.fixture
def stranger(client_for: ClientFor, charlie: User, other_store: Store, store: Store) -> Shop:
    """Charlie, who owns another store, knocking at Alice's."""
    return Shop(client_for(charlie), store.slug)


@pytest.fixture
def nobody(client_for: ClientFor, store: Store) -> Shop:
    """A browser without a login."""
    return Shop(client_for(None), store.slug)


def picture(
    size: tuple[int, int] = (40, 30), kind: str = "JPEG", mode: str = "RGB", **save: object
) -> SimpleUploadedFile:
    """A real picture to upload."""
    out = BytesIO()
    Image.new(mode, size, "red").save(out, kind, **save)
    return SimpleUploadedFile(f"photo.{kind.lower()}", out.getvalue(), content_type=f"image/{kind.lower()}")


def fact_names(store: Store, after: int = 0) -> list[str]:
    """Names of the store's facts after a sequence number."""
    return list(Event.objects.filter(store=store, seq__gt=after).order_by("seq").values_list("name", flat=True))


def last_seq(store: Store) -> int:
    """The newest fact's number."""
    return Event.objects.filter(store=store).order_by("-seq").values_list("seq", flat=True).first() or 0


def version(store: Store) -> int:
    """The catalog's version now."""
    return Store.objects.get(pk=store.pk).catalog_version


def rows(model: Any, store: Store) -> Any:
    """All rows of a store, as a list, whatever scope the test is in."""
    with scope(store.pk):
        return list(model.objects.all())
