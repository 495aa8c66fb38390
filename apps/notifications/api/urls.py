"""The notifications API, mounted by config below `/api/v1/`."""

from django.urls import include, path

from apps.notifications.api import views

notification_urls = [
    path("", views.NotificationListView.as_view()),
    path("unread_count/", views.UnreadCountView.as_view()),
    path("read_all/", views.ReadAllView.as_view()),
    path("<uuid:notification_id>/read/", views.ReadView.as_view()),
]
urlpatterns = [path("stores/s/<slug:slug>/notifications/", include(notification_urls))]
