"""Who works here: memberships with a role, and the devices (kitchen screens, tills) a manager has paired."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.scope import ScopedModel
from apps.stores.models.store import Outlet


class Role(models.TextChoices):
    """Roles of `domain.md`; what each may do is in `apps.stores.permissions`."""

    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    CASHIER = "cashier", _("cashier")
    ATTENDANT = "attendant", _("attendant")
    KITCHEN = "kitchen", _("kitchen")
    COURIER = "courier", _("courier")
    SUPPORT = "support", _("support")
    MARKETING = "marketing", _("marketing")


class Staff(ScopedModel):
    """A user's membership of a store. With no outlets named it counts for all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        db_table = "store_staff"
        constraints = [models.UniqueConstraint(fields=["store", "user"], name="staff_once_per_store")]
        indexes = [models.Index(fields=["user"], condition=models.Q(is_active=True), name="staff_by_user")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class StaffOutlet(ScopedModel):
    """An outlet a staff member is limited to."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="outlet_links")
    # Never gone with its outlet: a membership whose last limit went away would be one of all outlets.
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("limited membership")
        verbose_name_plural = _("limited memberships")
        db_table = "store_staff_outlets"
        constraints = [models.UniqueConstraint(fields=["staff", "outlet"], name="staff_outlet_once")]

    def __str__(self) -> str:
        return str(self.outlet)


class DeviceKind(models.TextChoices):
    """What a paired device is; its kind decides what it may do."""

    KITCHEN_SCREEN = "kitchen_screen", _("kitchen screen")
    CASHIER = "cashier", _("till")
    KIOSK = "kiosk", _("kiosk")
    PRINTER = "printer", _("printer")


class Device(ScopedModel):
    """A screen that was paired once and works without a person's login, until somebody revokes it."""

    kind = models.CharField(max_length=16, choices=DeviceKind.choices)
    name = models.CharField(max_length=80)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    station = models.SlugField(max_length=50, blank=True, help_text=_("kitchen station it shows; empty: all"))
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    paired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    paired_at = models.DateTimeField(null=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        db_table = "store_devices"

    def __str__(self) -> str:
        return self.name


class DevicePairing(models.Model):
    """A code on a screen that waits for a manager. Belongs to no store until it is claimed, so it is not scoped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="+")
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        db_table = "store_device_pairings"

    def __str__(self) -> str:
        return self.code
