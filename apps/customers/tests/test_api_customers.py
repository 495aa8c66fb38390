"""Customers for staff: write, find, block, company, addresses, notes, consent – and that none of it is another store's."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.customers.models import Company, Customer, Identity, Note
from apps.events.models import Event
from apps.stores.models import Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db
ANA = {"name": "Ana Lima", "phone": "(63) 99999-8888", "email": "Ana@Example.com", "tags": ["vip", "vip", "almoço"]}


def make(owner: Shop, **values: Any) -> dict[str, Any]:
    answer = owner.post("customers/", {**ANA, **values})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_a_customer_is_written_and_read_in_the_words_of_both_clients(owner: Shop, store: Store) -> None:
    body = make(owner, cpf="529.982.247-25", notes="likes the window table", address_list=[{"street": "Rua 1"}])
    assert (body["phone"], body["email"]) == ("+5563999998888", "ana@example.com")
    assert (body["user_name"], body["user_email"], body["cpf"]) == ("Ana Lima", "ana@example.com", "•••4725")
    assert body["tags"] == ["vip", "almoço"]
    assert body["address_list"][0]["is_default"] is True
    assert (body["notes"], body["perfil"], body["dias_sem_comprar"]) == ("likes the window table", "novo", None)
    with scope(store.pk):
        assert not Identity.objects.filter(value__contains="52998224725").exists()
    assert owner.get(f"customers/{body['id']}/").json()["name"] == "Ana Lima"
    assert Event.objects.filter(store=store, name="customer.created").count() == 1


def test_the_phone_of_another_customer_is_a_conflict_that_says_whose(owner: Shop, store: Store) -> None:
    ana = make(owner)
    answer = owner.post("customers/", {"name": "Bea", "phone": "5563 9999-8888"})
    assert (answer.status_code, answer.json()["code"]) == (409, "identity_taken")
    assert answer.json()["customer_id"] == ana["id"]
    with scope(store.pk):
        assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    "values", [{"phone": "12"}, {"email": "no mail"}, {"cpf": "111.111.111-11"}, {"tags": ["x" * 41]}]
)
def test_what_cannot_be_one_is_refused_and_nothing_is_kept(owner: Shop, store: Store, values: dict[str, Any]) -> None:
    answer = owner.post("customers/", {"name": "Ana", **values})
    assert answer.status_code == 400
    assert any(name in next(iter(answer.json()["errors"])) for name in values)
    with scope(store.pk):
        assert not Customer.objects.exists()


def test_a_change_replaces_the_phone_and_an_empty_one_removes_it(owner: Shop, store: Store) -> None:
    ana = make(owner)
    changed = owner.patch(f"customers/{ana['id']}/", {"phone": "63988887777", "name": "Ana L."}).json()
    assert (changed["phone"], changed["name"]) == ("+5563988887777", "Ana L.")
    assert names(owner.get("customers/", search="999998888")) == []
    assert names(owner.get("customers/", search="98888-7777")) == ["Ana L."]
    assert owner.patch(f"customers/{ana['id']}/", {"phone": ""}).json()["phone"] == ""


def test_the_list_is_searched_without_accents_and_in_either_spelling_of_a_number(owner: Shop) -> None:
    make(owner, name="Ávila Conceição")
    make(owner, name="Bea", phone="63988887777", email="")
    for text in ("avila", "CONCEICAO avila", "6399998888", "+55 63 9 9999-8888", "ana@exam", "9999"):
        assert names(owner.get("customers/", search=text)) == ["Ávila Conceição"], text
    assert names(owner.get("customers/", search="nobody")) == []
    assert len(names(owner.get("customers/", search="", page_size=1))) == 1


def test_the_list_filters_and_orders(owner: Shop, store: Store) -> None:
    ana, bea = make(owner), make(owner, name="Bea", phone="63988887777", email="", tags=[])
    with scope(store.pk):
        factories.make_order(store, customer_id=bea["id"])
        factories.make_order(store, customer_id=bea["id"], status="cancelled")
    owner.post(f"customers/{ana['id']}/block/", {"reason": "pranks"})
    owner.client.put(f"{owner.base}customers/{bea['id']}/company/", {"name": "Bea ME"}, format="json")
    assert names(owner.get("customers/", tag="vip")) == ["Ana Lima"]
    assert names(owner.get("customers/", blocked="true")) == ["Ana Lima"]
    assert names(owner.get("customers/", blocked="false")) == ["Bea"]
    assert names(owner.get("customers/", company="true")) == ["Bea"]
    assert names(owner.get("customers/", has_orders="false")) == ["Ana Lima"]
    assert names(owner.get("customers/", ordering="-total_spent")) == ["Bea", "Ana Lima"]
    assert names(owner.get("customers/", ordering="name")) == ["Ana Lima", "Bea"]
    row = owner.get(f"customers/{bea['id']}/").json()
    assert (row["total_orders"], row["total_spent"], row["pedidos_reais"]) == (1, 20, 1)
    stats = owner.get("customers/stats/").json()
    assert (stats["total"], stats["active"], stats["with_orders"], stats["total_revenue"]) == (2, 1, 1, 20)
    assert stats["segmentos"]["sem_compra"] == 1


def test_the_number_of_queries_does_not_grow_with_the_list(owner: Shop, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make(owner, name=f"N{number}", phone=f"6399999{number:04d}", email="", address_list=[{"street": "A"}])
    with django_assert_max_num_queries(14):
        assert len(names(owner.get("customers/"))) == 12


def test_somebody_is_found_while_typing_and_by_phone(owner: Shop) -> None:
    ana = make(owner)
    found = owner.get("crm/customers/search/", q="lima", limit=8).json()
    assert [row["id"] for row in found] == [ana["id"]]
    assert found[0]["phone_number"] == "+5563999998888"
    assert owner.get("customers/search/", q="").json() == []
    assert owner.get("customers/by_phone/", phone="6399998888").json()["id"] == ana["id"]
    assert owner.get("customers/by_phone/", phone="63911112222").status_code == 404


def test_the_dashboard_names_the_store_in_the_query(owner: Shop, store: Store) -> None:
    ana = make(owner)
    base = "/api/v1/stores/customers/"
    assert owner.client.get(base, {"store": store.slug}).json()["count"] == 1
    assert owner.client.get(base, {"store": str(store.pk), "search": "lima"}).json()["count"] == 1
    assert owner.client.get(base, {"search": "lima", "page_size": "8"}).json()["count"] == 1
    assert owner.client.get(f"{base}stats/", {"store": store.slug}).json()["total"] == 1
    made = owner.client.post(
        f"{base}?store={store.slug}",
        {"name": "Bea", "phone": "63988887777", "whatsapp": "", "notes": ""},
        format="json",
    )
    assert made.status_code == 201
    changed = owner.client.patch(f"{base}{ana['id']}/", {"name": "Ana L."}, format="json")
    assert (changed.status_code, changed.json()["name"]) == (200, "Ana L.")
    assert owner.client.get(f"{base}{ana['id']}/orders/").status_code == 200


def test_addresses_have_one_default(owner: Shop, store: Store) -> None:
    ana = make(owner)
    path = f"customers/{ana['id']}/addresses/"
    first, second = (owner.post(path, {"label": label, "street": "Rua 1"}).json() for label in ("home", "work"))
    assert (first["is_default"], second["is_default"]) == (True, False)
    assert owner.patch(f"{path}{second['id']}/", {"is_default": True}).json()["is_default"] is True
    assert [row["label"] for row in owner.get(path).json()["results"]] == ["work", "home"]
    assert owner.delete(f"{path}{second['id']}/").status_code == 204
    assert owner.get(path).json()["results"][0]["is_default"] is True
    assert owner.patch(f"{path}{second['id']}/", {"label": "x"}).json()["code"] == "address_not_found"


def test_a_whole_list_of_addresses_replaces_the_old_one(owner: Shop, store: Store) -> None:
    ana = make(owner, address_list=[{"label": "home", "street": "A"}, {"label": "work", "street": "B"}])
    work = next(row for row in ana["address_list"] if row["label"] == "work")
    body = {"address_list": [{**work, "street": "C"}, {"label": "mum", "street": "D"}]}
    changed = owner.patch(f"customers/{ana['id']}/", body).json()
    assert sorted((row["label"], row["street"]) for row in changed["address_list"]) == [("mum", "D"), ("work", "C")]
    assert next(row for row in changed["address_list"] if row["label"] == "work")["id"] == work["id"]


def test_notes_say_who_wrote_them(owner: Shop, store: Store) -> None:
    ana = make(owner)
    note = owner.post(f"customers/{ana['id']}/notes/", {"text": "allergic to nuts"}).json()
    assert note["author"] == "Alice"
    assert owner.get(f"customers/{ana['id']}/notes/").json()["results"][0]["text"] == "allergic to nuts"
    assert owner.delete(f"customers/{ana['id']}/notes/{note['id']}/").status_code == 204
    with scope(store.pk):
        assert not Note.objects.exists()


@pytest.mark.parametrize("number", ["12.ABC.345/01DE-35", "11.222.333/0001-81"])
def test_a_company_may_have_a_cnpj_of_either_form(owner: Shop, number: str) -> None:
    ana = make(owner)
    path = f"{owner.base}customers/{ana['id']}/company/"
    body = owner.client.put(path, {"name": "Lima ME", "cnpj": number, "payment_terms_days": 14}, format="json").json()
    assert body["cnpj"] == "".join(filter(str.isalnum, number))
    assert owner.get(f"customers/{ana['id']}/").json()["company"]["payment_terms_days"] == 14
    assert owner.client.delete(path).status_code == 204
    assert owner.get(f"customers/{ana['id']}/").json()["company"] is None


@pytest.mark.parametrize(
    "values",
    [
        {"cnpj": "12.ABC.345/01DE-36"}, {"cnpj": "11.222.333/0001-82"}, {"cnpj": "00000000000000"}, {"cnpj": "11222333"},
        {"vat_number": "DE999991088"}, {"vat_number": "DE12"}, {"vat_number": "QQ123456789"},
    ],
)  # fmt: skip
def test_a_wrong_digit_in_a_company_number_is_seen(owner: Shop, store: Store, values: dict[str, str]) -> None:
    ana = make(owner)
    answer = owner.client.put(f"{owner.base}customers/{ana['id']}/company/", {"name": "X", **values}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(values))
    with scope(store.pk):
        assert not Company.objects.exists()


def test_a_vat_number_is_kept_plain(owner: Shop) -> None:
    ana = make(owner)
    path = f"{owner.base}customers/{ana['id']}/company/"
    answer = owner.client.put(path, {"name": "Hof", "vat_number": "de 999 991 089"}, format="json")
    assert answer.json()["vat_number"] == "DE999991089"
