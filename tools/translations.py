"""Translations: `python -m tools.translations` compiles every `.po` file; nothing but Python is needed.

`--check` fails, naming them, on messages without Portuguese (or, where a customer meets them, without German, Spanish or
Indonesian), on doubtful, broken or leftover entries and on `.mo` files that do not say what their `.po` says.
`--missing de` prints those of a language as entries to fill in: one with a new plural is printed like the others.

A catalogue lies in the project (`locale/`) or in a room (`apps/<room>/locale/`); Django merges them, the project wins.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.budgets import ROOT
from tools.catalogues import Catalogue, Entry, compiled, paths, read, read_compiled, texts
from tools.messages import Message, Said, said

COMPLETE = "pt_BR"
# A customer's languages are complete in these places; what only staff and developers read may stay English or Portuguese.
CUSTOMERS = ("de", "es", "id")
CUSTOMER_PLACES = (
    "apps/core/", "apps/customers/", "apps/events/states.py", "apps/geo/", "apps/payments/", "apps/storefront/", "config/settings/site.py",
    "apps/stores/api/base.py", "apps/stores/api/cart_key.py", "apps/stores/api/fields.py", "apps/stores/api/serializers/cart.py",
    "apps/stores/api/quoting.py", "apps/stores/api/serializers/places.py", "apps/stores/api/views/delivery.py",
    "apps/stores/api/views/maps.py", "apps/stores/services/delivery_quotes.py", "apps/stores/services/locating.py",
    "apps/stores/api/validation.py", "apps/stores/api/views/orders.py", "apps/stores/api/views/storefront.py",
    "apps/stores/api/views/tracking.py", "apps/stores/api/viewsets.py", "apps/stores/facts.py", "apps/stores/messages.py",
    "apps/stores/offer_texts.py", "apps/stores/queries/coupon_check.py", "apps/stores/services/promotion_uses.py",
    "apps/stores/models/cart.py", "apps/stores/models/order.py", "apps/stores/models/store.py", "apps/stores/queries/access.py",
    "apps/stores/queries/orders.py", "apps/stores/queries/principals.py", "apps/stores/services/carts.py",
    "apps/stores/services/checkout.py", "apps/stores/services/orders.py", "apps/stores/services/placing_rules.py",
    "apps/stores/services/reservation.py", "apps/stores/services/wire.py",
    "apps/stores/services/buyers.py", "apps/stores/services/reorder.py", "apps/stores/services/order_people.py",
    "apps/stores/api/views/my_profile.py", "apps/stores/api/views/wishlist.py", "apps/users/senders.py",
    "apps/users/api/", "apps/users/authentication.py", "apps/users/models.py", "apps/users/services/",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)|{(\w+)}")


def problems(root: Path = ROOT) -> list[str]:
    """One sentence for everything that is wrong, with the place to mend it."""
    spoken = list(said(root))
    catalogues = [read(path, root) for path in paths(root)]
    known = {place.message for place in spoken}
    found = [f"{place.file}:{place.line}: gettext gets no literal here" for place in spoken if place.message is None]
    for language in (COMPLETE, *CUSTOMERS):
        for message, place in missing(language, spoken, catalogues).items():
            found.append(f"{place.file}:{place.line}: no {language} for {message.text!r}")
    for catalogue in catalogues:
        found += [f"{catalogue.name}:{line}: {text}" for line, text in _broken(catalogue, known)]
        if read_compiled((root / catalogue.name).with_suffix(".mo")) != texts(catalogue):
            found.append(f"{catalogue.name}: the .mo file says something else; run `python -m tools.translations`")
    return found


def missing(language: str, spoken: Iterable[Said], catalogues: Iterable[Catalogue]) -> dict[Message, Said]:
    """What this language still lacks over all catalogues, with the first place that says it."""
    have = {
        entry.message for row in catalogues if row.language == language for entry in row.entries if all(entry.forms)
    }
    found: dict[Message, Said] = {}
    for place in spoken:
        if place.message is not None and place.message not in have and _wanted(language, place.file):
            found.setdefault(place.message, place)
    return found


def _wanted(language: str, file: str) -> bool:
    return language not in CUSTOMERS or (file.startswith(CUSTOMER_PLACES) and "admin" not in Path(file).stem)


def _broken(catalogue: Catalogue, known: set[Message | None]) -> Iterator[tuple[int, str]]:
    seen = set()
    for entry in catalogue.entries:
        complaint = _complaint(entry, catalogue.plurals)
        if entry.message in seen:
            complaint = "is translated twice"
        elif entry.message not in known:
            complaint = "is said nowhere: reworded or gone"
        seen.add(entry.message)
        if complaint:
            yield entry.line, f"{entry.message.text!r} {complaint}"


def _complaint(entry: Entry, plurals: int) -> str:
    if entry.fuzzy:
        return "is marked fuzzy"
    if len(entry.forms) != (plurals if entry.message.plural else 1):
        return f"has {len(entry.forms)} forms; the language has {plurals}"
    counted = _names(entry.message.text) | _names(entry.message.plural)
    last = _names(entry.message.plural or entry.message.text)
    if _names(entry.forms[-1]) != last or any(_names(form) - counted for form in entry.forms):
        return f"has other placeholders than {', '.join(sorted(last)) or 'none'}"
    if any("%(" in form and not _fills(form) for form in entry.forms):
        return "cannot be filled in: a % is not followed by (name)s"
    return ""


def _names(text: str) -> set[str]:
    return {"".join(found) for found in PLACEHOLDER.findall(text)}


def _fills(form: str) -> bool:
    try:
        return bool(form % dict.fromkeys(_names(form), 1))
    except (ValueError, TypeError):
        return False


def compile_all(root: Path = ROOT) -> list[str]:
    """Write each `.mo` file that says something else than its `.po`; the names of those written."""
    written = []
    for path in paths(root):
        catalogue, target = read(path, root), path.with_suffix(".mo")
        if read_compiled(target) != texts(catalogue):
            target.write_bytes(compiled(catalogue))
            written.append(str(target.relative_to(root)))
    return written


def stubs(language: str, root: Path = ROOT) -> str:
    """What a language lacks as empty entries."""
    rows = missing(language, said(root), [read(path, root) for path in paths(root)])
    return "\n".join(_stub(message, place) for message, place in rows.items())


def _stub(message: Message, place: Said) -> str:
    lines = [f"#: {place.file}", *(["#, python-format"] if "%(" in message.text else [])]
    lines += [f"msgctxt {_quoted(message.context)}"] if message.context else []
    lines.append(f"msgid {_quoted(message.text)}")
    lines += (
        [f"msgid_plural {_quoted(message.plural)}", 'msgstr[0] ""', 'msgstr[1] ""'] if message.plural else ['msgstr ""']
    )
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main(arguments: list[str]) -> int:
    """Compile, check or list; exit code 1 when the check finds something."""
    if arguments[:1] == ["--missing"]:
        print(stubs(arguments[1] if len(arguments) > 1 else COMPLETE))
        return 0
    if "--check" in arguments:
        found = problems()
        print("\n".join(found) or "translations complete")
        return int(bool(found))
    print("\n".join(compile_all()) or "nothing to compile")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
