"""Roll-ups kept by events, so that a year's report reads days and not payments. Each equals the sum of its journal."""

from typing import ClassVar

from django.db import models

from apps.core.tenancy import TenantForeignKey, TenantModel
from apps.org.models import Branch
from apps.staff.models import Employee


class DailyFigures(TenantModel):
    """A branch's and doctor's day (the branch's date)."""

    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    employee = TenantForeignKey(
        Employee, models.CASCADE, null=True, related_name="+", db_index=False
    )
    day = models.DateField()
    received_cash = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    received_card = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    billed = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    payments = models.IntegerField(default=0)
    invoices = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "day", "branch", "employee"],
                name="daily_figures_once",
                nulls_distinct=False,
            )
        ]


class Debt(TenantModel):
    """What is owed to a branch for a doctor's work, now: billed less received, refunds owed again."""

    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    employee = TenantForeignKey(
        Employee, models.CASCADE, null=True, related_name="+", db_index=False
    )
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "employee"],
                name="debt_once",
                nulls_distinct=False,
            )
        ]
