"""What is sold: categories, product types with typed attributes, products, images, variants."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import validators
from apps.stores.models.store import Outlet


class SaleStatus(models.TextChoices):
    """`paused` is shown but cannot be bought (back at `paused_until`); `inactive` is hidden."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    INACTIVE = "inactive", _("inactive")


class Category(ScopedModel):
    """A section of the menu; may be inside another one."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=1000)
    image = models.ImageField(upload_to=validators.upload_path, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    seo = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    translations = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        db_table = "store_categories"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="category_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class ProductType(ScopedModel):
    """A kind of product that gives its products typed attributes."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("product type")
        verbose_name_plural = _("product types")
        db_table = "store_product_types"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="product_type_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class AttributeKind(models.TextChoices):
    """What values an attribute takes."""

    TEXT = "text", _("text")
    INTEGER = "integer", _("whole number")
    BOOLEAN = "boolean", _("yes or no")
    CHOICE = "choice", _("one of a list")


class Attribute(ScopedModel):
    """A typed field that every product of a type has."""

    product_type = models.ForeignKey(ProductType, on_delete=models.CASCADE, related_name="attributes")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=AttributeKind.choices, default=AttributeKind.TEXT)
    choices = models.JSONField(default=list, blank=True, validators=[validators.texts])
    unit = models.CharField(max_length=20, blank=True)
    required = models.BooleanField(default=False)
    filterable = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        db_table = "store_attributes"
        constraints = [models.UniqueConstraint(fields=["product_type", "slug"], name="attribute_slug_per_type")]

    def __str__(self) -> str:
        return self.name


class ProductKind(models.TextChoices):
    """How a product is sold and priced."""

    SIMPLE = "simple", _("simple")
    VARIANTS = "variants", _("sold as a variant")
    PIZZA = "pizza", _("pizza (priced by its flavours)")
    FLAVOUR = "flavour", _("flavour (sold only in a pizza)")


class Product(ScopedModel):
    """Something a customer can put in the cart. JSON shapes: `data/README.md`, `products`."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    product_type = models.ForeignKey(
        ProductType, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    slug = models.SlugField(max_length=80)
    sku = models.CharField(max_length=60)
    barcode = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=160)
    # Lower-case without accents, kept by the service: search and sorting work without any extension.
    folded = models.CharField(max_length=400, editable=False, default="", db_index=True)
    description = models.TextField(blank=True, max_length=4000)
    short_description = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=8, choices=ProductKind.choices, default=ProductKind.SIMPLE)
    status = models.CharField(max_length=8, choices=SaleStatus.choices, default=SaleStatus.ACTIVE)
    paused_until = models.DateTimeField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    featured = models.BooleanField(default=False)

    price = MoneyField(null=True, blank=True, help_text=_("empty for variants, pizza and flavours"))
    compare_at_price = MoneyField(null=True, blank=True)
    cost_price = MoneyField(null=True, blank=True)
    sale = models.JSONField(null=True, blank=True, validators=[validators.sale])
    flavour_prices = models.JSONField(default=dict, blank=True, validators=[validators.price_map])
    tax_code = models.CharField(max_length=20, blank=True)

    attributes = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    tags = models.JSONField(default=list, blank=True, validators=[validators.texts])
    allergens = models.JSONField(default=list, blank=True, validators=[validators.texts])
    available = models.JSONField(default=list, blank=True, validators=[validators.windows])
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True, validators=[validators.is_object])
    pack = models.CharField(max_length=60, blank=True)
    min_age = models.PositiveSmallIntegerField(default=0)
    digital = models.BooleanField(default=False)
    seo = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    translations = models.JSONField(default=dict, blank=True, validators=[validators.is_object])
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        db_table = "store_products"
        constraints = [
            models.UniqueConstraint(fields=["store", "slug"], name="product_slug_per_store"),
            models.UniqueConstraint(fields=["store", "sku"], name="product_sku_per_store"),
            models.CheckConstraint(
                condition=~models.Q(kind="simple") | models.Q(price__isnull=False), name="simple_product_has_price"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductImage(ScopedModel):
    """A picture; the first one is the main one."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    image = models.ImageField(upload_to=validators.upload_path)
    alt = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        db_table = "store_product_images"

    def __str__(self) -> str:
        return self.alt or self.image.name or ""


class Variant(ScopedModel):
    """A priced and stocked form of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    slug = models.SlugField(max_length=60)
    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    price = MoneyField(validators=[MinValueValidator(0)])
    sale = models.JSONField(null=True, blank=True, validators=[validators.sale])
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True, validators=[validators.is_object])
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        db_table = "store_variants"
        constraints = [
            models.UniqueConstraint(fields=["product", "slug"], name="variant_slug_per_product"),
            models.UniqueConstraint(fields=["store", "sku"], name="variant_sku_per_store"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductOutlet(ScopedModel):
    """Limits a product to an outlet; a product without rows is sold everywhere."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="outlet_links")
    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="+")

    class Meta(ScopedModel.Meta):
        db_table = "store_product_outlets"
        constraints = [models.UniqueConstraint(fields=["product", "outlet"], name="product_outlet_once")]

    def __str__(self) -> str:
        return str(self.outlet)


class OutletOverride(ScopedModel):
    """Another price or status of a product (or variant) at one outlet; null inherits."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="overrides")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="overrides")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="overrides")
    price = MoneyField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=SaleStatus.choices, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text=_("for the status “paused”"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("outlet override")
        verbose_name_plural = _("outlet overrides")
        db_table = "store_outlet_overrides"
        constraints = [
            models.UniqueConstraint(fields=["outlet", "product", "variant"], nulls_distinct=False, name="override_once")
        ]

    def __str__(self) -> str:
        return f"{self.product} @ {self.outlet}"
