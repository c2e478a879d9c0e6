"""The appointment: what was agreed with a patient, its parts, its services and its steps."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch, Chair, Device
from apps.patients.models import Patient
from apps.services.models import Service
from apps.staff.models import Employee


class Series(VersionedModel):
    """Appointments made in one go by a rule."""

    class Rule(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        DAYS = "days", _("Every so many days")
        DATES = "dates", _("Chosen dates")

    rule = models.CharField(max_length=8, choices=Rule)
    every = models.PositiveSmallIntegerField(default=1, help_text="Weeks or days between two.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )


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

    class CancelCode(models.TextChoices):
        """Why, within who cancels (`CANCEL_CODES`)."""

        DOCTOR_ABSENT = "doctor_absent", _("The doctor is absent")
        EQUIPMENT = "equipment", _("Equipment does not work")
        SCHEDULE = "schedule", _("The schedule has changed")
        MISTAKE = "mistake", _("Booked by mistake")
        ILL = "ill", _("Fell ill")
        BUSY = "busy", _("Has no time")
        PRICE = "price", _("Too expensive")
        ELSEWHERE = "elsewhere", _("Went to another clinic")
        UNREACHABLE = "unreachable", _("Cannot be reached")
        OTHER = "other", _("Other")

    class Origin(models.TextChoices):
        """Where it came from, when not from a fresh booking."""

        COPY = "copy", _("Copied")
        WAITING = "waiting", _("From the waiting list")
        SERIES = "series", _("One of a series")
        REBOOK = "rebook", _("Booked anew")

    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="appointments", db_index=False)
    employee = TenantForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    confirmed_for = models.DateTimeField(
        null=True, help_text="The beginning that was confirmed last; after a move another one."
    )
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
    cancel_code = models.CharField(max_length=16, choices=CancelCode, blank=True)
    color = models.CharField(max_length=7, blank=True, help_text="Empty: the doctor's.")
    buffer_before = models.PositiveSmallIntegerField(
        default=0, help_text="Minutes that the room and the people need before it."
    )
    buffer_after = models.PositiveSmallIntegerField(default=0)
    is_overbooked = models.BooleanField(
        default=False, help_text="Lies over somebody else's time; true until that time is free."
    )
    overbook_reason = models.CharField(max_length=250, blank=True)
    reserve_reason = models.CharField(
        max_length=250, blank=True, help_text="Why it was let into hours that are kept for others."
    )
    has_segments = models.BooleanField(
        default=False, editable=False, help_text="Saves a look for the segments of most."
    )
    origin = models.CharField(max_length=8, choices=Origin, blank=True)
    origin_appointment = TenantForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    series = TenantForeignKey(
        "calendar.Series", models.SET_NULL, null=True, related_name="appointments"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    CANCEL_CODES: ClassVar = {
        CanceledBy.CLINIC: ("doctor_absent", "equipment", "schedule", "mistake", "other"),
        CanceledBy.PATIENT: ("ill", "busy", "price", "elsewhere", "unreachable", "other"),
    }

    @property
    def held_from(self) -> datetime:
        return self.starts_at - timedelta(minutes=self.buffer_before)

    @property
    def held_to(self) -> datetime:
        return self.ends_at + timedelta(minutes=self.buffer_after)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_order"
            ),
            models.CheckConstraint(
                condition=models.Q(buffer_before__lte=120, buffer_after__lte=120),
                name="appointment_buffers",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "starts_at"], name="appointment_day"),
            models.Index(
                fields=["organization", "patient", "starts_at"], name="appointment_patient"
            ),
            models.Index(
                fields=["organization", "employee", "starts_at"], name="appointment_employee"
            ),
            models.Index(
                fields=["organization", "starts_at"],
                condition=models.Q(is_overbooked=True),
                name="appointment_overbooked",
            ),
        ]


class Segment(TenantModel):
    """What one resource does in an appointment, when that is not simply all of it.

    Without segments the doctor and the chair are held from beginning to end, with the buffers. With them exactly what
    they say is held, besides the patient, who is held from beginning to end always.
    """

    class Role(models.TextChoices):
        DOCTOR = "doctor", _("Doctor")
        ASSISTANT = "assistant", _("Assistant")
        CHAIR = "chair", _("Chair")
        DEVICE = "device", _("Device")

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="segments")
    role = models.CharField(max_length=9, choices=Role)
    employee = TenantForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", db_index=False
    )
    chair = TenantForeignKey(Chair, models.PROTECT, null=True, related_name="+", db_index=False)
    device = TenantForeignKey(Device, models.PROTECT, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="segment_order"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=["doctor", "assistant"],
                    employee__isnull=False,
                    chair__isnull=True,
                    device__isnull=True,
                )
                | models.Q(
                    role="chair", employee__isnull=True, chair__isnull=False, device__isnull=True
                )
                | models.Q(
                    role="device", employee__isnull=True, chair__isnull=True, device__isnull=False
                ),
                name="segment_one_resource",
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
