"""The public API: rendering, authentication, paging, documentation."""

from __future__ import annotations

from datetime import timedelta

from config.settings.environment import env

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["apps.core.http.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.http.parsers.OrjsonParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.users.authentication.BearerOrTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.http.pagination.PagePagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.http.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Rotation and reuse detection are `apps.users.services.logins`; only signing, lifetimes and the claim come from the library.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env("JWT_ACCESS_MINUTES")),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env("JWT_REFRESH_DAYS")),
    "USER_ID_CLAIM": "sub",
    "AUTH_HEADER_TYPES": ("Bearer",),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Comanda API",
    "DESCRIPTION": "Stores, catalog, carts, checkout, orders and the kitchen. Errors are RFC 9457 problem documents.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["config.openapi.leave_out_aliases"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "apps.core.http.schema.problems"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "apps.stores.models.order.OrderStatus",
        "PaymentStatus": "apps.stores.models.order.PaymentStatus",
        "Channel": "apps.stores.models.order.Channel",
        "CancelKind": "apps.stores.models.order.CancelKind",
        "DraftStatus": "apps.stores.models.draft.DraftStatus",
        "SaleStatus": "apps.stores.models.catalog.SaleStatus",
        "ProductKind": "apps.stores.models.catalog.ProductKind",
        "AttributeKind": "apps.stores.models.catalog.AttributeKind",
        "PromotionKind": "apps.stores.models.promotion.PromotionKind",
        "PromotionTrigger": "apps.stores.models.promotion.PromotionTrigger",
        "DeliveryFallback": "apps.stores.models.store.DeliveryFallback",
        "DeliveryProof": "apps.stores.models.courier.Proof",
        "ZoneKind": "apps.stores.models.delivery.ZoneKind",
        "StoreStatus": "apps.stores.models.store.StoreStatus",
        "StoreType": "apps.stores.models.store.StoreType",
        "Service": "apps.stores.models.store.Service",
        "StockReason": "apps.stores.models.stock.StockReason",
        "Role": "apps.stores.models.staff.Role",
        "DeviceKind": "apps.stores.models.staff.DeviceKind",
        "IdentityKind": "apps.customers.models.customer.IdentityKind",
        "BlockPolicy": "apps.customers.models.customer.BlockPolicy",
        "ConsentPurpose": "apps.customers.models.details.Purpose",
        "ConsentChannel": "apps.customers.models.details.ConsentChannel",
        "PointsKind": "apps.customers.models.loyalty.PointsKind",
        "StampPer": "apps.customers.models.loyalty.LoyaltyProgram.StampPer",
        "PaymentMethod": "apps.payments.models.Method",
        "TicketKind": "apps.kitchen.models.ticket.TicketKind",
        "TicketStatus": "apps.kitchen.models.ticket.TicketStatus",
        "TicketItemStatus": "apps.kitchen.models.ticket.ItemStatus",
    },
    "SORT_OPERATIONS": True,
}

# Orders of people nobody knows: what one address and one phone may do (`apps.stores.api.ordering_limits`).
CHECKOUTS_PER_ADDRESS: int = env("CHECKOUTS_PER_ADDRESS")
CHECKOUTS_PER_PHONE: int = env("CHECKOUTS_PER_PHONE")
UNPAID_ORDERS_PER_PHONE: int = env("UNPAID_ORDERS_PER_PHONE")
