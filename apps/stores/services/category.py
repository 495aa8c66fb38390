"""Sections of the menu: create, change, order, delete. A category may be inside another, never inside itself."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.stores.models import Category
from apps.stores.services import images
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import (
    Values,
    assign,
    free_slug,
    insert,
    next_position,
    place,
    remove,
    settings_fact,
    update,
    wrong,
)

# Deeper menus cannot be shown on a phone.
MAX_DEPTH = 4


def create(*, actor: Actor, values: Values) -> Category:
    """A new category, last in its list unless `position` is given. `slug` is made from the name when missing."""
    category = Category()
    with catalog_unit(actor=actor) as publish:
        assign(category, values)
        category.slug = category.slug or free_slug(Category.objects.all(), category.name)
        if "position" not in values:
            category.position = next_position(Category.objects.all())
        _check_tree(category)
        insert(category)
        settings_fact("category.created", category.pk, actor=actor)
        publish()
    return category


def change(*, category: Category, actor: Actor, values: Values) -> Category:
    """Change columns. Raises a field error for a parent that is inside the category."""
    with catalog_unit(actor=actor) as publish:
        changed = assign(category, values)
        if "parent" in changed:
            _check_tree(category)
        update(category, changed)
        if changed:
            settings_fact("category.updated", category.pk, actor=actor, changed=changed)
            publish()
    return category


def _check_tree(category: Category) -> None:
    """Refuse loops and trees deeper than `MAX_DEPTH`. No other change of the menu can close one meanwhile (`catalog_unit`)."""
    if category.parent_id is None:
        return
    parents: dict[UUID, UUID | None] = dict(Category.objects.exclude(pk=category.pk).values_list("pk", "parent_id"))
    parents[category.pk] = category.parent_id
    if any(_depth(pk, parents) > MAX_DEPTH for pk in parents):
        raise wrong("parent", _("A category cannot be inside itself, nor deeper than four levels."), "bad_parent")


def _depth(pk: UUID, parents: dict[UUID, UUID | None]) -> int:
    """How deep a category is; beyond the limit for one in a loop."""
    depth, current = 1, parents.get(pk)
    while current is not None and depth <= MAX_DEPTH:
        depth, current = depth + 1, parents.get(current)
    return depth


def reorder(*, ids: list[UUID], actor: Actor) -> None:
    """Put categories in the order of `ids`."""
    with catalog_unit(actor=actor) as publish:
        place(Category.objects.all(), ids)
        if ids:
            settings_fact("category.reordered", ids[0], actor=actor, changed=["position"])
            publish()


def delete(*, category: Category, actor: Actor) -> None:
    """Delete an empty category. Raises 409 `in_use` when products, combos or categories are in it."""
    with catalog_unit(actor=actor) as publish:
        settings_fact("category.deleted", category.pk, actor=actor)
        images.discard(category, "image")
        remove(category)
        publish()


def set_image(*, category: Category, content: ContentFile[bytes] | None, actor: Actor) -> Category:
    """Give the category a cleaned picture, or none."""
    if content is None:
        return _put_image(category, "", actor)
    with images.stored(category, "image", content) as path:
        return _put_image(category, path, actor)


def _put_image(category: Category, path: str, actor: Actor) -> Category:
    with catalog_unit(actor=actor) as publish:
        images.discard(category, "image")
        category.image = path
        update(category, ["image"])
        settings_fact("category.updated", category.pk, actor=actor, changed=["image"])
        publish()
    return category
