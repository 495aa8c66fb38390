"""Phone numbers as E.164, the only form in which one is stored or compared.

People write a number as their country does, and Brazilian address books still lack the ninth digit that mobiles
gained: both spellings of a mobile are one number, so the short one is completed.
"""

import re

import phonenumbers

MOBILE_WITHOUT_NINTH = re.compile(r"\+55([1-9]{2})([6-9]\d{7})")
MAX_WRITTEN = 40


def to_e164(text: str, country: str = "BR") -> str:
    """`text` as `+<digits>`, read as somebody in `country` would write it; empty when it can be no phone number."""
    digits = re.sub(r"[^\d+]", "", text[:MAX_WRITTEN])
    for written, region in ((digits, country), (f"+{digits.lstrip('+')}", None)):
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
            plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            short = MOBILE_WITHOUT_NINTH.fullmatch(plain)
            return f"+55{short[1]}9{short[2]}" if short else str(plain)
    return ""


def national_digits(e164: str) -> str:
    """The digits a person at home would dial, without the country code. Empty stays empty."""
    try:
        return str(phonenumbers.national_significant_number(phonenumbers.parse(e164)))
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", e164)
