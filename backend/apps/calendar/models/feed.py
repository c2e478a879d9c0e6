"""The address of an employee's private calendar."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.core.tenancy import TenantForeignKey, TenantModel
from apps.staff.models import Employee


class Feed(TenantModel):
    """Opens to whoever knows its secret, of which only the hash is kept. One for an employee: a new one ends the old."""

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "employee"], name="feed_once")
        ]
        # Looked up by whoever has no organisation yet (`calendar_feed`).
        indexes: ClassVar = [models.Index(fields=["digest"], name="feed_digest")]
