"""Users in the admin. Only super users see them: whoever may edit users could otherwise make themselves one."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.users.models import User
from apps.users.services import logins

admin.site.unregister(Group)  # what people may do comes from their roles in stores


class NewUserForm(UserCreationForm):
    """E-mail or phone, and a password that passes the validators."""

    class Meta:
        model = User
        fields = ("email", "phone")


class ChangeUserForm(UserChangeForm):
    """Everything but the password, which has its own form."""

    class Meta:
        model = User
        fields = "__all__"


class NewPasswordForm(AdminPasswordChangeForm):
    """Sets a password for somebody, and ends the logins that the old one opened."""

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """Save and log the person out everywhere."""
        user = super().save(commit)
        logins.close_all(user=user)
        return user


@admin.register(User)
class UserAdmin(ModelAdmin, StockUserAdmin[User]):
    """People who log in."""

    form = ChangeUserForm
    add_form = NewUserForm
    change_password_form = NewPasswordForm
    ordering = ("-date_joined",)
    list_display = ("display_name", "email", "phone", "platform_role", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "platform_role")
    search_fields = ("email", "phone", "first_name", "last_name")
    readonly_fields = ("id", "last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("id", "email", "phone", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "language")}),
        (_("Powers"), {"fields": ("is_active", "is_staff", "is_superuser", "platform_role")}),
        (_("Times"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "phone", "usable_password", "password1", "password2")}),)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Super users only."""
        return _is_super(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Super users only."""
        return _is_super(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Super users only."""
        return _is_super(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Super users only."""
        return _is_super(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Super users only."""
        return _is_super(request)


def _is_super(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser
