"""A place that is kept for a few minutes."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.core.tenancy import TenantForeignKey, TenantModel
from apps.org.models import Branch, Chair
from apps.staff.models import Employee


class Hold(TenantModel):
    """Kept for whoever has the key, until ``expires_at``. From then on it keeps nobody away, also while its row is still
    there: readers pass it over, and whoever wants its place takes it off first."""

    key = models.CharField(max_length=64, help_text="Made by the holder; one key holds one place.")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.CASCADE, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )

    @property
    def held_from(self) -> datetime:
        return self.starts_at - timedelta(minutes=self.buffer_before)

    @property
    def held_to(self) -> datetime:
        return self.ends_at + timedelta(minutes=self.buffer_after)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "by", "key"], name="hold_key_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="hold_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "starts_at"], name="hold_day"),
            models.Index(fields=["organization", "expires_at"], name="hold_expires"),
        ]
