"""Notifications in the admin: read in words by whoever may read the log, and written by nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.scope import scope
from apps.events import relay
from apps.notifications.models import Notification
from apps.stores.models import Role, Store
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter
from apps.stores.tests.fixtures import Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db
LIST = reverse("admin:notifications_notification_changelist")


@pytest.fixture
def notification(shop: Shop, store: Store) -> Notification:
    """An order rang."""
    shop.add(factories.make_product(store, price="20.00"))
    shop.checkout()
    relay.drain()
    with scope(store.pk):
        return Notification.objects.get()


def page_of(row: Notification, name: str) -> str:
    return reverse(f"admin:notifications_notification_{name}", args=[row.pk])


def test_an_owner_reads_it_in_words(notification: Notification, alice: User) -> None:
    admin = enter(alice)
    for address in (LIST, page_of(notification, "change")):
        page = admin.get(address)
        assert page.status_code == 200
        assert "#001 · Ana Lima" in page.content.decode()


def test_nobody_writes_it(notification: Notification, alice: User, store: Store) -> None:
    admin = enter(alice)
    answers = [
        admin.post(page_of(notification, "change"), {"label": "x"}),
        admin.post(page_of(notification, "delete"), {"post": "yes"}),
        admin.get(reverse("admin:notifications_notification_add")),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    with scope(store.pk):
        assert Notification.objects.get().label == "#001"


def test_who_may_not_read_the_log_and_another_store_s_owner_see_nothing(
    notification: Notification, store: Store, other_store: Store, charlie: User
) -> None:
    cashier: Client = enter(factories.make_staff(store, Role.CASHIER))
    assert cashier.get(LIST).status_code == 403
    stranger = enter(charlie)
    assert "#001" not in stranger.get(LIST).content.decode()
    assert stranger.get(page_of(notification, "change")).status_code == 404
