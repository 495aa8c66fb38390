"""The kitchen's page, mounted by config at `/`."""

from django.urls import path

from apps.kitchen import views

app_name = "kitchen"
urlpatterns = [path("k/<slug:slug>/", views.kitchen_page, name="screen")]
