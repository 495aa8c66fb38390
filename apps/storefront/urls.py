"""The customer's pages, mounted at the root.

`s/<slug>/` menu, options, bag and checkout · `s/<slug>/t/<token>/` payment and live tracking · `pay/<token>/` a draft order to confirm ·
`s/<slug>/sitemap.xml` and `robots.txt` for search engines.
"""

from __future__ import annotations

from django.urls import path

from apps.storefront import views, views_pay

app_name = "storefront"
urlpatterns = [
    path("s/<slug:slug>/", views.menu_page, name="menu"),
    path("s/<slug:slug>/t/<str:token>/", views.tracking_page, name="tracking"),
    path("s/<slug:slug>/sitemap.xml", views.sitemap, name="sitemap"),
    path("s/<slug:slug>/robots.txt", views.robots, name="robots"),
    path("pay/<str:token>/", views_pay.pay_page, name="pay"),
    path("robots.txt", views.robots, name="root-robots"),
]
