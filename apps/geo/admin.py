"""What providers answered, in the admin: looked at by the platform, and deleted where it is wrong."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.geo.models import Answer


@admin.register(Answer)
class AnswerAdmin(ModelAdmin):
    """Kept answers. Deleting one asks the provider again the next time."""

    list_display = ("kind", "provider", "created_at", "expires_at")
    list_filter = ("kind", "provider")
    ordering = ("-created_at",)
    readonly_fields = ("kind", "provider", "body", "created_at", "expires_at")
    exclude = ("key",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Super users only: it is nobody's store."""
        return bool(getattr(request.user, "is_superuser", False)) and request.user.is_active

    def has_view_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        """Super users only."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        """Super users only."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        """Nobody."""
        return False
