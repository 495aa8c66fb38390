"""The menu page as a browser without script and a search engine see it."""

import gzip
import re
from base64 import b64encode
from decimal import Decimal
from hashlib import sha256

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.core.scope import scope
from apps.storefront.tests.conftest import Island
from apps.stores.models import Combo, Outlet, Product, Store
from apps.stores.tests import factories


def text(client: Client, path: str = "/s/cantina/", **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_can_be_read_without_script(browser: Client, store: Store) -> None:
    factories.make_product(store, "lasagna", price="39.90", description="Baked twice.")
    page = text(browser)
    for words in ("Cantina", "Lasagna", "Baked twice.", "R$39.90", "Food"):
        assert words in page
    assert "<noscript>" in page


def test_a_store_nobody_has_is_a_page_that_says_so(browser: Client, store: Store) -> None:
    response = browser.get("/s/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_it_runs_nothing_inline(browser: Client, store: Store) -> None:
    factories.make_product(store, "lasagna")
    response = browser.get("/s/cantina/")
    page = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    style = re.search(r"<style>(.*?)</style>", page)
    assert style
    assert f"'sha256-{b64encode(sha256(style.group(1).encode()).digest()).decode()}'" in policy
    assert not re.search(r"\sstyle=|\son\w+=", page)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL):
        assert "json" in attributes or not body.strip()


def test_a_page_that_has_not_changed_is_not_sent_again(browser: Client, store: Store) -> None:
    product = factories.make_product(store, "lasagna")
    etag = browser.get("/s/cantina/").headers["ETag"]
    again = browser.get("/s/cantina/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    with scope(store.pk):
        Product.objects.filter(pk=product.pk).update(name="Moussaka")
    factories.bump(store)
    changed = browser.get("/s/cantina/", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Moussaka" in changed.content.decode()


def test_a_warm_page_asks_the_database_nothing(
    browser: Client, store: Store, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_product(store, "lasagna")
    text(browser)
    with django_assert_num_queries(0):
        text(browser)


def test_it_is_packed_for_browsers_that_can_unpack(browser: Client, store: Store) -> None:
    factories.make_product(store, "lasagna")
    plain = browser.get("/s/cantina/")
    packed = browser.get("/s/cantina/", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_text_of_a_store_never_becomes_markup(browser: Client, store: Store, island: Island) -> None:
    evil = "</script><script>alert(1)</script><img src=x>"
    factories.make_product(store, "evil", name=evil, description=evil)
    Store.objects.filter(pk=store.pk).update(primary_color="</b><i>", tagline=evil)
    factories.bump(store)
    page = text(browser)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "</b><i>" not in page
    section = island(page, "ld+json")["hasMenu"]["hasMenuSection"][0]
    assert section["hasMenuItem"][0]["name"] == evil


def test_a_simple_product_can_be_added_at_once_and_others_ask_first(browser: Client, store: Store) -> None:
    plain = factories.make_product(store, "water")
    asking = factories.make_product(store, "salad")
    factories.make_group(asking, "dressing", {"oil": "0.00"}, min=1, max=1)
    page = text(browser)
    assert f'data-add="{plain.pk}"' in page
    assert f'data-add="{asking.pk}"' not in page
    assert 'href="#/p/salad"' in page


def test_variants_show_their_lowest_price(browser: Client, store: Store) -> None:
    juice = factories.make_product(store, "juice")
    factories.make_variant(juice, "small", "8.00")
    factories.make_variant(juice, "large", "12.00")
    assert "from R$8.00" in text(browser)


def test_what_is_paused_is_shown_but_cannot_be_added(browser: Client, store: Store) -> None:
    paused = factories.make_product(store, "soup", status="paused")
    page = text(browser)
    assert "Sold out for now" in page
    assert f'data-add="{paused.pk}"' not in page


def test_what_is_inactive_is_not_shown(browser: Client, store: Store) -> None:
    factories.make_product(store, "secret-dish", status="inactive")
    assert "Secret Dish" not in text(browser)


def test_an_empty_menu_says_what_to_do(browser: Client, store: Store) -> None:
    page = text(browser)
    assert "The menu is being written" in page
    assert "wa.me/5563999990000" in page


def test_a_closed_store_says_so_and_still_shows_its_menu(browser: Client, store: Store) -> None:
    factories.make_product(store, "lasagna")
    with scope(store.pk):
        Outlet.objects.update(hours={})
    factories.bump(store)
    page = text(browser)
    assert "Closed" in page
    assert "you can order as soon as we open" in page
    assert "Lasagna" in page


def test_combos_stand_in_their_category(browser: Client, store: Store) -> None:
    product = factories.make_product(store, "lasagna")
    with scope(store.pk):
        Combo.objects.create(
            store_id=store.pk, slug="duo", name="Lunch for two", price=Decimal("55.00"), category_id=product.category_id
        )
    factories.bump(store)
    page = text(browser)
    assert "Lunch for two" in page
    assert 'href="#/c/duo"' in page


def test_prices_are_written_in_the_stores_currency(client: Client, alice: object) -> None:
    warung = factories.make_store("warung", currency="IDR", languages=["id"])
    factories.make_product(warung, "nasi", price="38000.00")
    laden = factories.make_store("laden", currency="EUR", languages=["de"])
    factories.make_product(laden, "tee", price="4.50")
    assert "Rp\u00a038.000" in text(client, "/s/warung/")
    assert "4,50\u00a0€" in text(client, "/s/laden/")


def test_it_speaks_the_first_language_of_the_store(client: Client, store: Store) -> None:
    page = text(client)
    assert '<html lang="pt-br"' in page
    assert "Buscar no cardápio" in page or "Ainda não dá para pedir" in page


def test_it_speaks_the_visitors_language_if_the_store_does(client: Client, alice: object) -> None:
    factories.make_product(factories.make_store("laden", languages=["de", "en"]), "tee")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr, en-GB;q=0.8, de;q=0.5"
    assert '<html lang="en"' in text(client, "/s/laden/")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    assert '<html lang="de"' in text(client, "/s/laden/")


def test_a_language_that_was_chosen_is_kept(client: Client, store: Store) -> None:
    assert '<html lang="en"' in text(client, lang="en")
    assert '<html lang="en"' in text(client)
    assert '<html lang="en"' in text(client, lang="klingon")


def test_it_tells_search_engines_and_link_previews(browser: Client, store: Store, island: Island) -> None:
    factories.make_product(store, "lasagna", price="39.90")
    Store.objects.filter(pk=store.pk).update(description="Fresh pasta in Palmas.")
    factories.bump(store)
    page = text(browser)
    assert "<title>Cantina: menu and orders</title>" in page
    assert '<meta name="description" content="Fresh pasta in Palmas.">' in page
    assert '<link rel="canonical" href="http://testserver/s/cantina/">' in page
    assert '<meta property="og:title"' in page
    data = island(page, "ld+json")
    assert data["@type"] == "Restaurant"
    offer = data["hasMenu"]["hasMenuSection"][0]["hasMenuItem"][0]["offers"]
    assert (Decimal(offer["price"]), offer["priceCurrency"]) == (Decimal("39.90"), "BRL")


def test_the_sitemap_names_the_page_in_every_language(client: Client, alice: object) -> None:
    factories.make_store("laden", languages=["de", "en"])
    response = client.get("/s/laden/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml"
    body = response.content.decode()
    assert "<loc>http://testserver/s/laden/</loc>" in body
    assert 'hreflang="en" href="http://testserver/s/laden/?lang=en"' in body
    assert client.get("/s/nowhere/sitemap.xml").status_code == 404


def test_robots_keep_away_from_orders(client: Client, store: Store) -> None:
    body = client.get("/robots.txt").content.decode()
    assert "Disallow: /s/*/t/" in body
    assert "Sitemap: http://testserver/s/cantina/sitemap.xml" in client.get("/s/cantina/robots.txt").content.decode()


def test_only_reading_is_possible(browser: Client, store: Store) -> None:
    assert browser.post("/s/cantina/").status_code == 405


def test_the_script_is_told_what_the_page_can_take(browser: Client, store: Store, island: Island) -> None:
    boot = island(text(browser), 'id="boot"')
    assert boot["api"] == "/api/v1/stores/s/cantina/"
    assert boot["store"]["currency"] == "BRL"
    assert {row["method"] for row in boot["methods"]} <= {"pix", "cash", "card_on_delivery"}
    assert boot["words"]["results"] == {"one": "{count} result", "other": "{count} results"}
