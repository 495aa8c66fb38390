"""Shared by the importer's tests: load a document, and see that a refused one wrote nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.actors import system
from apps.events.models import Event
from apps.stores import models
from apps.stores.importing.errors import ImportRefused
from apps.stores.importing.report import Report
from apps.stores.importing.service import import_store
from apps.stores.tests.importing.documents import Document
from apps.users.models import User

Load = Callable[..., Report]
Refuse = Callable[[Any], dict[str, str]]


@pytest.fixture
def load(db: None) -> Load:
    """Import a document; the report comes back."""

    def run(document: Document, **options: Any) -> Report:
        return import_store(document=document, actor=system("import"), **options)

    return run


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """Import a document that must be refused; its problems come back by path, and nothing was written."""

    def run(document: Any) -> dict[str, str]:
        before = counts()
        with pytest.raises(ImportRefused) as caught:
            load(document)
        assert counts() == before
        return {row.path: row.message for row in caught.value.rows}

    return run


def counts() -> dict[str, int]:
    """How many rows there are of everything an import writes."""
    scoped = (models.Product, models.Category, models.Outlet, models.Staff, models.StockMove, models.DeliveryZone)
    found = {model.__name__: model.objects.unscoped().count() for model in scoped}
    return found | {"Store": models.Store.objects.count(), "User": User.objects.count(), "Event": Event.objects.count()}
