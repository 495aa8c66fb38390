"""Pictures of a product. The first by position is the main one."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.stores import facts
from apps.stores.models import Product, ProductImage
from apps.stores.services import images
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.product import lock
from apps.stores.services.saving import Values, assign, insert, next_position, place, remove, update, wrong

MAX_IMAGES = 12


def add(*, product: Product, content: ContentFile[bytes], actor: Actor, alt: str = "") -> ProductImage:
    """Add a cleaned picture at the end. Raises a field error when the product has twelve."""
    picture = ProductImage(product=product, store_id=product.store_id, alt=alt)
    with images.stored(picture, "image", content) as path, catalog_unit(actor=actor) as publish:
        lock(product)  # two uploads at once must not both be the twelfth
        others = ProductImage.objects.filter(product=product)
        if others.count() >= MAX_IMAGES:
            raise wrong("image", _("A product has at most twelve pictures."), "too_many")
        picture.image, picture.position = path, next_position(others)
        insert(picture)
        product_fact(facts.PRODUCT_UPDATED, product, actor=actor, changed=["images"])
        publish()
    return picture


def change(*, picture: ProductImage, actor: Actor, values: Values) -> ProductImage:
    """Change the text or place of a picture."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(picture, values)
        update(picture, changed)
        if changed:
            product_fact(facts.PRODUCT_UPDATED, picture.product, actor=actor, changed=["images"])
            publish()
    return picture


def reorder(*, product: Product, ids: list[UUID], actor: Actor) -> None:
    """Put pictures in the order of `ids`, which must all be of this product."""
    with catalog_unit(actor=actor) as publish:
        place(ProductImage.objects.filter(product=product), ids)
        product_fact(facts.PRODUCT_UPDATED, product, actor=actor, changed=["images"])
        publish()


def delete(*, picture: ProductImage, actor: Actor) -> None:
    """Delete a picture and, after the commit, its file."""
    with catalog_unit(actor=actor) as publish:
        images.discard(picture, "image")
        product_fact(facts.PRODUCT_UPDATED, picture.product, actor=actor, changed=["images"])
        remove(picture)
        publish()
