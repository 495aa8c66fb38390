"""The cart: an open list of intentions. It holds no prices; they are computed at every read."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.stores.models.catalog import Product, Variant
from apps.stores.models.modifier import Combo

MAX_QUANTITY = 999


class Cart(ScopedModel):
    """Found by `X-Cart-Key` or by its user. One open cart per key; the key may order many times."""

    key = models.CharField(max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)

    class Meta(ScopedModel.Meta):
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        db_table = "store_carts"
        constraints = [
            # Two first requests of one browser race to open the cart; this decides.
            models.UniqueConstraint(
                fields=["store", "key"], condition=models.Q(is_open=True), name="one_open_cart_per_key"
            )
        ]
        indexes = [models.Index(fields=["store", "user"], condition=models.Q(is_open=True), name="open_cart_by_user")]

    def __str__(self) -> str:
        return str(self.id)


class CartLine(ScopedModel):
    """One product or combo with its options. Same choice twice is one line with a higher quantity."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, related_name="+")
    combo = models.ForeignKey(Combo, on_delete=models.CASCADE, null=True, related_name="+")
    quantity = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)]
    )
    selection = models.JSONField(default=dict)
    notes = models.CharField(max_length=280, blank=True)
    fingerprint = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=now)

    class Meta(ScopedModel.Meta):
        db_table = "store_cart_lines"
        constraints = [
            models.UniqueConstraint(fields=["cart", "fingerprint"], name="cart_line_once"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=False, combo__isnull=True)
                | models.Q(product__isnull=True, combo__isnull=False),
                name="cart_line_one_target",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="cart_line_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}× {self.product or self.combo}"
