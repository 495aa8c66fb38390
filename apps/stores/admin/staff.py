"""The team and its devices in the admin. Who may grant what is decided by `services.staff`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget

from apps.core.actors import Actor
from apps.core.problems import Problem
from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline, ScopedForm
from apps.stores.admin.base import CatalogAdmin, Values
from apps.stores.models import Device, Staff, StaffOutlet
from apps.stores.permissions import Perm
from apps.stores.services import devices
from apps.stores.services import staff as members
from apps.users import queries as user_queries


class NewMemberForm(ScopedForm):
    """Somebody who already has a login, by e-mail or phone. Others are invited over the API."""

    identifier = forms.CharField(
        label=_("E-mail or phone"), max_length=254, widget=UnfoldAdminEmailInputWidget(attrs={"type": "text"})
    )

    class Meta:
        model = Staff
        fields = ("role",)

    def clean_identifier(self) -> Any:
        """The user called so."""
        user = user_queries.user_by_identifier(self.cleaned_data["identifier"])
        if user is None or not user.is_active:
            raise forms.ValidationError(_("Nobody has this login. Send an invitation instead."))
        self.instance.user = user
        return user


class MemberOutletInline(ReadOnlyInline):
    """Outlets the membership is limited to (none: all); changed over the API."""

    model = StaffOutlet
    view_needs = Perm.STAFF_VIEW
    tab = False
    fields = ("outlet",)


@admin.register(Staff)
class StaffAdmin(CatalogAdmin):
    """Who works here."""

    noun = "staff"
    view_needs = Perm.STAFF_VIEW
    edit_needs = Perm.STAFF_EDIT
    list_display = ("user", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__first_name", "user__last_name")
    readonly_fields = ("user", "created_at")
    fields = ("user", ("role", "is_active"), "created_at")
    inlines = (MemberOutletInline,)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A new member is named by login, a known one only changes role."""
        if obj is None:
            kwargs["form"] = NewMemberForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The login of a new member, the record of a known one."""
        return self.fields if obj else ("identifier", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing is read-only while adding."""
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Outlets only of known members."""
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the team's service, which knows who may grant what."""
        access = request.access  # type: ignore[attr-defined]  # permission was checked with it
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            members.update(by=access, staff_id=obj.pk, changes=changes)
            return
        members.check_may_manage(by=access, role=obj.role, outlets=())
        made = members.add_member(user=obj.user, role=obj.role, actor=access.actor)
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """End the membership; the person stays."""
        members.remove(by=request.access, staff_id=obj.pk)  # type: ignore[attr-defined]

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Not used: `save_model` is this noun's own."""
        raise TypeError("members are written by services.staff")


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Paired screens and tills. Their tokens are kept as hashes and never shown."""

    outlet_path = "outlet"
    view_needs = Perm.DEVICES_EDIT
    list_display = ("name", "kind", "outlet", "station", "paired_at", "last_seen_at", "revoked_at")
    list_filter = ("kind",)
    list_select_related = ("outlet",)
    search_fields = ("name",)
    fields = ("name", "kind", ("outlet", "station"), ("paired_by", "paired_at"), ("last_seen_at", "revoked_at"))
    actions = ("revoke",)

    @admin.action(description=_("Revoke: the device is logged out for good"))
    def revoke(self, request: HttpRequest, rows: Any) -> None:
        """Take the access of the chosen devices away."""
        try:
            for row in rows:
                devices.revoke(by=request.access, device_id=row.pk)  # type: ignore[attr-defined]
        except Problem as problem:
            self.message_user(request, str(problem.detail), level="ERROR")
