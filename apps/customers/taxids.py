"""Numbers a company is known by to its tax office: the CNPJ in both its forms, and VAT numbers. Pure functions.

A CNPJ has twelve characters and two check digits. Since July 2026 the twelve may be letters as well as digits; a
character counts as its ASCII code less 48, which is the digit's own value, so one rule serves both forms.
"""

import re

CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
# What stands after the country's letters.
VAT_FORMS = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "XI": r"(\d{9}|\d{12}|(GD|HA)\d{3})", "GB": r"(\d{9}|\d{12}|(GD|HA)\d{3})", "CHE": r"\d{9}(MWST|TVA|IVA)?", "NO": r"\d{9}(MVA)?",
}  # fmt: skip


def plain(text: str) -> str:
    """Capitals and digits only, as such a number is stored."""
    return re.sub(r"[\s./-]", "", text).upper()


def cnpj(text: str) -> str:
    """A CNPJ as 14 characters, numeric or alphanumeric; empty when it is none or its check digits are wrong."""
    number = plain(text)
    if not CNPJ.fullmatch(number) or len(set(number)) == 1:
        return ""
    first = _check_digit(number[:12])
    second = _check_digit(number[:12] + first)
    return number if number[12:] == first + second else ""


def _check_digit(body: str) -> str:
    weights = WEIGHTS[-len(body) :]
    rest = sum((ord(char) - 48) * weight for char, weight in zip(body, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)


def vat_number(text: str) -> str:
    """A VAT number with its country's letters; empty when it has not that country's form, or its check digit is wrong."""
    number = plain(text)
    prefix = "CHE" if number.startswith("CHE") else number[:2]
    form = VAT_FORMS.get(prefix)
    rest = number[len(prefix) :]
    if form is None or not re.fullmatch(form, rest):
        return ""
    checks = {"DE": _german, "BE": _belgian, "AT": _austrian}
    return number if checks.get(prefix, bool)(rest) else ""


def _german(digits: str) -> bool:
    """ISO 7064, MOD 11,10."""
    product = 10
    for char in digits[:8]:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[8])


def _belgian(digits: str) -> bool:
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _austrian(rest: str) -> bool:
    digits = [int(char) for char in rest[1:]]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1:7:2])
    return (10 - (doubled + sum(digits[0:7:2]) + 4) % 10) % 10 == digits[7]
