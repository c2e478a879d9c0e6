"""The one table that says who and what is taken when."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith, RangeStartsWith
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Coalesce

from apps.calendar.models.appointment import Appointment
from apps.calendar.models.hold import Hold
from apps.calendar.models.pauses import Break
from apps.core.tenancy import TenantForeignKey, TenantModel
from apps.org.models import Chair, Device, Room
from apps.patients.models import Patient
from apps.staff.models import Employee

LONGEST = timedelta(hours=30)  # a whole day of twenty-five hours, with buffers


class Occupancy(TenantModel):
    """Something is taken for a while. Only ``occupancy.py`` writes here; the constraint decides every race.

    The ends of ``during`` stand beside it: under the policies an operator of ranges uses no index, the comparison of two
    moments does (see ``meeting``).
    """

    employee = TenantForeignKey(
        Employee, models.CASCADE, null=True, related_name="+", db_index=False
    )
    room = TenantForeignKey(Room, models.CASCADE, null=True, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.CASCADE, null=True, related_name="+", db_index=False)
    device = TenantForeignKey(Device, models.CASCADE, null=True, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.CASCADE, null=True, related_name="+", db_index=False)
    resource_id = models.GeneratedField(
        expression=Coalesce("employee_id", "room_id", "chair_id", "device_id", "patient_id"),
        output_field=models.UUIDField(),
        db_persist=True,
    )
    during = DateTimeRangeField()
    starts_at = models.GeneratedField(
        expression=RangeStartsWith("during"), output_field=models.DateTimeField(), db_persist=True
    )
    ends_at = models.GeneratedField(
        expression=RangeEndsWith("during"), output_field=models.DateTimeField(), db_persist=True
    )
    exclusive = models.BooleanField(default=True)
    appointment = TenantForeignKey(Appointment, models.CASCADE, null=True, related_name="+")
    pause = TenantForeignKey(
        Break, models.CASCADE, null=True, related_name="+", db_column="break_id"
    )
    hold = TenantForeignKey(Hold, models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="occupancy_one_resource",
                condition=models.expressions.RawSQL(
                    "num_nonnulls(employee_id, room_id, chair_id, device_id, patient_id) = 1",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
            models.CheckConstraint(
                name="occupancy_one_cause",
                condition=models.expressions.RawSQL(
                    "num_nonnulls(appointment_id, break_id, hold_id) = 1",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
            models.CheckConstraint(
                name="occupancy_not_empty",
                condition=models.expressions.RawSQL(
                    "NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
            models.CheckConstraint(
                name="occupancy_not_long",
                condition=models.expressions.RawSQL(
                    "upper(during) <= lower(during) + interval '30 hours'",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
            ExclusionConstraint(
                name="occupancy_no_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("resource_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(exclusive=True),
            ),
        ]
        indexes: ClassVar = [
            # What lies over somebody else's time: hardly anything, and so found at once.
            GistIndex(
                fields=["organization", "resource_id", "during"],
                condition=models.Q(exclusive=False),
                name="occupancy_overbooked",
            ),
            # Of one person or thing, its days in order: the index of the constraint takes ten times as long to find them.
            models.Index(
                fields=["organization", "resource_id", "starts_at"], name="occupancy_from"
            ),
            models.Index(
                fields=["organization", "hold"],
                condition=models.Q(hold__isnull=False),
                name="occupancy_hold",
            ),
        ]

    @staticmethod
    def meeting(begins: datetime, ends: datetime) -> models.Q:
        """What meets this time; nothing is held for longer than ``LONGEST``, so the index need not look further back."""
        return models.Q(starts_at__gt=begins - LONGEST, starts_at__lt=ends, ends_at__gt=begins)
