"""What is installed and in which order a request passes through it."""

from __future__ import annotations

ROOMS = [
    "apps.core",
    "apps.events",
    "apps.users",
    "apps.geo",
    "apps.customers",
    "apps.payments",
    "apps.stores",
    "apps.kitchen",
    "apps.storefront",
    "apps.notifications",
]

INSTALLED_APPS = [
    # Unfold without its own site: `StoreAdminConfig` names ours, which enters the scope of the picked store.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "apps.stores.admin_config.StoreAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "channels",
    *ROOMS,
]

# Short on purpose: each one is paid by every request. Frame and referrer headers are set by the first.
MIDDLEWARE = [
    "apps.core.http.middleware.RequestContextMiddleware",
    "apps.core.http.health.HealthMiddleware",  # before anything that looks at the host
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
