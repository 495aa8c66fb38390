"""The PIX BR Code against the official vector, our own sample, and anything hypothesis can think of."""

import base64
import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.payments.brcode import crc16, parse, plain, qr_png_base64, static_code

EVP = "123e4567-e12b-12d1-a456-426655440000"
SAMPLE = (
    "00020126380014br.gov.bcb.pix0116loja@example.com520400005303986540510.505802BR5910LOJA TESTE6007GOIANIA"
    "62110507PED00016304E68C"
)


def fields_of(code: str, tag: str) -> dict[str, str]:
    """The inner fields of a template."""
    inner, found, index = parse(code)[tag], {}, 0
    while index < len(inner):
        length = int(inner[index + 2 : index + 4])
        found[inner[index : index + 2]] = inner[index + 4 : index + 4 + length]
        index += 4 + length
    return found


def test_the_official_example_has_the_official_checksum() -> None:
    official = (
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
        "5913Fulano de Tal6008BRASILIA62070503***6304"
    )
    assert crc16(official) == "1D3D"
    assert parse(official + "1D3D")["59"] == "Fulano de Tal"
    assert parse(official + "1d3d")["63"] == "1d3d"


def test_our_own_sample_comes_out_to_the_letter() -> None:
    made = static_code(
        key="loja@example.com", name="Loja Teste", city="Goiânia", amount=Decimal("10.50"), txid="PED0001"
    )
    assert made == SAMPLE


def test_names_lose_their_accents_and_what_a_bank_cannot_print() -> None:
    code = static_code(key=EVP, name="Padaria São João & Cia – Açaí™", city="São José do Rio Preto", amount=None)
    assert parse(code)["59"] == "PADARIA SAO JOAO CIA ACAI"
    assert parse(code)["60"] == "SAO JOSE DO RIO"
    assert code.isascii()


def test_names_are_cut_at_25_and_cities_at_15() -> None:
    code = static_code(key=EVP, name="x" * 60, city="y" * 60, amount=None)
    assert (parse(code)["59"], parse(code)["60"]) == ("X" * 25, "Y" * 15)


@pytest.mark.parametrize("name", ["", "   ", "小笼包", "🍕"])
def test_a_name_of_which_nothing_is_left_gets_a_stand_in(name: str) -> None:
    code = static_code(key=EVP, name=name, city=name, amount=None)
    assert (parse(code)["59"], parse(code)["60"]) == ("LOJA", "BRASIL")


@pytest.mark.parametrize(
    ("amount", "text"), [("0.01", "0.01"), ("1", "1.00"), ("1234.5", "1234.50"), ("99999999.99", "99999999.99")]
)
def test_amounts_have_a_dot_and_two_places(amount: str, text: str) -> None:
    assert parse(static_code(key=EVP, name="A", city="B", amount=Decimal(amount)))["54"] == text


def test_a_code_without_an_amount_has_no_amount_field() -> None:
    assert "54" not in parse(static_code(key=EVP, name="A", city="B", amount=None))


@pytest.mark.parametrize("txid", ["", "a" * 26, "PED-1", "PED 1", "ção", "**", "PED1\n"])
def test_it_refuses_a_bad_txid(txid: str) -> None:
    with pytest.raises(ValueError, match="txid"):
        static_code(key=EVP, name="A", city="B", amount=None, txid=txid)


def test_it_refuses_a_key_that_does_not_fit() -> None:
    assert len(parse(static_code(key="a" * 77, name="A", city="B", amount=None))["26"]) == 99
    with pytest.raises(ValueError, match="field 26"):
        static_code(key="a" * 78, name="A", city="B", amount=None)
    with pytest.raises(ValueError, match="field 01"):
        static_code(key="", name="A", city="B", amount=None)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "6304",
        SAMPLE[:-1],
        SAMPLE[:-4] + "0000",
        SAMPLE.replace("10.50", "10.51"),
        SAMPLE + " ",
        SAMPLE.lower(),
        "é" + SAMPLE[1:],
    ],
)
def test_it_refuses_what_was_changed_on_the_way(broken: str) -> None:
    with pytest.raises(ValueError):
        parse(broken)


@pytest.mark.parametrize("body", ["0099" + "6304", "000201" + "000201" + "6304", "00xx01" + "6304", "00-101" + "6304"])
def test_it_refuses_a_bad_field_even_with_a_right_checksum(body: str) -> None:
    with pytest.raises(ValueError):
        parse(body + crc16(body))


def test_the_picture_is_a_png() -> None:
    assert base64.b64decode(qr_png_base64(SAMPLE)).startswith(b"\x89PNG")


TXIDS = st.one_of(st.just("***"), st.text(string.ascii_letters + string.digits, min_size=1, max_size=25))
KEYS = st.text(string.ascii_lowercase + string.digits + "@+.-_", min_size=1, max_size=77)
AMOUNTS = st.none() | st.decimals(min_value="0.01", max_value="9999999.99", places=2)


@given(key=KEYS, name=st.text(max_size=80), city=st.text(max_size=80), amount=AMOUNTS, txid=TXIDS)
def test_whatever_goes_in_comes_out_again(key: str, name: str, city: str, amount: Decimal | None, txid: str) -> None:
    code = static_code(key=key, name=name, city=city, amount=amount, txid=txid)
    fields = parse(code)
    assert fields_of(code, "26") == {"00": "br.gov.bcb.pix", "01": key}
    assert fields_of(code, "62") == {"05": txid}
    assert fields.get("54") == (None if amount is None else f"{amount:.2f}")
    assert fields["59"] == (plain(name, 25) or "LOJA")
    assert list(fields) == sorted(fields)
    assert code.isascii()
    assert len(fields["60"]) <= 15


@given(text=st.text())
def test_parse_never_fails_in_another_way(text: str) -> None:
    try:
        parse(text)
    except ValueError:
        return
    assert crc16(text[:-4]) == text[-4:].upper()
