"""The one screen `make run` prints: where to look, who to log in as, what to try next."""

from __future__ import annotations

from typing import Any

PASSWORD = "comanda-demo"


def _line(label: str, text: str) -> str:
    return f"  {label:<24}{text}"


def welcome_screen(found: dict[str, Any], origin: str) -> str:
    """The screen as text. `found` is what `tools/prepare.py` wrote."""
    lines = ["", "  Comanda is open.", ""]
    lines += [_line(store["name"][:23], f"{origin}/s/{store['slug']}/") for store in found["stores"]]
    if found["stores"]:
        slug = found["stores"][0]["slug"]
        lines += ["", _line("Kitchen screen", f"{origin}/k/{slug}/")]
    lines += [
        _line("Admin", f"{origin}/admin/"),
        _line("API documentation", f"{origin}/api/docs/"),
        "",
    ]
    if found["logins"]:
        lines.append(_line("Log in as", found["logins"][0]))
        lines += [_line("", login) for login in found["logins"][1:]]
        lines += [_line("Password (all of them)", PASSWORD), ""]
    lines += [
        "  Next: open the kitchen screen in one window and order in another.",
        "  Ctrl-C stops everything; the data is kept.",
        "",
    ]
    return "\n".join(lines)
