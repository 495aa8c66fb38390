"""Importing again: what the file changed changes, what people did in between stays."""

from typing import Any

from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Customer, Identity
from apps.events.services import unit_of_work
from apps.stores import models
from apps.stores.tests.importing.conftest import Load, counts
from apps.stores.tests.importing.documents import corner, demo
from apps.users.models import User


def the_store() -> models.Store:
    return models.Store.objects.get(slug="corner")


def with_product(**changes: Any) -> dict[str, Any]:
    return corner(products=[{**corner()["products"][0], **changes}])


def test_a_changed_price_is_one_updated_row_and_a_new_menu(load: Load) -> None:
    load(corner())
    version = the_store().catalog_version
    report = load(with_product(price="8.00"))
    assert {name for name, tally in report.tallies.items() if tally.changed} == {"products"}
    assert report.tallies["products"].updated == 1
    assert the_store().catalog_version == version + 1


def test_stock_that_moved_since_is_not_reset(load: Load) -> None:
    load(corner())
    with scope(the_store().pk), unit_of_work():
        level = models.StockLevel.objects.get()
        models.StockLevel.objects.update(on_hand=3)
        models.StockMove.objects.create(
            level=level, on_hand_delta=-17, reason="sold", actor_kind="system", actor_id="t"
        )
    load(with_product(stock=50))
    with scope(the_store().pk):
        assert models.StockLevel.objects.get().on_hand == 3


def test_the_first_stock_is_in_the_ledger(load: Load) -> None:
    load(corner())
    with scope(the_store().pk):
        move = models.StockMove.objects.get()
        assert (move.reason, move.on_hand_delta, move.level.on_hand) == ("import", 20, 20)


def test_a_level_nobody_ever_counted_begins_with_the_file(load: Load) -> None:
    load(with_product(stock=None))
    with scope(the_store().pk):
        models.StockLevel.objects.create(product=models.Product.objects.get())
    load(with_product(stock=12))
    with scope(the_store().pk):
        assert models.StockLevel.objects.get().on_hand == 12


def test_rows_the_file_does_not_name_stay(load: Load) -> None:
    load(corner())
    with scope(the_store().pk):
        category = models.Category.objects.get()
        models.Product.objects.create(category=category, slug="suco", sku="SUC", name="Suco", price=6, kind="simple")
        models.SpecialDay.objects.create(outlet=models.Outlet.objects.get(), date=now().date(), hours=[])
    assert not load(corner()).changed
    with scope(the_store().pk):
        assert models.Product.objects.count() == 2
        assert models.SpecialDay.objects.count() == 1


def test_parts_of_a_row_are_exactly_those_of_the_file(load: Load) -> None:
    document = demo("ce-saladas")
    load(document)
    group, combo = document["modifier_groups"][0], document["combos"][0]
    gone = group["options"].pop()
    combo["slots"][0]["choices"].pop()
    for other in document["products"]:
        other.pop("modifier_groups", None)
    report = load(document)
    assert report.tallies["options"].removed == 1
    assert report.tallies["combo choices"].removed == 1
    assert report.tallies["asked groups"].removed > 0
    with scope(models.Store.objects.get(slug="ce-saladas").pk):
        assert not models.ModifierOption.objects.filter(group__slug=group["slug"], slug=gone["slug"]).exists()
        assert not models.ProductModifierGroup.objects.exists()


def test_a_variant_the_file_dropped_is_off_sale_and_comes_back(load: Load) -> None:
    sizes = [{"slug": slug, "sku": slug.upper(), "name": slug, "price": "9.00"} for slug in ("p", "g")]
    load(with_product(kind="variants", price=None, variants=sizes))
    assert load(with_product(kind="variants", price=None, variants=sizes[:1])).tallies["variants"].removed == 1
    with scope(the_store().pk):
        assert list(models.Variant.objects.filter(is_active=True).values_list("slug", flat=True)) == ["p"]
    load(with_product(kind="variants", price=None, variants=sizes))
    with scope(the_store().pk):
        assert models.Variant.objects.filter(is_active=True).count() == 2


def test_another_way_of_pricing_delivery_replaces_the_old_one(load: Load) -> None:
    near = {"slug": "centro", "name": "Centro", "city": "Palmas", "fee": "5.00"}
    load(corner(delivery={"pricing": "neighbourhood", "neighbourhoods": [near]}))
    load(corner(delivery={"pricing": "distance", "distance": {"flat_km": "2.00", "flat_fee": "6.00"}}))
    with scope(the_store().pk):
        assert [zone.kind for zone in models.DeliveryZone.objects.all()] == ["distance"]


def test_a_customer_known_by_phone_gains_the_new_identity(load: Load) -> None:
    load(corner())
    both = [{"kind": "phone", "value": "+5563999990001"}, {"kind": "email", "value": "Ze@Example.com"}]
    report = load(corner(customers=[{"id": "other-id", "name": "José", "language": "pt-BR", "identities": both}]))
    assert report.tallies["customers"].updated == 1
    with scope(the_store().pk):
        assert Customer.objects.get().name == "José"
        assert set(Identity.objects.values_list("value", flat=True)) == {"+5563999990001", "ze@example.com"}


def test_somebody_with_a_login_keeps_name_and_password(load: Load) -> None:
    User.objects.create_user("ana@example.com", "own-password-1", first_name="Aninha")
    load(corner(), password="comanda-demo")
    ana = User.objects.get(email="ana@example.com")
    assert (ana.first_name, ana.check_password("own-password-1")) == ("Aninha", True)


def test_new_people_cannot_log_in_until_they_get_a_password(load: Load) -> None:
    load(corner())
    assert not User.objects.get(email="ana@example.com").has_usable_password()


def test_a_member_who_was_sent_away_stays_away(load: Load) -> None:
    load(corner())
    with scope(the_store().pk):
        models.Staff.objects.update(is_active=False)
    load(corner())
    with scope(the_store().pk):
        assert not models.Staff.objects.get().is_active


def test_the_named_person_becomes_an_owner(load: Load) -> None:
    load(corner(staff=[]), owner="Boss@Example.com")
    with scope(the_store().pk):
        member = models.Staff.objects.select_related("user").get()
    assert (member.user.email, member.role) == ("boss@example.com", "owner")


def test_a_dry_run_counts_and_writes_nothing(load: Load) -> None:
    before = counts()
    report = load(corner(), dry_run=True)
    assert report.tallies["products"].created == 1
    assert counts() == before
    load(corner())
    assert not load(corner(), dry_run=True).changed


def test_one_file_never_touches_another_store(load: Load) -> None:
    load(corner())
    load(corner(store={**corner()["store"], "slug": "twin"}))
    with scope(the_store().pk):
        assert models.Product.objects.count() == 1
        assert Customer.objects.count() == 1
    assert Customer.objects.unscoped().count() == 2
    assert User.objects.count() == 1


def test_letters_written_in_two_ways_are_the_same(load: Load) -> None:
    load(with_product(name="Pão de queijo 🧀"))
    assert not load(with_product(name="Pa\u0303o de queijo 🧀")).changed
    with scope(the_store().pk):
        assert models.Product.objects.get().folded.startswith("pao de queijo ")


def test_the_currency_stays_once_there_are_orders(load: Load, refuse: Any) -> None:
    load(corner())
    with scope(the_store().pk):
        models.Order.objects.create(
            outlet=models.Outlet.objects.get(), business_date=now().date(), number=1, code="X", access_token="t",
            service="pickup", payment_method="cash", currency="BRL", subtotal=1, total=1,
        )  # fmt: skip
    assert list(refuse(corner(store={**corner()["store"], "currency": "EUR"}))) == ["store.currency"]
