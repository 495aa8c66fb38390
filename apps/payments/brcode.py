"""The PIX BR Code: the text behind the QR, as EMV TLV with a CRC (providers.md §5). Static codes only.

A static code needs no provider account: it names the store's own key, the amount and a reference. It gives no
confirmation either – somebody has to look at the bank statement, so such a payment is confirmed by staff.
"""

import base64
import io
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import segno

GUI = "br.gov.bcb.pix"
MAX_TEMPLATE = 99
# About 1 kB each.
QR_KEPT = 1024


def crc16(text: str) -> str:
    """CRC16-CCITT-FALSE of an ASCII text that ends with `6304`, as four upper-case hex digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _bit in range(8):
            crc = ((crc << 1) ^ 0x1021) & 0xFFFF if crc & 0x8000 else (crc << 1) & 0xFFFF
    return f"{crc:04X}"


def _tlv(tag: str, value: str) -> str:
    if not 1 <= len(value) <= MAX_TEMPLATE:
        raise ValueError(f"field {tag} has {len(value)} characters")
    return f"{tag}{len(value):02d}{value}"


def plain(text: str, limit: int) -> str:
    """Upper-case printable ASCII without accents, cut to `limit` – what banks accept in names."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Z0-9 .\-]", "", folded.upper())
    return re.sub(r" +", " ", kept).strip()[:limit].strip()


def static_code(*, key: str, name: str, city: str, amount: Decimal | None, txid: str = "***") -> str:
    """The copy-and-paste text. `txid`: up to 25 letters and digits, or `***`. Raises `ValueError` on bad parts."""
    if txid != "***" and not re.fullmatch(r"[A-Za-z0-9]{1,25}", txid):
        raise ValueError("a static txid has 1 to 25 letters and digits")
    parts = [
        _tlv("00", "01"),
        _tlv("26", _tlv("00", GUI) + _tlv("01", key)),
        _tlv("52", "0000"),
        _tlv("53", "986"),
    ]
    if amount is not None:
        parts.append(_tlv("54", f"{amount:.2f}"))
    parts += [
        _tlv("58", "BR"),
        _tlv("59", plain(name, 25) or "LOJA"),
        _tlv("60", plain(city, 15) or "BRASIL"),
        _tlv("62", _tlv("05", txid)),
    ]
    body = "".join(parts) + "6304"
    return body + crc16(body)


def parse(code: str) -> dict[str, str]:
    """Top-level fields of a code. Raises `ValueError` on a truncated field, a repeated tag or a wrong CRC."""
    if code[-8:-4] != "6304" or crc16(code[:-4]) != code[-4:].upper():
        raise ValueError("wrong checksum")
    fields, index = {}, 0
    while index < len(code):
        tag, length = code[index : index + 2], int(code[index + 2 : index + 4])
        value = code[index + 4 : index + 4 + length]
        if len(value) != length or tag in fields:
            raise ValueError("bad field")
        fields[tag] = value
        index += 4 + length
    return fields


@lru_cache(maxsize=QR_KEPT)
def qr_png_base64(code: str) -> str:
    """The QR image of a code as base64 PNG, without a `data:` prefix. Drawing takes 50 ms: a page that polls pays it once."""
    buffer = io.BytesIO()
    segno.make(code, error="m", micro=False).save(buffer, kind="png", scale=6, border=3)
    return base64.b64encode(buffer.getvalue()).decode()
