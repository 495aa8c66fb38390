"""What providers answered, kept for a while so that nobody is asked twice. Of no store: a street is where it is for all.

The key is a hash of the question, so the table does not list who lives where; the answer is the public address.
"""

from django.db import models

from apps.core.clock import now
from apps.core.ids import uuid7


class Answer(models.Model):
    """One kept answer. `body` null: it was looked for and is not there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12)
    provider = models.CharField(max_length=20, blank=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "geo_answers"

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:8]}"
