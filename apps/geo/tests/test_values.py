"""What may come from a provider or a person as a point or a CEP, and what the offline table holds."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from apps.geo.providers.offline import Offline
from apps.geo.values import Address, Budget, Point, Precision, cep_of, point_of

STORES = Path(settings.BASE_DIR) / "data" / "stores"


@pytest.mark.parametrize(
    ("lat", "lng", "country"),
    [
        ("x", "1", ""),
        (None, None, ""),
        (0, 0, ""),
        ("nan", "1", ""),
        (91, 0, ""),
        (0, 181, ""),
        (True, 1, ""),
        (52.5, 13.4, "BR"),
    ],
)
def test_what_cannot_be_a_point_is_none(lat: object, lng: object, country: str) -> None:
    assert point_of(lat, lng, country) is None


def test_coordinates_may_be_texts() -> None:
    assert point_of("-10.1904", "-48.3286", "BR") == Point(lat=-10.1904, lng=-48.3286)


@pytest.mark.parametrize(
    ("text", "code"), [("77020-210", "77020210"), (" 77.020-210 ", "77020210"), ("7702021", None), ("٧٧٠٢٠٢١٠", None)]
)
def test_a_cep_is_eight_digits_however_they_are_written(text: str, code: str | None) -> None:
    assert cep_of(text) == code


def test_every_address_of_the_demo_stores_is_found_at_its_point() -> None:
    """To the door: the samples' distances are charged by it."""
    wrong = []
    for path in STORES.glob("*.json"):
        document = json.loads(path.read_text())
        rows = [outlet["address"] for outlet in document["outlets"]]
        rows += [row for customer in document["customers"] for row in customer["addresses"]]
        for row in (row for row in rows if row.get("lat") is not None):
            asked = Address(
                street=row["street"], number=row["number"], neighbourhood=row["neighbourhood"], city=row["city"],
                postal_code=row["postal_code"], country=row["country"],
            )  # fmt: skip
            found = Offline().geocode(asked, Budget(1))
            if found is None or (found.point.lat, found.point.lng) != (row["lat"], row["lng"]):
                wrong.append((path.name, row["street"], found))
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "precision"),
    [
        (Address(street="204 Sul, Alameda 3, Lote 12 - casa 2", city="Palmas"), Precision.HOUSE),
        (Address(street="204 Sul, Alameda 3", number="99", city="Palmas"), Precision.STREET),
        (Address(text="Alameda 3, 204 Sul, Palmas"), Precision.AREA),
        (Address(postal_code="77020210", country="BR"), Precision.STREET),
        (
            Address(street="Rua 10", number="5", neighbourhood="Centro", city="Palmas", postal_code="77020170"),
            Precision.AREA,
        ),
        (Address(street="Outra rua", city="Palmas", postal_code="77021-999", country="BR"), Precision.AREA),
        (Address(street="204 Sul, Alameda 3", number="Lote 12", city="São Paulo"), None),
        (Address(street="Rua Inexistente", number="1", city="Palmas"), None),
        (Address(city="Palmas"), None),
    ],
)
def test_the_table_says_how_exactly_it_knows_a_place(address: Address, precision: Precision | None) -> None:
    found = Offline().geocode(address, Budget(1))
    assert (found.precision if found else None) == precision
