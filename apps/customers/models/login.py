"""The bridge between people who log in and customers of a store."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.scope import ScopedModel
from apps.customers.models.customer import Customer


class Account(ScopedModel):
    """This user *is* this customer of this store. Made only from a proved phone number or e-mail address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="accounts")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("customer login")
        verbose_name_plural = _("customer logins")
        db_table = "customer_accounts"
        constraints = [models.UniqueConstraint(fields=["store", "user"], name="one_customer_per_login")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.customer_id}"


class WishlistItem(ScopedModel):
    """A product or combo somebody would like to have some day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("stores.Product", on_delete=models.CASCADE, null=True, related_name="+")
    combo = models.ForeignKey("stores.Combo", on_delete=models.CASCADE, null=True, related_name="+")
    added_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        db_table = "customer_wishlist"
        constraints = [
            models.UniqueConstraint(fields=["store", "user", "product"], name="wish_product_once"),
            models.UniqueConstraint(fields=["store", "user", "combo"], name="wish_combo_once"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=False, combo__isnull=True)
                | models.Q(product__isnull=True, combo__isnull=False),
                name="wish_one_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id or self.combo_id}"
