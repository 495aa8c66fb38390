"""Prices for customers who buy by a list of their own: companies, resellers."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.stores.models.catalog import Product, Variant


class PriceList(ScopedModel):
    """Fixed prices for some products, a percentage off the plain price for the rest, and a lowest order."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    percentage = MoneyField(default=0, help_text=_("off the plain price"), validators=[MaxValueValidator(100)])
    min_order = MoneyField(null=True, blank=True, help_text=_("instead of the store's own"))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        db_table = "store_price_lists"
        constraints = [
            models.UniqueConstraint(fields=["store", "slug"], name="price_list_slug_per_store"),
            models.CheckConstraint(
                condition=models.Q(percentage__gte=0, percentage__lte=100), name="price_list_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListPrice(ScopedModel):
    """What a product, or one variant of it, costs by the list."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    price = MoneyField()

    class Meta(ScopedModel.Meta):
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        db_table = "store_price_list_prices"
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "variant"], nulls_distinct=False, name="list_price_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.price}"


class PriceListMember(ScopedModel):
    """A customer who buys by the list. Nobody has two."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="members")
    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="price_list_member")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("customer of the list")
        verbose_name_plural = _("customers of the list")
        db_table = "store_price_list_members"

    def __str__(self) -> str:
        return str(self.customer)
