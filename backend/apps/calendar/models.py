"""The appointment, the break, and the one table that says who and what is taken when."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch, Chair, Room
from apps.patients.models import Patient
from apps.services.models import Service
from apps.staff.models import Employee


class Appointment(VersionedModel):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        BOOKED = "booked", _("Booked")
        CONFIRMED = "confirmed", _("Confirmed")
        ARRIVED = "arrived", _("Arrived")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        NO_SHOW = "no_show", _("No show")
        CANCELED = "canceled", _("Canceled")

    class Source(models.TextChoices):
        PHONE = "phone", _("Phone")
        DESK = "desk", _("Front desk")
        ONLINE = "online", _("Online")
        TELEGRAM = "telegram", _("Telegram")
        RECALL = "recall", _("Recall")

    class CanceledBy(models.TextChoices):
        CLINIC = "clinic", _("The clinic")
        PATIENT = "patient", _("The patient")

    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="appointments", db_index=False)
    employee = TenantForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)
    is_new_patient = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    price_estimate = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    services_text = models.CharField(
        max_length=250,
        blank=True,
        editable=False,
        help_text="Names of the services, for the day view.",
    )
    canceled_by = models.CharField(max_length=8, choices=CanceledBy, blank=True)
    cancel_reason = models.CharField(max_length=250, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_order"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "starts_at"], name="appointment_day"),
            models.Index(
                fields=["organization", "patient", "starts_at"], name="appointment_patient"
            ),
            models.Index(
                fields=["organization", "employee", "starts_at"], name="appointment_employee"
            ),
        ]


class AppointmentService(TenantModel):
    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="services")
    service = TenantForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveSmallIntegerField(default=1)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)


class AppointmentStep(TenantModel):
    """When each status began, and by whom."""

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="steps")
    status = models.CharField(max_length=12, choices=Appointment.Status)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )


class Break(VersionedModel):
    """An employee's time that nobody can book."""

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="break_order"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "starts_at"], name="break_day")
        ]


class Occupancy(TenantModel):
    """Something is taken for a while. Only ``occupancy.py`` writes here; the constraint decides every race."""

    employee = TenantForeignKey(
        Employee, models.CASCADE, null=True, related_name="+", db_index=False
    )
    room = TenantForeignKey(Room, models.CASCADE, null=True, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.CASCADE, null=True, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.CASCADE, null=True, related_name="+", db_index=False)
    resource_id = models.GeneratedField(
        expression=Coalesce("employee_id", "room_id", "chair_id", "patient_id"),
        output_field=models.UUIDField(),
        db_persist=True,
    )
    during = DateTimeRangeField()
    exclusive = models.BooleanField(default=True)
    appointment = TenantForeignKey(Appointment, models.CASCADE, null=True, related_name="+")
    pause = TenantForeignKey(
        Break, models.CASCADE, null=True, related_name="+", db_column="break_id"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="occupancy_one_resource",
                condition=models.expressions.RawSQL(
                    "num_nonnulls(employee_id, room_id, chair_id, patient_id) = 1",
                    (),
                    output_field=models.BooleanField(),
                ),
            ),
            models.CheckConstraint(
                name="occupancy_one_cause",
                condition=models.expressions.RawSQL(
                    "num_nonnulls(appointment_id, break_id) = 1",
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
