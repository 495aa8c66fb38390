"""`unscoped()` is the one door out of the tenant wall. Who may use it is written here, file by file, with the reason."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from apps.core.scope import ScopedManager, ScopedModel

ROOT = Path(settings.BASE_DIR)
DOOR = re.compile(r"\bunscoped\(\)|\bmodels\.QuerySet\(|\b_base_manager\b|\b_default_manager\b")

ALLOWED = {
    "apps/core/scope.py": "defines it",
    "apps/core/scoped_admin.py": "names the manager of whatever model an admin page is about; it is the scoped one",
    "apps/customers/queries/loyalty.py": "the clock lets points of all stores expire, entering each one's scope",
    "apps/stores/queries/access.py": "finds out which stores a person works in, before a scope can be entered",
    "apps/stores/queries/devices.py": "finds the store of a device token",
    "apps/stores/queries/staff.py": "finds the store of an invitation token",
    "apps/stores/queries/drafts.py": "finds the store of a draft order's link",
    "apps/stores/queries/orders.py": "finds the store of an order's access token",
    "apps/stores/services/delivery_quotes.py": "the clock forgets expired quotes of all stores",
    "apps/stores/services/orders.py": "the clock expires orders of all stores, entering each one's scope",
}


def _sources() -> list[Path]:
    folders = [ROOT / name for name in ("apps", "config", "tools")]
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts)]


def test_only_the_listed_files_leave_the_scope() -> None:
    users = {str(path.relative_to(ROOT)) for path in _sources() if DOOR.search(path.read_text())}
    strangers = users - set(ALLOWED)
    assert not strangers, f"{sorted(strangers)} leave the tenant scope; filter inside one, or say here why they must"


def test_the_list_holds_no_file_that_no_longer_needs_it() -> None:
    users = {str(path.relative_to(ROOT)) for path in _sources() if DOOR.search(path.read_text())}
    assert not set(ALLOWED) - users


TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, ScopedModel)]


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_no_tenant_model_has_a_second_manager_that_forgets_the_scope(model: type[ScopedModel]) -> None:
    assert all(isinstance(manager, ScopedManager) for manager in model._meta.managers)
    assert isinstance(model._base_manager, ScopedManager)
    assert isinstance(model._default_manager, ScopedManager)


def test_every_table_that_carries_a_store_is_scoped_or_listed() -> None:
    listed = {
        "events.Event": "read for all stores by relay and hub; people's reads go through queries that take the store",
        "events.EventCursor": "belongs to events.Event",
        "stores.DevicePairing": "a screen without a store asks for one",
    }
    loose = {
        model._meta.label
        for model in apps.get_models()
        if not issubclass(model, ScopedModel) and any(_is_store(field) for field in model._meta.concrete_fields)
    }
    assert loose == set(listed)


def _is_store(field: models.Field[object, object]) -> bool:
    return bool(
        field.is_relation and field.related_model is not None and field.related_model._meta.label == "stores.Store"
    )
