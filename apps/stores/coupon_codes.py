"""How a coupon code is written: one form for every way to type it, and what may be a code at all."""

import re
import unicodedata

from apps.stores.models.promotion import CODE_LENGTH

# Letters and digits of any script, and what people put between them. No blanks: they vanish when a code is read out.
CODE = re.compile(r"[\w.\-+%&!*]{2,40}")


def normal(text: str) -> str:
    """The one way a code is kept and looked up: compatible forms made equal, capitals, no blanks around.

    Empty for what cannot be a code: too long, blanks or control characters inside.
    """
    code = unicodedata.normalize("NFKC", text[: 4 * CODE_LENGTH]).strip().upper()
    return code if CODE.fullmatch(code) else ""
