"""Stock in the admin: a level is changed by saying what happened to the goods."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core.actors import Actor
from apps.core.scoped_admin import ReadOnlyInline, ScopedForm
from apps.stores.admin.base import CatalogAdmin, Values
from apps.stores.models import StockLevel, StockMove
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import stock
from apps.stores.services.stock import MAX_QUANTITY, Operation

CHOICES = [
    ("", "–"),
    (Operation.ADD.value, _("received")),
    (Operation.SUBTRACT.value, _("corrected down")),
    (Operation.WASTE.value, _("thrown away")),
    (Operation.RECOUNT.value, _("counted")),
]


class StockForm(ScopedForm):
    """The threshold, and optionally what happened."""

    operation = forms.ChoiceField(
        label=_("What happened"), choices=CHOICES, required=False, widget=UnfoldAdminSelectWidget
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=0, max_value=MAX_QUANTITY, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    note = forms.CharField(label=_("Note"), max_length=160, required=False, widget=UnfoldAdminTextInputWidget)

    def clean(self) -> Values | None:
        """What happened comes with how much."""
        data: Values | None = super().clean()
        if data and data.get("operation") and data.get("quantity") is None:
            self.add_error("quantity", _("How much?"))
        return data


class MoveInline(ReadOnlyInline):
    """The ledger."""

    model = StockMove
    view_needs = Perm.STOCK_VIEW
    tab = False
    fields = ("at", "reason", "on_hand_delta", "reserved_delta", "note", "actor_kind")
    ordering = ("-at",)
    per_page = 20


@admin.register(StockLevel)
class StockLevelAdmin(CatalogAdmin):
    """How much there is of what is tracked."""

    noun = "stock"
    outlet_path, outlet_optional = "outlet", True
    view_needs = Perm.STOCK_VIEW
    edit_needs = Perm.STOCK_EDIT
    form = StockForm
    list_display = ("shown", "outlet", "on_hand", "reserved", "available", "low_threshold", "low", "updated_at")
    search_fields = ("product__folded", "product__name", "variant__name", "variant__product__name", "option__name")
    readonly_fields = ("shown", "outlet", "on_hand", "reserved", "available")
    fields = (
        ("shown", "outlet"),
        ("on_hand", "reserved", "available"),
        "low_threshold",
        ("operation", "quantity"),
        "note",
    )
    inlines = (MoveInline,)

    def shown_rows(self, request: HttpRequest) -> Any:
        """With what each level is of."""
        return staff_catalog.stock_levels()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tracking is switched on where the thing is, or over the API."""
        return False

    @display(description=_("of"))
    def shown(self, row: StockLevel) -> str:
        """What it is of."""
        return f"{row.variant.product} – {row.variant}" if row.variant else str(row.product or row.option)

    @display(description=_("available"))
    def available(self, row: StockLevel) -> int:
        """What can be sold."""
        return row.on_hand - row.reserved

    @display(description=_("level"), label={"low": "danger", "fine": "success"})
    def low(self, row: StockLevel) -> tuple[str, Any]:
        """Whether it is at its threshold."""
        return ("low", _("low")) if self.available(row) <= row.low_threshold else ("fine", _("fine"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Threshold and goods, each through its service."""
        actor: Actor = request.access.actor  # type: ignore[attr-defined]  # permission was checked with it
        data = form.cleaned_data
        if "low_threshold" in form.changed_data:
            stock.set_threshold(level=obj, low_threshold=data["low_threshold"], actor=actor)
        if data["operation"]:
            stock.adjust(
                level=obj,
                operation=Operation(data["operation"]),
                quantity=data["quantity"],
                note=data["note"],
                actor=actor,
            )

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Switch tracking off."""
        stock.untrack(level=row, actor=actor)
