"""How the admin writes the menu: through the services, in one unit of work per request, with one new catalog version.

A form's own row goes through the service of its noun; rows of inlines are saved inside the same unit, and their
change is recorded with the parent's. A service that refuses rolls the whole form back and says why.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from apps.core.actors import Actor
from apps.core.ids import uuid7
from apps.core.problems import Problem
from apps.core.scoped_admin import RowsInline, ScopedAdmin, ScopedForm, StackedRowsInline
from apps.stores.models import Variant
from apps.stores.permissions import Perm
from apps.stores.services import images
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.saving import settings_fact

Values = dict[str, Any]


class PictureMixin:
    """A form whose uploaded pictures are checked and re-encoded before anything is stored."""

    pictures: ClassVar[tuple[str, ...]] = ("image",)

    def clean(self) -> Values | None:
        """Replace each new upload by its safe form."""
        form: Any = self
        data: Values = super().clean() or form.cleaned_data  # type: ignore[misc]  # of the form it is mixed into
        for name in self.pictures:
            if name in form.changed_data and data.get(name):
                try:
                    data[name].seek(0)
                    data[name] = images.clean(data[name])
                except Problem as problem:
                    form.add_error(name, str(problem.detail))
        return data


class PictureForm(PictureMixin, ScopedForm):
    """The same for rows of a store."""


class CatalogAdmin(ScopedAdmin):
    """A noun of the menu. Subclasses say which service creates, changes and deletes it."""

    noun: ClassVar[str] = ""
    view_needs = Perm.CATALOG_VIEW
    edit_needs = Perm.CATALOG_EDIT

    def create_row(self, actor: Actor, values: Values) -> None:
        """Create through the service; `values` carry the row's id."""
        raise NotImplementedError

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Change through the service."""
        raise NotImplementedError

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Delete through the service."""
        raise NotImplementedError

    def note_children(self, row: Any, actor: Actor, names: list[str]) -> None:
        """Record that rows of these inlines changed."""
        settings_fact(f"{self.noun}.updated", row.pk, actor=actor, changed=names)

    def check_children(self, row: Any) -> None:
        """Rules over the row and its children together; raises a `Problem`."""

    # What Django calls

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; a POST is one unit of work."""
        call = super().changeform_view
        return self._unit(request, lambda: call(request, object_id, form_url, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; actions and edits in it are one unit of work."""
        call = super().changelist_view
        return self._unit(request, lambda: call(request, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The question before deleting, and the deletion."""
        call = super().delete_view
        return self._unit(request, lambda: call(request, object_id, extra_context))

    def _unit(self, request: HttpRequest, call: Callable[[], Any]) -> HttpResponse:
        access = getattr(request, "access", None)
        if request.method != "POST" or access is None:
            response: HttpResponse = call()
            return response
        try:
            with catalog_unit(actor=access.actor) as publish:
                request.publish = publish  # type: ignore[attr-defined]  # read by `save_related`
                done: HttpResponse = call()
                return done
        except (Problem, ValidationError) as error:
            for text in _sentences(error):
                messages.error(request, text)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand the form's values to the service, then show `obj` as it is stored."""
        actor = request.access.actor  # type: ignore[attr-defined]  # permission was checked with it
        columns = {field.name for field in obj._meta.concrete_fields}
        names = form.changed_data if change else form.cleaned_data
        values = {name: form.cleaned_data[name] for name in names if name in columns}
        if change:
            self.change_row(type(obj).objects.get(pk=obj.pk), actor, values)
        else:
            obj.pk = obj.pk or uuid7()  # inline formsets take the key away from a new parent
            self.create_row(actor, {"id": obj.pk, **values})
        obj._state.adding = False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the inlines, check the whole, and record their change once."""
        super().save_related(request, form, formsets, change)
        names = sorted({formset.prefix for formset in formsets if formset.has_changed()})
        self.check_children(form.instance)
        if names:
            actor = request.access.actor  # type: ignore[attr-defined]
            self.note_children(form.instance, actor, names)
            request.publish()  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service."""
        self.delete_row(obj, request.access.actor)  # type: ignore[attr-defined]

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete each through the service."""
        for row in queryset:
            self.delete_model(request, row)


def _sentences(error: Problem | ValidationError) -> list[str]:
    if isinstance(error, ValidationError):
        return error.messages
    if not error.errors:
        return [str(error.detail)]
    return [f"{field}: {text}" for field, texts in error.errors.items() for text in texts]


class CatalogInline(RowsInline):
    """Rows of a menu noun, in a table."""

    view_needs = Perm.CATALOG_VIEW
    edit_needs = Perm.CATALOG_EDIT


class VariantChoiceMixin:
    """Shows variants with the name of their product: "300 g" alone says nothing."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field, with readable choices."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # of the inline
        if db_field.name == "variant" and field is not None:
            field.queryset = Variant.objects.select_related("product").order_by("product__name", "position")
            field.label_from_instance = lambda variant: f"{variant.product.name} – {variant.name}"
        return field


class StackedCatalogInline(StackedRowsInline):
    """Rows of a menu noun, below one another."""

    view_needs = Perm.CATALOG_VIEW
    edit_needs = Perm.CATALOG_EDIT


def details_link(row: models.Model, label: Any) -> str:
    """A link to a child's own page, for inlines whose rows have children of their own; a dash for a row not yet saved."""
    if row._state.adding:
        return "–"
    options = row._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
    return format_html('<a href="{}" class="text-primary-600 dark:text-primary-500 font-medium">{}</a>', address, label)


def take_pictures(values: Values, *names: str) -> dict[str, Any]:
    """Take changed pictures out of a form's values: a cleaned file, or None where the box "clear" was ticked."""
    return {name: values.pop(name) or None for name in names if name in values}
