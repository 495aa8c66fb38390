"""What lowers a price: promotions with their conditions, codes that can be used once, and who used what.

How they are applied is the business of `apps.stores.pricing`; these tables only say the rules and count.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import offer_validators, validators
from apps.stores.models.catalog import Category, Product, ProductType
from apps.stores.models.order import Order
from apps.stores.models.store import Outlet

CODE_LENGTH = 40


class PromotionKind(models.TextChoices):
    """What a promotion does; the words of `apps.stores.pricing.rules.PromotionKind`."""

    PERCENTAGE = "percentage", _("percentage off")
    FIXED = "fixed", _("amount off")
    FREE_DELIVERY = "free_delivery", _("free delivery")
    BUY_X_GET_Y = "buy_x_get_y", _("buy some, get some free")
    BUNDLE = "bundle", _("set at one price")


class PromotionTrigger(models.TextChoices):
    """What makes it apply: nothing, one code for everybody, or codes that each work once."""

    AUTOMATIC = "automatic", _("automatic")
    CODE = "code", _("by code")
    SINGLE_USE = "single_use", _("by single-use codes")


class Promotion(ScopedModel):
    """A rule that lowers a price. Empty lists and empty links hold everywhere; see `data/README.md`, `promotions`."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=280, blank=True)
    kind = models.CharField(max_length=13, choices=PromotionKind.choices)
    trigger = models.CharField(
        max_length=10, choices=PromotionTrigger.choices, default=PromotionTrigger.AUTOMATIC, editable=False
    )
    code = models.CharField(max_length=CODE_LENGTH, blank=True, help_text=_("kept in capitals; empty: none"))
    value = MoneyField(default=0, help_text=_("percent, amount off, or the price of the set"))
    buy = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    get = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(999)], help_text=_("of each buy + get units, so many are free")
    )
    min_subtotal = MoneyField(null=True, blank=True)
    max_discount = MoneyField(null=True, blank=True)

    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True, help_text=_("the last day"))
    weekdays = models.JSONField(default=list, blank=True, validators=[offer_validators.weekdays])
    since = models.TimeField(null=True, blank=True)
    until = models.TimeField(null=True, blank=True, help_text=_("no longer at this time"))
    services = models.JSONField(default=list, blank=True, validators=[validators.services])
    channels = models.JSONField(default=list, blank=True, validators=[offer_validators.channels])

    first_order = models.BooleanField(default=False)
    retail_only = models.BooleanField(default=False, help_text=_("not for customers with a company"))
    per_customer_limit = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    total_limit = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    # Orders before the store came here. `used` counts ours, and only while there is a total limit.
    used_before = models.PositiveIntegerField(default=0, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    combinable = models.BooleanField(default=True)
    priority = models.PositiveIntegerField(default=100, help_text=_("lower numbers apply first"))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        db_table = "store_promotions"
        constraints = [
            models.UniqueConstraint(fields=["store", "slug"], name="promotion_slug_per_store"),
            models.UniqueConstraint(
                fields=["store", "code"], condition=~models.Q(code=""), name="promotion_code_per_store"
            ),
            # The second wall behind the conditional update of `services.promotion_uses`.
            models.CheckConstraint(
                condition=models.Q(total_limit__isnull=True)
                | models.Q(total_limit__gte=models.F("used") + models.F("used_before")),
                name="promotion_within_limit",
            ),
            models.CheckConstraint(
                condition=(models.Q(trigger="code") & ~models.Q(code=""))
                | (~models.Q(trigger="code") & models.Q(code="")),
                name="promotion_code_by_trigger",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PromotionProduct(ScopedModel):
    """A product the promotion looks at. (Protected, as the other links: without its last one it would take in all.)"""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="product_links")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        db_table = "store_promotion_products"
        constraints = [models.UniqueConstraint(fields=["promotion", "product"], name="promotion_product_once")]

    def __str__(self) -> str:
        return str(self.product)


class PromotionCategory(ScopedModel):
    """A category the promotion looks at, with those below it."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="category_links")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        db_table = "store_promotion_categories"
        constraints = [models.UniqueConstraint(fields=["promotion", "category"], name="promotion_category_once")]

    def __str__(self) -> str:
        return str(self.category)


class PromotionType(ScopedModel):
    """A product type whose products the promotion looks at."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="type_links")
    product_type = models.ForeignKey(ProductType, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        db_table = "store_promotion_types"
        constraints = [models.UniqueConstraint(fields=["promotion", "product_type"], name="promotion_type_once")]

    def __str__(self) -> str:
        return str(self.product_type)


class PromotionOutlet(ScopedModel):
    """An outlet the promotion is limited to."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="outlet_links")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        db_table = "store_promotion_outlets"
        constraints = [models.UniqueConstraint(fields=["promotion", "outlet"], name="promotion_outlet_once")]

    def __str__(self) -> str:
        return str(self.outlet)


class PromotionItem(ScopedModel):
    """So many units of a product in one set of a bundle."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(999)])

    class Meta(ScopedModel.Meta):
        verbose_name = _("part of a set")
        verbose_name_plural = _("parts of a set")
        db_table = "store_promotion_items"
        constraints = [models.UniqueConstraint(fields=["promotion", "product"], name="promotion_item_once")]

    def __str__(self) -> str:
        return f"{self.quantity}× {self.product}"


class CouponBatch(ScopedModel):
    """A handful of codes of one promotion, each good for one order."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, blank=True)
    size = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    ends = models.DateField(null=True, blank=True, help_text=_("the last day"))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("batch of codes")
        verbose_name_plural = _("batches of codes")
        db_table = "store_coupon_batches"

    def __str__(self) -> str:
        return self.name


class CouponCode(ScopedModel):
    """One code. It is used while it names an order, and free again when that order is cancelled."""

    batch = models.ForeignKey(CouponBatch, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=CODE_LENGTH)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="coupon_codes")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("single-use code")
        verbose_name_plural = _("single-use codes")
        db_table = "store_coupon_codes"
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="coupon_code_per_store")]

    def __str__(self) -> str:
        return self.code


class PromotionUse(ScopedModel):
    """An order got a promotion. `given_back_at` is set once, when the order is cancelled: then it no longer counts."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="uses")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="promotion_uses")
    code = models.CharField(max_length=CODE_LENGTH, blank=True)
    amount = MoneyField()
    used_at = models.DateTimeField(default=now)
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("use of a promotion")
        verbose_name_plural = _("uses of promotions")
        db_table = "store_promotion_uses"
        constraints = [models.UniqueConstraint(fields=["order", "promotion"], name="promotion_use_once_per_order")]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.amount}"
