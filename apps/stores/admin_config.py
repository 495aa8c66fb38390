"""Makes Comanda's own site the site that every `admin.site.register` of the project means."""

from django.contrib.admin.apps import AdminConfig


class StoreAdminConfig(AdminConfig):
    """Django's admin with the site below; stands in `INSTALLED_APPS` in place of `django.contrib.admin`."""

    default_site = "apps.stores.admin_site.StoreAdminSite"
