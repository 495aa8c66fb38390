"""Delivery and shipping fees, zones and what is out of area."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.stores.pricing.delivery import DeliveryQuote, OutOfArea, Place, quote, quote_parcel
from apps.stores.pricing.delivery_rules import DeliveryPricing, DeliveryRules, DistanceRules
from apps.stores.pricing.geo import Point, distance_km, fold, holds

from .from_file import store_file
from .rules_from_file import delivery_of, shipping_of

CENTRE = Point(lat=-10.2, lng=-48.33)


def north(km: str) -> Point:
    """A point so many km north of the centre."""
    return Point(lat=CENTRE.lat + float(km) / 111.19508, lng=CENTRE.lng)


def by_distance(**changes: Any) -> DeliveryRules:
    """8.00 up to 3 km, then 1.60 per km up to 22.00, within 14 km."""
    rules = DistanceRules(
        flat_km=Decimal("3.00"),
        flat_fee=Decimal("8.00"),
        per_km=Decimal("1.60"),
        max_fee=Decimal("22.00"),
        max_km=Decimal("14.00"),
    )
    distance = replace(rules, **changes)
    return DeliveryRules(pricing=DeliveryPricing.DISTANCE, eta_minutes=(40, 60), distance=distance)


def fee(found: DeliveryQuote | OutOfArea) -> str:
    """The fee as text, or why there is none."""
    return found.reason.value if isinstance(found, OutOfArea) else str(found.fee)


@pytest.mark.parametrize(
    ("km", "expected"),
    [("0", "8.00"), ("3.00", "8.00"), ("3.01", "8.02"), ("4.98", "11.17"), ("13.18", "22.00"), ("14.00", "22.00")],
)
def test_distance_costs_flat_then_in_proportion_up_to_the_highest_fee(km: str, expected: str) -> None:
    assert fee(quote(by_distance(), CENTRE, Place(point=north(km)), exponent=2)) == expected


def test_further_than_the_furthest_is_out_of_area() -> None:
    found = quote(by_distance(), CENTRE, Place(point=north("14.01")), exponent=2)

    assert isinstance(found, OutOfArea)
    assert (found.reason.value, str(found.distance_km)) == ("too_far", "14.01")


def test_limits_of_distance_are_optional() -> None:
    found = quote(by_distance(max_fee=None, max_km=None), CENTRE, Place(point=north("103.00")), exponent=2)

    assert fee(found) == "168.00"


@pytest.mark.parametrize(
    ("rules", "origin", "place", "reason"),
    [
        (None, CENTRE, Place(point=CENTRE), "not_offered"),
        (by_distance(), CENTRE, Place(neighbourhood="Centro"), "no_point"),
        (by_distance(), None, Place(point=CENTRE), "not_offered"),
        (DeliveryRules(pricing=DeliveryPricing.DISTANCE), CENTRE, Place(point=CENTRE), "not_offered"),
        (DeliveryRules(pricing=DeliveryPricing.POLYGON), CENTRE, Place(), "no_point"),
        (DeliveryRules(pricing=DeliveryPricing.POLYGON), CENTRE, Place(point=CENTRE), "not_served"),
        (DeliveryRules(pricing=DeliveryPricing.NEIGHBOURHOOD), CENTRE, Place(), "not_served"),
    ],
)
def test_it_never_guesses(rules: DeliveryRules | None, origin: Point | None, place: Place, reason: str) -> None:
    assert fee(quote(rules, origin, place, exponent=2)) == reason


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (Place(neighbourhood_slug="204-sul", neighbourhood="whatever"), "204-sul"),
        (Place(neighbourhood="204 SUL"), "204-sul"),
        (Place(neighbourhood="204-Sul", city="palmas"), "204-sul"),
        (Place(neighbourhood="  arse   21 "), "204-sul"),
        (Place(neighbourhood="Jd. Aureny III"), "aureny-iii"),
        (Place(neighbourhood="JARDIM AURENÝ iii"), "aureny-iii"),
        (Place(neighbourhood="204 Sul", city="Porto Nacional"), None),
        (Place(neighbourhood="Graciosa"), None),
        (Place(neighbourhood_slug="graciosa", neighbourhood="204 Sul"), None),
        (Place(), None),
    ],
)
def test_a_neighbourhood_is_found_by_slug_name_or_alias(place: Place, zone: str | None) -> None:
    found = quote(delivery_of(store_file("ce-saladas")["delivery"]), None, place, exponent=2)

    assert (found.zone if isinstance(found, DeliveryQuote) else None) == zone


def test_a_zone_brings_its_own_minimum_and_time() -> None:
    rules = delivery_of(store_file("ce-saladas")["delivery"])

    found = quote(rules, None, Place(neighbourhood="Taquaralto"), exponent=2)

    assert isinstance(found, DeliveryQuote)
    assert (str(found.fee), str(found.min_order), found.eta_minutes) == ("15.00", "50.00", (40, 60))


@pytest.mark.parametrize(
    ("lat", "lng", "zone"),
    [
        (-23.56, -46.69, "perto"),
        (-23.54, -46.67, "espigao"),
        (-23.56, -46.68, "perto"),  # on the border of both: the first counts
        (-23.57, -46.715, "butanta"),
        (-23.60, -46.69, None),
    ],
)
def test_the_first_polygon_that_holds_the_point_counts(lat: float, lng: float, zone: str | None) -> None:
    rules = delivery_of(store_file("pizzaria-forno")["delivery"])

    found = quote(rules, None, Place(point=Point(lat=lat, lng=lng)), exponent=2)

    assert (found.zone if isinstance(found, DeliveryQuote) else None) == zone


@pytest.mark.parametrize(
    ("country", "grams", "expected"),
    [
        ("DE", 0, "4.90"),
        ("DE", 2000, "4.90"),
        ("DE", 2001, "6.90"),
        ("DE", 31500, "16.90"),
        ("DE", 31501, "21.80"),
        ("DE", 63000, "33.80"),
        ("de", 41840, "33.80"),
        ("AT", 5140, "17.90"),
        ("FR", 1770, "13.90"),
        ("US", 100, "not_served"),
        ("", 100, "not_served"),
    ],
)
def test_parcels_cost_by_weight_and_zone(country: str, grams: int, expected: str) -> None:
    rules = shipping_of(store_file("naturwest")["shipping"])

    assert fee(quote_parcel(rules, Place(country=country), grams)) == expected


def test_a_store_without_shipping_sends_nothing() -> None:
    assert fee(quote_parcel(None, Place(country="DE"), 100)) == "not_offered"


def test_parcels_of_a_company_are_never_free() -> None:
    rules = shipping_of(store_file("naturwest")["shipping"])
    person = quote_parcel(rules, Place(country="DE"), 100)
    company = quote_parcel(rules, Place(country="DE"), 100, is_company=True)

    assert isinstance(person, DeliveryQuote)
    assert isinstance(company, DeliveryQuote)
    assert (person.fee_for(Decimal("59.00")), person.fee_for(Decimal("58.99"))) == (Decimal(0), Decimal("4.90"))
    assert company.fee_for(Decimal("1000.00")) == Decimal("4.90")


def test_distance_is_the_great_circle_to_ten_metres() -> None:
    berlin, paris = Point(lat=52.52, lng=13.405), Point(lat=48.8566, lng=2.3522)
    antipodes = distance_km(Point(lat=90, lng=0), Point(lat=-90, lng=0))

    assert str(distance_km(berlin, paris)) == "877.46"
    assert str(distance_km(berlin, berlin)) == "0.00"
    assert str(antipodes) == "20015.11"


def test_a_polygon_holds_its_edge_and_corners_and_needs_three_of_them() -> None:
    square = tuple(Point(lat=lat, lng=lng) for lat, lng in ((0, 0), (0, 2), (2, 2), (2, 0)))

    held = [holds(square, Point(lat=lat, lng=lng)) for lat, lng in ((1, 1), (0, 1), (2, 2), (1, 2.1), (3, 1), (2, 3))]

    assert held == [True, True, True, False, False, False]
    assert not holds(square[:2], Point(lat=0, lng=1))


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert fold("  São-João_d'Água, nº 5 ") == "sao joao d agua no 5"
