"""Demo stores: imported once, open at any hour, with a PIX key, and logins that all have one password."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from django.conf import settings

from apps.core.actors import system
from apps.events.services import unit_of_work
from apps.stores.importing.report import Report
from apps.stores.importing.service import import_store
from apps.stores.models import Store
from apps.stores.models.validators import WEEKDAYS
from apps.users.models import User

PASSWORD = "comanda-demo"  # noqa: S105  # the published password of the embedded default
ADMIN = "admin@example.com"
ALWAYS = [["00:00", "00:00"]]

Tell = Callable[[str], None]


def demo_files(folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """The documents of the demo stores, by name."""
    for path in sorted((folder or settings.BASE_DIR / "data" / "stores").glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def load_all(*, real_hours: bool, tell: Tell) -> None:
    """Import every demo store that is not there yet, and make the administrator. Safe to repeat."""
    if not User.objects.filter(email=ADMIN).exists():
        User.objects.create_superuser(ADMIN, PASSWORD, first_name="Admin")
        tell(f"  {ADMIN} may do everything")
    known = set(Store.objects.values_list("slug", flat=True))
    for document in demo_files():
        slug = document["store"]["slug"]
        if slug in known:
            tell(f"  {slug} is there already")
            continue
        report = load_one(document, real_hours=real_hours)
        tell(f"  {report.name} ({slug}): {report.tallies['products'].created} products")


def load_one(document: dict[str, Any], *, real_hours: bool = False) -> Report:
    """Import one document as a demo store. The store exists if and only if all of this happened."""
    with unit_of_work():
        shown = document if real_hours else always_open(document)
        report = import_store(document=shown, actor=system("demo"), password=PASSWORD)
        store = Store.objects.get(slug=report.store)
        if store.currency == "BRL":
            Store.objects.filter(pk=store.pk).update(**pix_of(document))
    return report


def always_open(document: dict[str, Any]) -> dict[str, Any]:
    """The same store, open day and night: the first order has to work whenever somebody tries."""
    hours = dict.fromkeys(WEEKDAYS, ALWAYS)
    return {**document, "outlets": [{**outlet, "hours": hours, "exceptions": []} for outlet in document["outlets"]]}


def pix_of(document: dict[str, Any]) -> dict[str, str]:
    """A random-form key that belongs to nobody, and what the payer's bank would show."""
    store, place = document["store"], document["outlets"][0]["address"]
    key = str(uuid5(NAMESPACE_DNS, f"{store['slug']}.example.com"))
    return {"pix_key": key, "pix_name": store["name"][:25], "pix_city": place["city"][:15]}
