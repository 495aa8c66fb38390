"""Tables in and out: dry run, errors by row and column, nothing half done, no formulas, Brazilian spreadsheets understood (B18)."""

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from apps.core.scope import scope
from apps.customers.models import Customer, Identity
from apps.stores.models import Outlet, OutletOverride, Product, Role, Staff, StaffOutlet, StockLevel, Store
from apps.stores.sheets import table
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows, version
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db


def send(staff: Shop, kind: str, content: bytes | str, **body: Any) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("table.csv", raw)
    return staff.client.post(f"{staff.base}imports/{kind}/", {"file": file, **body}, format="multipart")


def errors(answer: Any) -> list[tuple[int, str, str]]:
    return [(row["row"], row["column"], row["code"]) for row in answer.json()["row_errors"]]


def tally(answer: Any) -> tuple[int, int, int]:
    body = answer.json()
    return body["created"], body["updated"], body["unchanged"]


def book(*lines: list[Any]) -> bytes:
    made = Workbook()
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def products(store: Store) -> dict[str, Product]:
    return {row.sku: row for row in rows(Product, store)}


# -- in ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_brazilian_spreadsheet_is_understood(owner: Shop, store: Store, encoding: str) -> None:
    text = 'Código;Nome;Categoria;Preço;Descrição\r\nPAO;Pão de açúcar;food;"R$ 1.234,56";"Fofo; macio"\r\nCAFE;Café;Food;7,5;\r\n'
    answer = send(owner, "products", text.encode(encoding))
    assert answer.status_code == 200, answer.content
    assert tally(answer) == (2, 0, 0)
    bread = products(store)["PAO"]
    assert (bread.name, bread.price, bread.description) == ("Pão de açúcar", Decimal("1234.56"), "Fofo; macio")
    assert products(store)["CAFE"].price == Decimal("7.50")
    assert tally(send(owner, "products", text.encode(encoding))) == (0, 0, 2)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_and_one_that_is_named_is_believed(owner: Shop, store: Store, separator: str) -> None:
    lines = [["sku", "name", "category", "price"], ["A", "A, B", "food", "10.50"]]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    assert tally(send(owner, "products", out.getvalue())) == (1, 0, 0)
    assert tally(send(owner, "products", f"sep={separator}\r\n{out.getvalue()}")) == (0, 0, 1)
    assert products(store)["A"].name == "A, B"


def test_a_workbook_is_read_with_its_numbers(owner: Shop, store: Store) -> None:
    made = book(
        ["SKU", "Nome", "Categoria", "Preço", "Status"],
        [1001, "Suco", "Food", 8.9, "ativo"],
        [None] * 5,
        ["B", "Bolo", "food", "12,00", "Pausado"],
    )
    assert tally(send(owner, "products", made)) == (2, 0, 0)
    found = products(store)
    assert (found["1001"].price, found["B"].price, found["B"].status) == (Decimal("8.90"), Decimal(12), "paused")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(owner: Shop, store: Store) -> None:
    factories.make_product(store, "old", price="5.00")
    before = (last_seq(store), version(store), len(rows(Product, store)))
    answer = send(owner, "products", "sku,name,category,price\nOLD,,,6.00\nNEW,New,food,1.00\n", dry_run="true")
    assert (answer.status_code, answer.json()["dry_run"], tally(answer)) == (200, True, (1, 1, 0))
    assert (last_seq(store), version(store), len(rows(Product, store))) == before
    done = send(owner, "products", "sku,name,category,price\nOLD,,,6.00\nNEW,New,food,1.00\n")
    assert tally(done) == (1, 1, 0)
    assert products(store)["OLD"].price == 6
    assert version(store) == before[1] + 1
    assert fact_names(store, before[0]).count("data.imported") == 1


BAD = """sku;name;category;price;status
;Sem código;food;1,00;
A;;food;1,00;
B;B;nowhere;1,00;
C;C;food;abc;
D;D;food;1.234;
E;E;food;-1,00;
F;F;food;1,001;
G;G;food;1,00;dormindo
H;H;food;1,00;
h;H again;food;2,00;
I;I;food;99999999999;
"""


def test_every_bad_cell_is_named_and_nothing_is_written(owner: Shop, store: Store) -> None:
    before = last_seq(store)
    answer = send(owner, "products", BAD)
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_invalid")
    assert errors(answer) == [
        (2, "sku", "required"), (3, "name", "required"), (4, "category", "unknown_category"), (5, "price", "invalid_number"),
        (6, "price", "ambiguous_number"), (7, "price", "out_of_range"), (8, "price", "ambiguous_number"), (9, "status", "invalid_choice"),
        (11, "sku", "duplicate"), (12, "price", "out_of_range"),
    ]  # fmt: skip
    assert all(row["message"] for row in answer.json()["row_errors"])
    assert (rows(Product, store), last_seq(store)) == ([], before)
    dry = send(owner, "products", BAD, dry_run="true")
    assert (dry.status_code, dry.json()["error_count"]) == (200, 10)


def test_without_the_undoing_half_of_it_would_be_there(
    owner: Shop, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the unit ends as if nothing had been wrong."""
    monkeypatch.setattr(table.Errors, "add", lambda *_call: None)
    send(owner, "products", BAD)
    assert len(rows(Product, store)) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"\n\n", 400, "no_heading"),
        (b"name,price\nA,1\n", 400, "missing_column"),
        (b"sku,shoe size\nA,1\n", 400, "unknown_column"),
        (b"sku,codigo\nA,1\n", 400, "duplicate_column"),
        (b"\xd0\xcf\x11\xe0 old", 400, "invalid_file"),
        (b"PK\x03\x04 not a zip", 400, "invalid_file"),
        (b"sku\x00name\n", 400, "invalid_file"),
        (b"\xff\xfe\x00\xd8\x00\xd8", 400, "invalid_file"),
        (b"sku\n" + b"x\n" * (table.MOST_ROWS + 1), 413, "too_many_rows"),
        (b"sku" + b"," * 70 + b"\n", 400, "invalid_file"),
        (b"a" * (4 * 1024 * 1024 + 1), 413, "file_too_large"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_by_name(
    owner: Shop, store: Store, content: bytes, status: int, code: str
) -> None:
    before = last_seq(store)
    answer = send(owner, "products", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content[:300]
    assert last_seq(store) == before


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(owner: Shop) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (41 * 1024 * 1024))
    answer = send(owner, "products", out.getvalue())
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_an_unknown_kind_of_table_is_not_there(owner: Shop) -> None:
    answer = send(owner, "secrets", "sku\nA\n")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_kind")
    assert owner.get("exports/secrets/").status_code == 404


def test_prices_of_products_variants_and_outlets_are_set(owner: Shop, store: Store) -> None:
    plain = factories.make_product(store, "plain", price="5.00")
    form = factories.make_variant(factories.make_product(store, "shirt"), "m", "30.00")
    answer = send(
        owner,
        "prices",
        f"sku;preço;unidade\nPLAIN;6,00;\nplain;7,00;main\n{form.sku};31,00;\nSHIRT;1,00;\nnone;1,00;\n",
    )
    assert errors(answer) == [(5, "price", "no_own_price"), (6, "sku", "unknown_sku")]
    assert tally(send(owner, "prices", f"sku;preço;unidade\nPLAIN;6,00;\nplain;7,00;main\n{form.sku};31,00;\n")) == (
        1,
        2,
        0,
    )
    assert products(store)["PLAIN"].price == 6
    assert [(row.price, row.product_id) for row in rows(OutletOverride, store)] == [(Decimal(7), plain.pk)]


def test_stock_is_counted_and_what_orders_hold_is_not_taken(owner: Shop, store: Store) -> None:
    factories.make_product(store, "a", stock=5)
    factories.make_product(store, "b")
    assert tally(send(owner, "stock", "sku;estoque;mínimo;unidade\nA;9;2;\nB;3;;main\n")) == (1, 1, 0)
    with scope(store.pk):
        assert set(StockLevel.objects.values_list("outlet__slug", "on_hand")) == {(None, 9), ("main", 3)}
        StockLevel.objects.filter(outlet=None).update(reserved=4)
    refused = send(owner, "stock", "sku;estoque\nA;3\nB;x\nB;1,5\n")
    assert errors(refused) == [(2, "", "insufficient_stock"), (3, "on_hand", "invalid_number"), (4, "sku", "duplicate")]
    assert sorted(row.on_hand for row in rows(StockLevel, store)) == [3, 9]


def test_customers_come_in_once_whatever_the_spelling_of_their_phone(owner: Shop, store: Store) -> None:
    text = "nome;telefone;e-mail\nAna;(63) 99999-0001;ana@example.com\nBia;63 9999-0002;\n"
    assert tally(send(owner, "customers", text)) == (2, 0, 0)
    assert tally(send(owner, "customers", "nome;telefone\nAna;+55 63 9999-0001\n")) == (0, 0, 1)
    assert len(rows(Customer, store)) == 2
    refused = send(owner, "customers", "nome;telefone;e-mail\nX;123;\nY;;nothing\nZ;;\n")
    assert errors(refused) == [(2, "phone", "invalid_phone"), (3, "email", "invalid_email"), (4, "phone", "required")]
    assert len(rows(Identity, store)) == 3


def test_staff_of_one_outlet_count_that_one_alone(store: Store, client_for: ClientFor) -> None:
    factories.make_product(store, "a", stock=5)
    manager = factories.make_staff(store, Role.MANAGER)
    with scope(store.pk):
        north = Outlet.objects.create(store_id=store.pk, slug="north", name="North")
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=manager), outlet=north)
    answer = send(Shop(client_for(manager), store.slug), "stock", "sku,on_hand,outlet\nA,1,\nA,2,main\nA,3,north\n")
    assert errors(answer) == [(2, "outlet", "outlet_forbidden"), (3, "outlet", "outlet_forbidden")]
    assert [row.on_hand for row in rows(StockLevel, store)] == [5]


# -- out ---------------------------------------------------------------------------------------------------------------

NASTY = ["=1+1", "+55", "-2", "@SUM(A1)", "\t=1", "＝1"]


def exported(staff: Shop, kind: str, **query: str) -> list[list[str]]:
    answer = staff.get(f"exports/{kind}/", **query)
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=query.get("sep", ";")))


def test_a_cell_that_begins_like_a_formula_is_marked_as_text(owner: Shop, store: Store) -> None:
    for number, name in enumerate(NASTY):
        factories.make_product(store, f"p{number}", name=name)
    column = [row[1] for row in exported(owner, "products")[1:]]
    assert column == [f"'{name}" for name in NASTY]
    sheet = load_workbook(io.BytesIO(owner.get("exports/products/", fmt="xlsx").content)).active
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].value == "=1+1"


@pytest.mark.parametrize("query", [{"sep": ";"}, {"sep": ","}, {"fmt": "xlsx"}])
@pytest.mark.parametrize("kind", ["products", "prices", "stock", "customers"])
def test_what_goes_out_comes_in_again_as_it_was(
    owner: Shop, store: Store, shop: Shop, kind: str, query: dict[str, str]
) -> None:
    product = factories.make_product(store, "a", price="1234.50", name="=Pão, de; mel", stock=3)
    factories.make_variant(factories.make_product(store, "shirt"), "m", "30.00", stock=2)
    shop.add(product)
    shop.checkout()
    answer = owner.get(f"exports/{kind}/", **query)
    back = send(owner, kind, answer.content)
    assert back.status_code == 200, back.content
    created, updated, unchanged = tally(back)
    assert (created, updated) == (0, 0)
    assert unchanged > 0
    assert fact_names(store).count("data.exported") == 1


def test_numbers_follow_the_separator(owner: Shop, store: Store) -> None:
    factories.make_product(store, "a", price="10.50")
    assert exported(owner, "products", sep=";")[1][3] == "10,50"
    assert exported(owner, "products", sep=",")[1][3] == "10.50"


def test_who_may_not_take_tables_along_is_refused(
    attendant: Shop, nobody: Shop, stranger: Shop, store: Store, client_for: ClientFor
) -> None:
    cashier = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    factories.make_product(store, "a")
    before = last_seq(store)
    read = [who.get("exports/customers/").status_code for who in (cashier, attendant, nobody, stranger)]
    sent = [send(who, "prices", "sku,price\nA,1\n").status_code for who in (cashier, attendant, nobody, stranger)]
    assert read == sent == [403, 403, 401, 404]
    assert last_seq(store) == before


def test_a_table_of_another_store_stays_there(owner: Shop, store: Store, other_store: Store) -> None:
    factories.make_product(other_store, "theirs")
    assert exported(owner, "products")[1:] == []
    assert errors(send(owner, "prices", "sku,price\nTHEIRS,1\n"))[0][2] == "unknown_sku"
    assert products(other_store)["THEIRS"].price == 20
