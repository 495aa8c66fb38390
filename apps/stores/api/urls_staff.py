"""Paths of team and devices: `urlpatterns` under a store, `global_patterns` under `/api/v1/`."""

from importlib import import_module

from django.urls import path

from apps.stores.api.views import devices, staff

import_module("apps.stores.api.schema_devices")  # known to the OpenAPI generator before it draws the first path

urlpatterns = [
    path("staff/", staff.StaffListView.as_view(), name="staff"),
    path("staff/invites/", staff.InviteListView.as_view(), name="staff-invites"),
    path("staff/invites/<uuid:invite_id>/", staff.InviteDetailView.as_view(), name="staff-invite"),
    path("staff/<uuid:staff_id>/", staff.StaffDetailView.as_view(), name="staff-member"),
    path("devices/", devices.DeviceListView.as_view(), name="devices"),
    path("devices/claim/", devices.ClaimView.as_view(), name="device-claim"),
    path("devices/<uuid:device_id>/revoke/", devices.RevokeView.as_view(), name="device-revoke"),
]

global_patterns = [
    path("auth/accept-invite/", staff.AcceptInviteView.as_view(), name="accept-invite"),
    path("devices/pair/", devices.PairView.as_view(), name="device-pair"),
    path("devices/pair/poll/", devices.PollView.as_view(), name="device-poll"),
]
