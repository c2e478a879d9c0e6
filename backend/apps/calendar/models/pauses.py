"""Time that cannot be booked, or not by everybody: breaks and their rules, blocked time, reserves."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, VersionedModel
from apps.org.models import Branch, Chair, Room
from apps.staff.models import Employee


def _weekdays() -> ArrayField:
    return ArrayField(models.PositiveSmallIntegerField(), help_text="ISO: 1 is Monday.")


class BreakKind(models.TextChoices):
    LUNCH = "lunch", _("Lunch")
    BREAK = "break", _("Break")
    MEETING = "meeting", _("Meeting")
    OTHER = "other", _("Other")
    BLOCKED = "blocked", _("Blocked")


class BreakRule(VersionedModel):
    """A recurring break. Its breaks exist, with what they hold, for the next twelve months."""

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=BreakKind, default=BreakKind.LUNCH)
    weekdays = _weekdays()
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="The last day; empty: until changed.")
    reason = models.CharField(max_length=120, blank=True)
    skipped = ArrayField(
        models.DateField(),
        default=list,
        editable=False,
        help_text="Days whose break was moved or removed by hand; it is not made again.",
    )
    carried_to = models.DateField(
        null=True, editable=False, help_text="The last day that its breaks were made for."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="break_rule_order"
            )
        ]


class Break(VersionedModel):
    """Time of an employee, a chair or a room that nobody can book."""

    employee = TenantForeignKey(Employee, models.CASCADE, null=True, related_name="+")
    chair = TenantForeignKey(Chair, models.CASCADE, null=True, related_name="+", db_index=False)
    room = TenantForeignKey(Room, models.CASCADE, null=True, related_name="+", db_index=False)
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=BreakKind, default=BreakKind.BREAK)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    rule = TenantForeignKey(BreakRule, models.CASCADE, null=True, related_name="breaks")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="break_order"
            ),
            models.CheckConstraint(
                name="break_one_resource",
                condition=models.expressions.RawSQL(
                    "num_nonnulls(employee_id, chair_id, room_id) = 1",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "starts_at"], name="break_day")
        ]


class Reserve(VersionedModel):
    """Hours kept for some patients. It takes no time: it says who may be booked there."""

    class Kind(models.TextChoices):
        URGENT = "urgent", _("Emergencies only")
        NEW = "new", _("New patients only")

    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+")
    employee = TenantForeignKey(
        Employee, models.CASCADE, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    weekdays = _weekdays()
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="The last day; empty: until changed.")
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="reserve_order"
            )
        ]
