"""The public menu in the OpenAPI document (`queries.menu_document` and `queries.catalog` build it).
Parts a store shapes itself – translations, metadata, attributes – are objects of its own keys."""

from typing import Any

from rest_framework import serializers

from apps.stores.models import ProductKind, SaleStatus

SHOWN_STATUS = "`active`, `inactive` (paused) or `out_of_stock`"


class Out(serializers.Serializer[dict[str, Any]]):
    """Something that is only ever sent."""


class NamedOut(Out):
    """Something by id and name."""

    id = serializers.CharField()
    name = serializers.CharField()


class TypeRefOut(NamedOut):
    """The type of a product."""

    slug = serializers.CharField()


class MenuOutletOut(NamedOut):
    """A branch."""

    slug = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    phone = serializers.CharField()
    address = serializers.DictField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    hours = serializers.DictField(help_text='{"mon": [["11:00", "23:00"]], …}')
    tax_mode = serializers.CharField(allow_null=True)
    service_charge = serializers.DictField(allow_null=True)


class MenuStoreOut(Out):
    """The store as its customers see it."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    tagline = serializers.CharField()
    logo_url = serializers.CharField(allow_null=True)
    banner_url = serializers.CharField(allow_null=True)
    primary_color = serializers.CharField()
    secondary_color = serializers.CharField()
    currency = serializers.CharField()
    currency_decimals = serializers.IntegerField()
    country = serializers.CharField()
    language = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    timezone = serializers.CharField()
    phone = serializers.CharField()
    whatsapp_number = serializers.CharField()
    email = serializers.CharField()
    address = serializers.CharField()
    neighborhood = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    zip_code = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    hours = serializers.DictField(help_text='{"mon": [["11:00", "23:00"]], …}')
    services = serializers.ListField(child=serializers.CharField())
    payment_methods = serializers.ListField(child=serializers.DictField())
    min_order = serializers.DictField(help_text="service → lowest subtotal")
    prep_minutes = serializers.IntegerField()
    tax_mode = serializers.CharField(allow_null=True)
    service_charge = serializers.DictField(allow_null=True)
    seo = serializers.DictField()
    metadata = serializers.DictField()
    outlets = MenuOutletOut(many=True)
    outlet = MenuOutletOut(allow_null=True, help_text="the branch this menu is of")
    is_open = serializers.BooleanField()
    opens_at = serializers.CharField(allow_null=True)
    closes_at = serializers.CharField(allow_null=True)
    paused_until = serializers.DateTimeField(allow_null=True)
    pause_reason = serializers.CharField(required=False)
    service_status = serializers.DictField(required=False)


class MenuCategoryOut(NamedOut):
    """A shown section of the menu."""

    slug = serializers.CharField()
    description = serializers.CharField()
    image_url = serializers.CharField(allow_null=True)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    position = serializers.IntegerField()
    translations = serializers.DictField()


class StockOut(Out):
    """How much there is; `stock_quantity` null: nobody counts it."""

    stock_quantity = serializers.IntegerField(allow_null=True)
    is_in_stock = serializers.BooleanField()
    is_low_stock = serializers.BooleanField()


class BuyableOut(StockOut):
    """Whether it can be bought now, and if not why."""

    is_available = serializers.BooleanField()
    unavailable_reason = serializers.CharField(allow_null=True)


class MenuVariantOut(StockOut):
    """A form of a product with its own price."""

    id = serializers.CharField()
    slug = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()
    price = serializers.FloatField()
    compare_at_price = serializers.FloatField(allow_null=True)
    content = serializers.JSONField(allow_null=True)
    is_available = serializers.BooleanField()


class PictureOut(Out):
    """A picture of a product."""

    url = serializers.CharField()
    alt = serializers.CharField()


class MenuProductOut(BuyableOut):
    """A product. `price` is what it costs now, or from which price it is had."""

    id = serializers.CharField()
    slug = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    short_description = serializers.CharField()
    kind = serializers.ChoiceField(choices=ProductKind.choices)
    featured = serializers.BooleanField()
    price = serializers.FloatField()
    compare_at_price = serializers.FloatField(allow_null=True)
    main_image_url = serializers.CharField(allow_null=True)
    images = PictureOut(many=True)
    category = NamedOut()
    category_name = serializers.CharField()
    category_slug = serializers.CharField()
    status = serializers.CharField(help_text=SHOWN_STATUS)
    tags = serializers.ListField(child=serializers.CharField())
    allergens = serializers.ListField(child=serializers.CharField())
    attributes = serializers.DictField()
    type_attributes = serializers.DictField()
    product_type_name = serializers.CharField()
    product_type = TypeRefOut(allow_null=True)
    variants = MenuVariantOut(many=True)
    modifier_groups = serializers.ListField(child=serializers.CharField(), help_text="ids, in the order they are asked")
    min_age = serializers.IntegerField(allow_null=True)
    content = serializers.JSONField(allow_null=True)
    pack = serializers.JSONField(allow_null=True)
    seo = serializers.DictField()
    translations = serializers.DictField()


class MenuFlavourOut(BuyableOut):
    """A pizza flavour; `prices` by size."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    status = serializers.CharField(help_text=SHOWN_STATUS)
    category = NamedOut()
    prices = serializers.DictField(child=serializers.FloatField())
    tags = serializers.ListField(child=serializers.CharField())
    allergens = serializers.ListField(child=serializers.CharField())
    image_url = serializers.CharField(allow_null=True)
    translations = serializers.DictField()


class MenuOptionOut(Out):
    """A choice within a modifier group. `opens`: ids of the groups it asks in turn."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    price = serializers.FloatField()
    max = serializers.IntegerField()
    status = serializers.ChoiceField(choices=SaleStatus.choices)
    is_available = serializers.BooleanField()
    opens = serializers.ListField(child=serializers.CharField())
    translations = serializers.DictField()


class MenuGroupOut(NamedOut):
    """A question asked about a product."""

    slug = serializers.CharField()
    min = serializers.IntegerField()
    max = serializers.IntegerField(allow_null=True)
    options = MenuOptionOut(many=True)
    translations = serializers.DictField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`required` is a word of the framework, so it is added by name."""
        return {**super().get_fields(), "required": serializers.BooleanField()}


class MenuChoiceOut(BuyableOut):
    """A product that may fill a slot, and what it costs on top."""

    id = serializers.CharField()
    product_id = serializers.CharField()
    product_name = serializers.CharField()
    variant_id = serializers.CharField(allow_null=True)
    variant_name = serializers.CharField(allow_null=True)
    extra = serializers.FloatField()
    size = serializers.CharField(allow_null=True)
    flavours = serializers.ListField(child=serializers.CharField())


class MenuSlotOut(NamedOut):
    """A place in a combo."""

    slug = serializers.CharField()
    min = serializers.IntegerField()
    max = serializers.IntegerField()
    choices = MenuChoiceOut(many=True)


class ComboItemOut(Out):
    """What a slot holds when nobody chooses."""

    id = serializers.CharField()
    quantity = serializers.IntegerField()
    product_name = serializers.CharField()
    product = NamedOut()


class MenuComboOut(BuyableOut):
    """A combo. There are as many of it as the scarcest slot that has to be filled allows."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    price = serializers.FloatField()
    compare_at_price = serializers.FloatField(allow_null=True)
    original_price = serializers.FloatField(allow_null=True)
    savings = serializers.FloatField()
    image_url = serializers.CharField(allow_null=True)
    is_active = serializers.BooleanField()
    status = serializers.ChoiceField(choices=SaleStatus.choices)
    featured = serializers.BooleanField()
    category = serializers.CharField()
    category_slug = serializers.CharField()
    slots = MenuSlotOut(many=True)
    translations = serializers.DictField()
    items = ComboItemOut(many=True)


class MenuAttributeOut(Out):
    """What is asked about every product of a type."""

    slug = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())
    unit = serializers.CharField()


class MenuTypeOut(TypeRefOut):
    """A product type."""

    icon = serializers.CharField()
    attributes = MenuAttributeOut(many=True)


class CatalogOut(Out):
    """The whole menu."""

    store = MenuStoreOut()
    categories = MenuCategoryOut(many=True)
    products = MenuProductOut(many=True)
    flavours = MenuFlavourOut(many=True)
    modifier_groups = MenuGroupOut(many=True)
    pizza = serializers.DictField(allow_null=True)
    combos = MenuComboOut(many=True)
    product_types = MenuTypeOut(many=True)
    version = serializers.IntegerField()
    featured_products = MenuProductOut(many=True)
    products_by_category = serializers.DictField(child=MenuProductOut(many=True), help_text="category id → products")
