"""An open invitation to work here: it becomes a membership when the invited person accepts it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models.staff import Role


class StaffInvite(ScopedModel):
    """Who was asked to join, as what. Holds the SHA-256 of its token; deleted when accepted, withdrawn or renewed."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    outlets = models.JSONField(default=list, blank=True, help_text=_("ids; empty: all"))
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(editable=False)
    # An invitation is worth as much as its author: when they leave, it goes with them.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        db_table = "store_staff_invites"
        constraints = [models.UniqueConstraint(fields=["store", "email"], name="invite_once_per_email")]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"
