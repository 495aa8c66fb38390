"""Routes of slots and breaks, under a store."""

from django.urls import path

from apps.stores.api.views import when

urlpatterns = [
    path("slots/", when.SlotsView.as_view()),
    path("special-days/", when.HolidaysView.as_view()),
    path("pauses/", when.PausesView.as_view()),
    path("pause/", when.PauseView.as_view()),
    path("unpause/", when.UnpauseView.as_view()),
]
