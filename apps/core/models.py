"""Tables of the core room: answers kept for idempotent requests."""

from django.db import models

from apps.core.clock import now


class IdempotencyRecord(models.Model):
    """One `Idempotency-Key` of one caller on one path: what was asked, and what was answered.

    A row without `status` is a request still running. The unique constraint is the lock.
    """

    caller = models.CharField(max_length=80, help_text="who: a user, device or cart key, hashed")
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=60, default="")
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "path", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.key} on {self.path}"
