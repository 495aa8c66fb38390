"""Admin pages of rows that belong to a store, whatever room they are of.

The site (`apps.stores.admin_site`) puts three things on every request: `request.store` (the store picked in the header),
`request.access` (what this person may do there, or None) and the scope of that store, for the view *and* its rendering.
Permissions come from the person's role in that store, not from Django's permission tables; a row of another store is
not found (404), like a row that does not exist.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from apps.core.scope import current_store_id, scoped_or_none


def allowed(request: HttpRequest, need: str) -> bool:
    """Whether the person may do this in the store that is picked. An empty need is nobody's."""
    access = getattr(request, "access", None)
    return bool(need) and access is not None and need in access.permissions


def my_outlets(request: HttpRequest) -> frozenset[Any]:
    """The outlets the person is limited to in the store that is picked. Empty: all of them."""
    access = getattr(request, "access", None)
    return access.outlets if access is not None else frozenset()


def is_limited(request: HttpRequest) -> bool:
    """Whether the person speaks for some outlets only."""
    access = getattr(request, "access", None)
    return access is not None and bool(access.is_limited)


class LowForm(forms.ModelForm):  # type: ignore[type-arg]  # a base for forms of many models
    """A model form whose text areas are three lines high: most hold a short text or a little JSON, and all can be pulled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3


class ScopedForm(LowForm):
    """A form that knows the store, so that "unique in the store" is checked before the database refuses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(self.instance, "store_id", None) is None:
            self.instance.store_id = current_store_id()

    def _get_validation_exclusions(self) -> set[str]:
        return set(super()._get_validation_exclusions()) - {"store"}  # type: ignore[misc]  # Django's hook, unknown to the stubs


class WordsField(forms.CharField):
    """A list of short texts, written with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """The list as people write it."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The list."""
        return [word for part in str(value or "").split(",") if (word := part.strip())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is another list."""
        return bool(self.to_python(data) != (initial or []))


class PermissionsMixin:
    """View and edit by permission of the role. `edit_needs` empty: nobody edits."""

    view_needs: ClassVar[str] = ""
    edit_needs: ClassVar[str] = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may look."""
        return allowed(request, self.view_needs) or allowed(request, self.edit_needs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may add."""
        return allowed(request, self.edit_needs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change."""
        return allowed(request, self.edit_needs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may delete."""
        return allowed(request, self.edit_needs)


# What a person may see of a table whose rows do not lead to an outlet by a plain lookup: (rows, access) → rows.
Narrow = Callable[[models.QuerySet[Any], Any], models.QuerySet[Any]]
_narrowed: dict[type[models.Model], Narrow] = {}


def narrow(model: type[models.Model], by: Narrow) -> None:
    """Let a higher room say what a person may see of a lower room's table."""
    _narrowed[model] = by


class ScopedAdmin(PermissionsMixin, ModelAdmin):
    """Rows of the store that is picked; of those that belong to an outlet, the ones of the person's own outlets."""

    # The lookup from a row to its outlet, e.g. `order__outlet`. Empty: the rows belong to the store as a whole.
    outlet_path: ClassVar[str] = ""
    # Rows that name no outlet are about all of them, and shown to everybody.
    outlet_optional: ClassVar[bool] = False
    form: ClassVar[Any] = ScopedForm
    compressed_fields = False
    warn_unsaved_form = True
    list_filter_submit = True
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the menu shows the room at all."""
        return bool(self.has_view_permission(request))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The scope decides. Without a store there is nothing here for anybody."""
        if scoped_or_none() is None:
            raise PermissionDenied
        rows, by = self.shown_rows(request), _narrowed.get(self.model)
        return self._of_my_outlets(request, rows) if by is None else by(rows, request.access)  # type: ignore[attr-defined]  # set by the site

    def _of_my_outlets(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        mine = my_outlets(request)
        if not mine or not self.outlet_path:
            return rows
        own = models.Q(**{f"{self.outlet_path}__in": mine})
        if self.outlet_optional:
            own |= models.Q(**{self.outlet_path: None})
        found = self.model._default_manager.filter(own)
        return rows.filter(pk__in=found.values("pk"))  # a path over many rows must not show a row twice

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice of rows offers what the person may see of them."""
        page = self.admin_site._registry.get(db_field.related_model)
        if isinstance(page, ScopedAdmin) and page.outlet_path and my_outlets(request) and "queryset" not in kwargs:
            kwargs["queryset"] = page.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def shown_rows(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows, with what the pages show of them."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404(_("Not found."))


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only services write; here they are looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class RowsInline(PermissionsMixin, TabularInline):
    """Children in a table; whoever may edit the parent edits them."""

    form = ScopedForm
    extra = 0
    tab = True
    hide_title = True


class StackedRowsInline(PermissionsMixin, StackedInline):
    """Children below one another."""

    form = ScopedForm
    extra = 0
    tab = True


class ReadOnlyInline(RowsInline):
    """Children that are only looked at."""

    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them."""
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
