"""What a file says of customers beyond the name, and the loyalty program; a second import changes nothing of it."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.customers.models import Address, Company, Consent, Customer, LoyaltyProgram, PointsAccount, PointsEntry
from apps.customers.services import details, points
from apps.stores.models import Store
from apps.stores.tests.importing.conftest import Load, Refuse
from apps.stores.tests.importing.documents import demo

pytestmark = pytest.mark.django_db


def in_store(slug: str) -> Any:
    return scope(Store.objects.get(slug=slug).pk)


def test_points_and_the_program_are_there(load: Load) -> None:
    load(demo("warung-nusantara"))
    with in_store("warung-nusantara"):
        program = LoyaltyProgram.objects.get()
        assert program.is_active
        assert [int(value) for value in (program.earn_per, program.point_value, program.min_redeem)] == [10000, 500, 20]
        hendra = Customer.objects.get(name="Hendra Saputra")
        assert (hendra.orders_before, hendra.tags, PointsAccount.objects.get(customer=hendra).balance) == (
            19,
            ["kantor"],
            460,
        )
        assert PointsEntry.objects.get(customer=hendra).kind == "opening"


def test_addresses_consent_and_companies_are_there(load: Load) -> None:
    load(demo("pastita"))
    load(demo("naturwest"))
    with in_store("pastita"):
        home, work = Address.objects.filter(customer__name="Bruno Carvalho").order_by("-is_default")
        assert (home.label, home.is_default, work.label, work.lat) == ("casa", True, "trabalho", -10.1807)
        ana = Consent.objects.filter(customer__name="Ana Lima").order_by("channel")
        assert [(row.channel, row.granted, row.source) for row in ana] == [
            ("email", True, "import"), ("whatsapp", True, "import"),
        ]  # fmt: skip
    with in_store("naturwest"):
        company = Company.objects.get(customer__name="Café Morgenrot")
        assert (company.vat_number, company.payment_terms_days) == ("DE999991097", 14)


def test_what_a_customer_did_since_stands(load: Load) -> None:
    from apps.core.actors import system

    load(demo("warung-nusantara"))
    with in_store("warung-nusantara"):
        ayu = Customer.objects.get(name="Ayu Lestari")
        points.adjust(customer_id=ayu.pk, points=-100, reason="spent", actor=system("test"))
        values = {
            "purpose": "marketing",
            "channel": "whatsapp",
            "granted": False,
            "text_version": "v2",
            "source": "chat",
        }
        details.set_consent(customer_id=ayu.pk, values=values, proof={}, actor=system("test"))
    again = load(demo("warung-nusantara"))
    assert not again.changed
    with in_store("warung-nusantara"):
        assert PointsAccount.objects.get(customer=ayu).balance == 140
        assert Consent.objects.filter(customer=ayu, channel="whatsapp").count() == 2


def test_a_file_without_a_program_ends_the_running_one(load: Load) -> None:
    load(demo("warung-nusantara"))
    assert load({**demo("warung-nusantara"), "loyalty": None}).changed
    with in_store("warung-nusantara"):
        assert LoyaltyProgram.objects.get().is_active is False


def test_a_wrong_digit_is_named(refuse: Refuse) -> None:
    document = demo("naturwest")
    document["customers"][7]["company"]["vat_number"] = "DE999991088"
    assert "customers[7].company.vat_number" in refuse(document)
    document = demo("warung-nusantara")
    document["loyalty"]["earn_per"] = "ten"
    assert "loyalty.earn_per" in refuse(document)
