"""The kitchen's API, mounted by config below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path

from apps.kitchen.api.views import stations, tickets

ticket_urls = [
    path("start/", tickets.StartView.as_view()),
    path("done/", tickets.DoneView.as_view()),
    path("bump/", tickets.BumpView.as_view()),
    path("recall/", tickets.RecallView.as_view()),
    path("ack/", tickets.AckView.as_view()),
    path("undo/", tickets.UndoView.as_view()),
    path("items/<uuid:item_id>/start/", tickets.ItemStartView.as_view()),
    path("items/<uuid:item_id>/done/", tickets.ItemDoneView.as_view()),
    path("items/<uuid:item_id>/undo/", tickets.ItemUndoView.as_view()),
    path("items/<uuid:item_id>/remake/", tickets.ItemRemakeView.as_view()),
]
kitchen_urls: list[URLPattern | URLResolver] = [
    path("stations/", stations.StationListView.as_view()),
    path("stations/<uuid:station_id>/", stations.StationDetailView.as_view()),
    path("tickets/", tickets.TicketListView.as_view()),
    path("tickets/<uuid:ticket_id>/", include(ticket_urls)),
    path("all-day/", tickets.AllDayView.as_view()),
]
urlpatterns = [path("stores/s/<slug:slug>/kitchen/", include(kitchen_urls))]
