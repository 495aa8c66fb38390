"""Whatever is done to a file, the answer is a list of row errors or a store: never a traceback, never half of a store."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.actors import system
from apps.stores.importing.errors import ImportRefused, RowError
from apps.stores.importing.reading import read_bytes
from apps.stores.importing.service import import_store
from apps.stores.tests.importing.conftest import counts
from apps.stores.tests.importing.documents import SLUGS, Document, corner, demo

pytestmark = pytest.mark.django_db

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 40_000, 2**31, 2**53, -(2**60), 10**400, 1.5, -0.0, float("nan"), float("inf"), 1e308,
    "", " ", "x", "0", "-1", "12,50", "1e9", "NaN", "٣", "1_0", "9999999999.99", "\x00", "\ud800", "é" * 5000, "2026-13-01",
    "25:00", "9999-12-31T23:59", "🍕", "salgados", "coxinha", [], {}, [[]], [{}], [None], {"": {}}, {"slug": []}, [["00:00", "00:00"]],
    {"price": {}}, [1, 2], [2, 1], {"mon": 5}, "on_delivery", "pizza", "variants", "flavour", "neighbourhood", "polygon", "distance",
)  # fmt: skip
RUNS = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a document."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(item, (*path, key))


def change(document: Document, chance: random.Random, times: int) -> Document:
    """Replace, remove, double or swap a few values."""
    for _time in range(times):
        path = chance.choice(list(places(document)))
        parent: Any = document
        for key in path[:-1]:
            parent = parent[key]
        what = chance.choice(("replace", "replace", "replace", "remove", "double", "swap"))
        if what == "remove":
            del parent[path[-1]]
        elif what == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        elif what == "swap" and isinstance(parent, dict):
            parent[chance.choice(list(parent))] = parent[path[-1]]
        else:
            parent[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return document


def attempt(document: Any) -> None:
    """Import; a refusal names its problems and leaves nothing behind."""
    before = counts()
    problems = problems_of(document)
    if problems is not None:
        assert problems
        assert all(row.message for row in problems)
        assert counts() == before


def problems_of(document: Any) -> list[RowError] | None:
    """What a refusal said; None when the document was imported."""
    try:
        import_store(document=document, actor=system("import"))
    except ImportRefused as refused:
        return refused.rows
    return None


@RUNS
@given(seed=st.integers(0, 2**32), slug=st.sampled_from(SLUGS), times=st.integers(1, 4))
def test_a_changed_demo_file_is_imported_or_refused(seed: int, slug: str, times: int) -> None:
    attempt(change(demo(slug), random.Random(seed), times))


@RUNS
@given(seed=st.integers(0, 2**32), times=st.integers(1, 3))
def test_a_changed_small_file_is_imported_or_refused(seed: int, times: int) -> None:
    attempt(change(corner(**RICH), random.Random(seed), times))


@pytest.mark.parametrize(
    "section",
    ["store", "outlets", "staff", "products", "categories", "combos", "delivery", "pizza", "customers", "shipping"],
)
@pytest.mark.parametrize("odd", [None, 5, "x", [5], ["x"], {"a": 1}, [[]], [{}], True])
def test_a_section_of_the_wrong_kind_is_imported_or_refused(section: str, odd: Any) -> None:
    attempt(corner(**{section: odd}))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"{}", b'{"format": 1}', b'{"format": "comanda-store/2"}',
        b'{"format": "comanda-store/1"}', b'{"format": "comanda-store/1", "a": ' + b"9" * 5000 + b"}",
        b'{"format": "comanda-store/1", "store": {"name": "\\ud800"}}', b'{"format": "comanda-store/1", "a": NaN}',
        b'{"format": "comanda-store/1", "a": ' + b"[" * 100_000 + b"}", b'{"format": "comanda-store/1", "a": ' + b"[" * 60 + b"]" * 60 + b"}",
    ],
)  # fmt: skip
def test_bytes_that_are_no_store_file_are_refused(raw: bytes) -> None:
    with pytest.raises(ImportRefused) as caught:
        import_store(document=read_bytes(raw), actor=system("import"))
    assert caught.value.rows


def test_a_byte_order_mark_is_forgiven() -> None:
    document = read_bytes(b"\xef\xbb\xbf" + json.dumps(corner()).encode())
    assert import_store(document=document, actor=system("import")).changed


RICH: Document = {
    "pizza": {
        "price_rule": "average",
        "sizes": [{"slug": "g", "name": "G", "max_flavours": 2}],
        "crusts": [{"slug": "fina", "name": "Fina", "prices": {"g": "0.00"}}],
        "edges": [],
    },
    "modifier_groups": [
        {
            "slug": "molho",
            "name": "Molho",
            "min": 0,
            "max": 2,
            "options": [{"slug": "alho", "name": "Alho", "price": "1.00"}],
        }
    ],
    "product_types": [
        {
            "slug": "comida",
            "name": "Comida",
            "attributes": [{"slug": "cor", "name": "Cor", "type": "choice", "choices": ["verde"], "required": False}],
        }
    ],
    "delivery": {"pricing": "neighbourhood", "neighbourhoods": [{"slug": "centro", "name": "Centro", "fee": "5.00"}]},
    "shipping": {
        "zones": [{"slug": "br", "name": "BR", "countries": ["BR"], "tiers": [{"max_g": 100, "price": "9.00"}]}]
    },
    "combos": [
        {
            "slug": "dupla",
            "name": "Dupla",
            "category": "salgados",
            "price": "12.00",
            "slots": [
                {"slug": "a", "name": "A", "min": 1, "max": 1, "choices": [{"product": "coxinha", "extra": "0.00"}]}
            ],
        }
    ],
    "outlet_overrides": [{"outlet": "centro", "product": "coxinha", "price": "6.00"}],
}
