"""Addresses outside the API: where providers post to."""

from django.urls import path

from apps.events.views import webhook

urlpatterns = [path("webhooks/v1/<slug:provider>/", webhook, name="provider-webhook")]
