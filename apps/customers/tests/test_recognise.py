"""Recognising a customer: per store, by phone before e-mail, and one of them even when two first orders race (scenario 4)."""

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from apps.core.actors import Actor, ActorKind
from apps.core.scope import scope
from apps.customers import services
from apps.customers.models import Customer, Identity
from apps.events.models import Event
from apps.stores.models import Store

pytestmark = pytest.mark.django_db

GUEST = Actor(kind=ActorKind.CUSTOMER, id="guest")
ANA, BEA = "+5563999998888", "+5563988887777"


def recognise(store: Store, **who: str) -> Customer:
    with scope(store.pk):
        return services.recognise(**{"name": "Ana", **who}, actor=GUEST)


def identities(store: Store) -> set[tuple[str, str, UUID]]:
    with scope(store.pk):
        return set(Identity.objects.values_list("kind", "value", "customer_id"))


def test_a_new_phone_is_a_new_customer_and_a_fact(store: Store) -> None:
    ana = recognise(store, phone=ANA, email="Ana@Example.com")
    assert identities(store) == {("phone", ANA, ana.pk), ("email", "ana@example.com", ana.pk)}
    assert Event.objects.filter(store=store, name="customer.created", subject_id=str(ana.pk)).count() == 1


def test_a_known_phone_is_the_same_customer_and_no_fact(store: Store) -> None:
    first, again = recognise(store, phone=ANA), recognise(store, name="Someone", phone=ANA, email="new@example.com")
    assert again.pk == first.pk
    assert again.name == "Ana"
    assert ("email", "new@example.com", first.pk) in identities(store)
    assert Event.objects.filter(store=store, name="customer.created").count() == 1


def test_a_phone_outranks_an_email_that_is_somebody_else_s(store: Store) -> None:
    ana = recognise(store, phone=ANA, email="ana@example.com")
    bea = recognise(store, name="Bea", phone=BEA, email="ana@example.com")
    assert bea.pk != ana.pk
    assert identities(store) == {("phone", ANA, ana.pk), ("phone", BEA, bea.pk), ("email", "ana@example.com", ana.pk)}


def test_an_email_alone_finds_its_customer(store: Store) -> None:
    ana = recognise(store, phone=ANA, email="ana@example.com")
    assert recognise(store, email="ANA@example.com").pk == ana.pk


def test_the_same_person_at_two_stores_is_two_customers(store: Store, other_store: Store) -> None:
    here, there = (recognise(shop, phone=ANA, email="ana@example.com") for shop in (store, other_store))
    assert here.pk != there.pk
    assert (here.store_id, there.store_id) == (store.pk, other_store.pk)
    assert identities(store).isdisjoint(identities(other_store))


def test_nobody_is_recognised_by_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="nothing to recognise"):
        recognise(store)
    with scope(store.pk):
        assert not Customer.objects.exists()


def test_a_long_name_is_cut_and_an_empty_one_is_fine(store: Store) -> None:
    assert len(recognise(store, name="x" * 500, phone=ANA).name) == 120
    assert recognise(store, name="", phone=BEA).name == ""


@pytest.mark.django_db(transaction=True)
def test_two_first_orders_of_one_person_at_once_make_one_customer(store: Store) -> None:
    barrier, found = threading.Barrier(4), []

    def order() -> None:
        barrier.wait()
        found.append(recognise(store, phone=ANA, email="ana@example.com").pk)
        connection.close()

    threads = [threading.Thread(target=order) for _order in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with scope(store.pk):
        assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_order_that_fails_leaves_no_acquaintance_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        recognise(store, phone=ANA)
        raise ZeroDivisionError
    assert identities(store) == set()
    assert recognise(store, phone=ANA).name == "Ana"
