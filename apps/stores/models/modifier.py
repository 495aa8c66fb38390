"""Options asked of the customer, and combos: both are choices with limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models import validators
from apps.stores.models.catalog import Category, Product, SaleStatus, Variant


class ModifierGroup(ScopedModel):
    """A question with priced answers, shared between products. `min` and `max` limit the sum of quantities."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    min = models.PositiveSmallIntegerField(default=0)
    max = models.PositiveSmallIntegerField(default=1)
    translations = models.JSONField(default=dict, blank=True, validators=[validators.is_object])

    class Meta(ScopedModel.Meta):
        verbose_name = _("modifier group")
        verbose_name_plural = _("modifier groups")
        db_table = "store_modifier_groups"
        constraints = [
            models.UniqueConstraint(fields=["store", "slug"], name="modifier_group_slug_per_store"),
            models.CheckConstraint(condition=models.Q(min__lte=models.F("max")), name="modifier_group_min_max"),
        ]

    def __str__(self) -> str:
        return self.name


class ModifierOption(ScopedModel):
    """One answer: price per unit, how often it may be taken, and groups it opens when chosen."""

    group = models.ForeignKey(ModifierGroup, on_delete=models.CASCADE, related_name="options")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    price = MoneyField(default=0)
    max = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=8, choices=SaleStatus.choices, default=SaleStatus.ACTIVE)
    paused_until = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    translations = models.JSONField(default=dict, blank=True, validators=[validators.is_object])

    class Meta(ScopedModel.Meta):
        verbose_name = _("option")
        verbose_name_plural = _("options")
        db_table = "store_modifier_options"
        constraints = [models.UniqueConstraint(fields=["group", "slug"], name="option_slug_per_group")]

    def __str__(self) -> str:
        return self.name


class OptionOpens(ScopedModel):
    """A group that is asked when an option is chosen. Three levels at most, checked by the service."""

    option = models.ForeignKey(ModifierOption, on_delete=models.CASCADE, related_name="opens")
    group = models.ForeignKey(ModifierGroup, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        db_table = "store_option_opens"
        constraints = [models.UniqueConstraint(fields=["option", "group"], name="option_opens_once")]

    def __str__(self) -> str:
        return str(self.group)


class ProductModifierGroup(ScopedModel):
    """A group asked for a product, in order."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="group_links")
    group = models.ForeignKey(ModifierGroup, on_delete=models.CASCADE, related_name="product_links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("asked modifier group")
        verbose_name_plural = _("asked modifier groups")
        db_table = "store_product_modifier_groups"
        constraints = [models.UniqueConstraint(fields=["product", "group"], name="product_group_once")]

    def __str__(self) -> str:
        return str(self.group)


class Combo(ScopedModel):
    """A set sold at one price, with slots the customer fills."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="combos")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=2000)
    image = models.ImageField(upload_to=validators.upload_path, blank=True)
    price = MoneyField()
    compare_at_price = MoneyField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=SaleStatus.choices, default=SaleStatus.ACTIVE)
    paused_until = models.DateTimeField(null=True, blank=True)
    featured = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    available = models.JSONField(default=list, blank=True, validators=[validators.windows])
    translations = models.JSONField(default=dict, blank=True, validators=[validators.is_object])

    class Meta(ScopedModel.Meta):
        verbose_name = _("combo")
        verbose_name_plural = _("combos")
        db_table = "store_combos"
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="combo_slug_per_store")]

    def __str__(self) -> str:
        return self.name


class ComboSlot(ScopedModel):
    """A place in a combo: how many units of which choices."""

    combo = models.ForeignKey(Combo, on_delete=models.CASCADE, related_name="slots")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    min = models.PositiveSmallIntegerField(default=1)
    max = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("combo slot")
        verbose_name_plural = _("combo slots")
        db_table = "store_combo_slots"
        constraints = [
            models.UniqueConstraint(fields=["combo", "slug"], name="slot_slug_per_combo"),
            models.CheckConstraint(condition=models.Q(min__lte=models.F("max")), name="combo_slot_min_max"),
        ]

    def __str__(self) -> str:
        return self.name


class ComboChoice(ScopedModel):
    """A product (or variant, or sized pizza) that may fill a slot, with what it costs on top."""

    slot = models.ForeignKey(ComboSlot, on_delete=models.CASCADE, related_name="choices")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    extra = MoneyField(default=0)
    size = models.SlugField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        db_table = "store_combo_choices"

    def __str__(self) -> str:
        return str(self.variant or self.product)


class ComboChoiceFlavour(ScopedModel):
    """A flavour allowed in a pizza choice."""

    choice = models.ForeignKey(ComboChoice, on_delete=models.CASCADE, related_name="flavour_links")
    flavour = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        db_table = "store_combo_choice_flavours"
        constraints = [models.UniqueConstraint(fields=["choice", "flavour"], name="choice_flavour_once")]

    def __str__(self) -> str:
        return str(self.flavour)
