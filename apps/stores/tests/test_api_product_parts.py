"""Variants and pictures of products over HTTP."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.core.scope import scope
from apps.stores.models import Product, ProductImage, Store, Variant
from apps.stores.services import images
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, picture, rows
from apps.stores.tests.fixtures import Shop


@pytest.fixture
def wine(store: Store) -> Any:
    product = factories.make_product(store, "wine")
    factories.make_variant(product, "glass", "15.00", stock=6)
    return product


@pytest.fixture
def variants(wine: Product) -> Any:
    return f"products/{wine.pk}/variants/"


class TestVariants:
    def test_it_adds_changes_and_deletes_one(self, owner: Shop, store: Store, variants: str) -> None:
        seq = last_seq(store)
        made = owner.post(variants, {"name": "Garrafa", "price": "80.00", "stock": {"on_hand": 3}})
        assert made.status_code == 201, made.json()
        body = made.json()
        assert (body["slug"], body["sku"], body["stock"]["available"]) == ("garrafa", "wine-garrafa", 3)
        assert fact_names(store, seq) == ["stock.changed", "product.updated", "catalog.published"]
        assert owner.patch(f"{variants}{body['id']}/", {"price": 79}).json()["price"] == 79
        assert owner.delete(f"{variants}{body['id']}/").status_code == 204
        assert owner.get(variants).json()["count"] == 1

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"name": "Glass", "slug": "glass", "price": 1}, "slug"),
            ({"name": "Other", "sku": "WINE-glass", "price": 1}, "sku"),
            ({"name": "Other"}, "price"),
            ({"name": "Other", "price": -1}, "price"),
            ({"price": 1}, "name"),
        ],
    )
    def test_it_refuses_a_bad_field_and_makes_no_row(
        self, owner: Shop, store: Store, variants: str, body: Any, field: str
    ) -> None:
        answer = owner.post(variants, body)
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
        assert len(rows(Variant, store)) == 1

    def test_a_simple_product_has_none(self, owner: Shop, store: Store) -> None:
        pasta = factories.make_product(store, "pasta")
        answer = owner.post(f"products/{pasta.pk}/variants/", {"name": "Big", "price": 1})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_sold_by_variant")

    def test_foreign_hands_and_products_find_nothing(
        self,
        owner: Shop,
        stranger: Shop,
        attendant: Shop,
        store: Store,
        other_store: Store,
        variants: str,
        wine: Product,
    ) -> None:
        factories.make_variant(factories.make_product(other_store, "cider"), "pint", "9.00")
        theirs = rows(Variant, other_store)[0]
        assert owner.patch(f"{variants}{theirs.pk}/", {"price": 0}).status_code == 404
        assert owner.post(f"products/{theirs.product_id}/variants/", {"name": "X", "price": 1}).status_code == 404
        mine = rows(Variant, store)[0]
        assert [c.delete(f"{variants}{mine.pk}/").status_code for c in (attendant, stranger)] == [403, 404]
        assert rows(Variant, other_store)[0].price == 9
        assert len(rows(Variant, store)) == 1


def upload(client: Shop, product: Product, file: Any, **more: Any) -> Any:
    path = f"{client.base}products/{product.pk}/images/"
    return client.client.post(path, {"image": file, **more}, format="multipart")


class TestPictures:
    def test_it_is_re_encoded_bounded_and_without_its_metadata(self, owner: Shop, store: Store, wine: Product) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # lies on its side
        exif[0x010F] = "Spy camera"
        answer = upload(owner, wine, picture((3000, 1500), exif=exif), alt="Taça")
        assert answer.status_code == 201, answer.json()
        assert answer.json()["alt"] == "Taça"
        assert answer.json()["image"].startswith("http://testserver/media/")
        stored = Image.open(rows(ProductImage, store)[0].image)
        assert stored.format == "JPEG"
        assert stored.size == (1000, 2000)
        assert not stored.getexif()

    def test_a_transparent_one_stays_transparent(self, owner: Shop, store: Store, wine: Product) -> None:
        assert upload(owner, wine, picture(kind="PNG", mode="RGBA")).status_code == 201
        assert Image.open(rows(ProductImage, store)[0].image).format == "PNG"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<svg onload=alert(1)>",
            b"GIF89a" + b"\x00" * 50,
            b"\xff\xd8\xff\xe0 not a picture",
            b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        ],
    )
    def test_it_refuses_what_is_no_picture(self, owner: Shop, store: Store, wine: Product, content: Any) -> None:
        seq = last_seq(store)
        answer = upload(owner, wine, SimpleUploadedFile("evil.jpg", content, content_type="image/jpeg"))
        assert answer.status_code == 400
        assert "image" in answer.json()["errors"]
        assert rows(ProductImage, store) == []
        assert last_seq(store) == seq

    def test_it_refuses_too_many_bytes_and_too_many_pixels(
        self, owner: Shop, store: Store, wine: Product, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(images, "MAX_PIXELS", 100)
        assert upload(owner, wine, picture()).json()["code"] == "image_too_large"
        monkeypatch.setattr(images, "MAX_BYTES", 100)
        assert upload(owner, wine, picture()).json()["code"] == "image_too_large"
        assert rows(ProductImage, store) == []

    def test_a_cut_off_picture_is_refused(self, owner: Shop, store: Store, wine: Product) -> None:
        whole = picture((400, 400), kind="PNG").read()
        answer = upload(owner, wine, SimpleUploadedFile("cut.png", whole[: len(whole) // 2]))
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_image")

    def test_they_are_put_in_order_and_deleted_with_their_files(
        self, owner: Shop, store: Store, wine: Product, django_capture_on_commit_callbacks: Any
    ) -> None:
        ids = [upload(owner, wine, picture()).json()["id"] for _ in range(2)]
        answer = owner.post(f"products/{wine.pk}/images/reorder/", {"ids": ids[::-1]})
        assert [row["id"] for row in answer.json()["results"]] == ids[::-1]
        path = next(row.image.name for row in rows(ProductImage, store) if str(row.pk) == ids[0])
        with django_capture_on_commit_callbacks(execute=True):
            assert owner.delete(f"products/{wine.pk}/images/{ids[0]}/").status_code == 204
        assert not default_storage.exists(path)
        assert len(rows(ProductImage, store)) == 1

    def test_a_product_has_twelve_at_most(self, owner: Shop, store: Store, wine: Product) -> None:
        with scope(store.pk):
            ProductImage.objects.bulk_create(
                [ProductImage(store_id=store.pk, product=wine, image="x.jpg") for _ in range(12)]
            )
        assert upload(owner, wine, picture()).json()["code"] == "too_many"
        assert len(rows(ProductImage, store)) == 12
        files = list(default_storage.listdir(str(store.pk))[1]) if default_storage.exists(str(store.pk)) else []
        assert files == []

    def test_only_who_may_edit_the_menu_uploads(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store, wine: Product
    ) -> None:
        assert [upload(client, wine, picture()).status_code for client in (attendant, stranger, nobody)] == [
            403,
            404,
            401,
        ]
        assert rows(ProductImage, store) == []

    def test_a_copy_has_files_of_its_own(self, owner: Shop, store: Store, wine: Product) -> None:
        upload(owner, wine, picture())
        assert owner.post("products/wine/duplicate/").status_code == 201
        first, second = rows(ProductImage, store)
        assert first.image.name != second.image.name
        assert default_storage.exists(second.image.name)
        assert len(rows(Product, store)) == 2
        assert len(rows(Variant, store)) == 2

    def test_the_upload_is_json_free(self, owner: Shop, wine: Product) -> None:
        assert owner.post(f"products/{wine.pk}/images/", {"image": "x"}).status_code in {400, 415}
