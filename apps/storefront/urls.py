"""The customer's pages, mounted at the root.

`s/<slug>/` menu, options, bag and checkout · `s/<slug>/t/<token>/` payment and live tracking ·
`s/<slug>/sitemap.xml` and `robots.txt` for search engines.
"""

from __future__ import annotations

from django.urls import path

from apps.storefront import views

app_name = "storefront"
urlpatterns = [
    path("s/<slug:slug>/", views.menu_page, name="menu"),
    path("s/<slug:slug>/t/<str:token>/", views.tracking_page, name="tracking"),
    path("s/<slug:slug>/sitemap.xml", views.sitemap, name="sitemap"),
    path("s/<slug:slug>/robots.txt", views.robots, name="robots"),
    path("robots.txt", views.robots, name="root-robots"),
]
