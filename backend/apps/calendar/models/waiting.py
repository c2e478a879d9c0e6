"""Who waits for a time."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendar.models.appointment import Appointment
from apps.core.tenancy import TenantForeignKey, VersionedModel
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.staff.models import Employee


class WaitingEntry(VersionedModel):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CONTACTED = "contacted", _("Contacted")
        SCHEDULED = "scheduled", _("Scheduled")
        CANCELED = "canceled", _("Canceled")

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    employee = TenantForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", db_index=False
    )
    appointment = TenantForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The one that was taken off the calendar; its services are wanted.",
    )
    minutes = models.PositiveSmallIntegerField(default=30)
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    is_urgent = models.BooleanField(default=False)
    comment = models.CharField(max_length=500, blank=True)
    scheduled = TenantForeignKey(
        Appointment,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="What became of it.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "status"], name="waiting_branch")
        ]
