"""Tables of the commerce core, one file per noun."""

from apps.stores.models.cart import Cart, CartLine
from apps.stores.models.catalog import (
    Attribute,
    AttributeKind,
    Category,
    OutletOverride,
    Product,
    ProductImage,
    ProductKind,
    ProductOutlet,
    ProductType,
    SaleStatus,
    Variant,
)
from apps.stores.models.courier import CourierJob, Proof
from apps.stores.models.delivery import DeliveryZone, QuoteSource, ShippingZone, StoredQuote, ZoneKind
from apps.stores.models.draft import DraftOrder, DraftStatus
from apps.stores.models.invite import StaffInvite
from apps.stores.models.modifier import (
    Combo,
    ComboChoice,
    ComboChoiceFlavour,
    ComboSlot,
    ModifierGroup,
    ModifierOption,
    OptionOpens,
    ProductModifierGroup,
)
from apps.stores.models.order import CancelKind, Channel, Order, OrderCounter, OrderItem, OrderStatus, PaymentStatus
from apps.stores.models.price_list import PriceList, PriceListMember, PriceListPrice
from apps.stores.models.promotion import (
    CouponBatch,
    CouponCode,
    Promotion,
    PromotionCategory,
    PromotionItem,
    PromotionKind,
    PromotionOutlet,
    PromotionProduct,
    PromotionTrigger,
    PromotionType,
    PromotionUse,
)
from apps.stores.models.saved_view import SavedView
from apps.stores.models.staff import Device, DeviceKind, DevicePairing, Role, Staff, StaffOutlet
from apps.stores.models.stock import StockLevel, StockMove, StockReason
from apps.stores.models.store import DeliveryFallback, Outlet, Service, SpecialDay, Store, StoreStatus, StoreType
from apps.stores.models.when import ServicePause, Slot, SlotHold

__all__ = [
    "Attribute", "AttributeKind", "CancelKind", "Cart", "CartLine", "Category", "Channel", "Combo", "ComboChoice",
    "ComboChoiceFlavour", "ComboSlot", "CouponBatch", "CouponCode", "CourierJob", "DeliveryFallback", "DeliveryZone",
    "Device", "DeviceKind", "DevicePairing", "DraftOrder", "DraftStatus", "ModifierGroup", "ModifierOption",
    "OptionOpens", "Order", "OrderCounter", "OrderItem", "OrderStatus", "Outlet", "OutletOverride", "PaymentStatus",
    "PriceList", "PriceListMember", "PriceListPrice", "Product", "ProductImage", "ProductKind",
    "ProductModifierGroup", "ProductOutlet", "ProductType", "Promotion", "PromotionCategory", "PromotionItem",
    "PromotionKind", "PromotionOutlet", "PromotionProduct", "PromotionTrigger", "PromotionType", "PromotionUse",
    "Proof", "QuoteSource", "Role", "SaleStatus", "SavedView", "Service", "ServicePause", "ShippingZone", "Slot",
    "SlotHold", "SpecialDay", "Staff", "StaffInvite", "StaffOutlet", "StockLevel", "StockMove", "StockReason",
    "Store", "StoreStatus", "StoreType", "StoredQuote", "Variant", "ZoneKind",
]  # fmt: skip
