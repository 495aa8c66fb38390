"""Customers from before the search column find their names in it."""

import re
import unicodedata

from django.db import migrations
from django.db.models import QuerySet

BATCH = 1000


def _fold(text):
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", kept).strip()[:600]


def fill(apps, schema_editor):
    customers, identities = (
        QuerySet(apps.get_model("customers", "Customer")),
        QuerySet(apps.get_model("customers", "Identity")),
    )
    while rows := list(customers.filter(folded="").exclude(name="")[:BATCH]):
        told = {}
        for owner, value in (
            identities.filter(customer__in=rows).order_by("created_at").values_list("customer_id", "value")
        ):
            told.setdefault(owner, []).append(value)
        for row in rows:
            row.folded = _fold(" ".join([row.name, *told.get(row.pk, [])])) or "-"
        customers.bulk_update(rows, ["folded"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_people_wishes_points")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
