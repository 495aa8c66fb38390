"""`manage.py load_demo`: five stores that can be ordered from at once, and never in production."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from apps.core.scope import scope
from apps.payments.brcode import parse, static_code
from apps.stores.demo.loading import always_open, load_one
from apps.stores.models import Outlet, Store
from apps.stores.opening import Week
from apps.stores.tests.importing.conftest import counts
from apps.stores.tests.importing.documents import SLUGS, demo
from apps.users.models import User

CHRISTMAS = datetime.fromisoformat("2026-12-25T00:00")
pytestmark = pytest.mark.django_db


def test_it_loads_every_store_once() -> None:
    call_command("load_demo")
    assert set(Store.objects.values_list("slug", flat=True)) == set(SLUGS)
    before = counts()
    call_command("load_demo")
    assert counts() == before


def test_every_login_has_the_demo_password() -> None:
    load_one(demo("pastita"))
    assert all(user.check_password("comanda-demo") for user in User.objects.all())


def test_the_administrator_may_do_everything() -> None:
    call_command("load_demo")
    admin = User.objects.get(email="admin@example.com")
    assert admin.is_superuser
    assert admin.check_password("comanda-demo")


def test_stores_in_reais_have_a_pix_key_that_makes_a_code() -> None:
    load_one(demo("pastita"))
    load_one(demo("naturwest"))
    store = Store.objects.get(slug="pastita")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", store.pix_key)
    code = static_code(key=store.pix_key, name=store.pix_name, city=store.pix_city, amount=None)
    assert store.pix_key in parse(code)["26"]
    assert Store.objects.get(slug="naturwest").pix_key == ""


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_it_is_open_at_any_hour(hour: int) -> None:
    load_one(demo("pizzaria-forno"))
    with scope(Store.objects.get(slug="pizzaria-forno").pk):
        outlet = Outlet.objects.get()
        assert not outlet.special_days.exists()
    assert Week(days=outlet.hours, special={}).at(CHRISTMAS + timedelta(hours=hour)).is_open


def test_real_hours_are_kept_when_asked_for() -> None:
    load_one(demo("pizzaria-forno"), real_hours=True)
    with scope(Store.objects.get(slug="pizzaria-forno").pk):
        assert Outlet.objects.get().hours["mon"] == []


def test_opening_a_store_leaves_its_file_alone() -> None:
    document = demo("pastita")
    always_open(document)
    assert document == demo("pastita")


def test_production_refuses(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]  # pytest-django's settings take any name
    before = counts()
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert counts() == before
