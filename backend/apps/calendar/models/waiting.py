"""Who waits for a time."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendar.models.appointment import Appointment
from apps.calendar.models.contact import ContactAttempt
from apps.calendar.models.hold import Hold
from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch, Chair
from apps.patients.models import Patient
from apps.services.models import Service
from apps.staff.models import Employee


class WaitingEntry(VersionedModel):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CONTACTED = "contacted", _("Contacted")
        SCHEDULED = "scheduled", _("Scheduled")
        CANCELED = "canceled", _("Canceled")

    class Priority(models.IntegerChoices):
        LOW = 0, _("Can wait")
        NORMAL = 1, _("Usual")
        HIGH = 2, _("First of all")

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

    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    first_date = models.DateField(null=True, help_text="Not before; empty: as soon as may be.")
    last_date = models.DateField(null=True, help_text="Not after; empty: whenever.")
    windows = ArrayField(
        models.CharField(max_length=11),
        default=list,
        help_text="`morning`, `afternoon`, `evening` or hours as `09:00-11:30`; none: any time.",
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, help_text="ISO; none: any day."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first_date__isnull=True)
                | models.Q(last_date__isnull=True)
                | models.Q(last_date__gte=models.F("first_date")),
                name="waiting_dates",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "status"], name="waiting_branch")
        ]


class WaitingService(TenantModel):
    """What is to be done."""

    entry = TenantForeignKey(WaitingEntry, models.CASCADE, related_name="services")
    service = TenantForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)


class WaitingContact(TenantModel):
    """One call, and what came of it. Never changed: another call is another row."""

    append_only = True

    entry = TenantForeignKey(WaitingEntry, models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    result = models.CharField(max_length=9, choices=ContactAttempt.Result)
    note = models.CharField(max_length=250, blank=True)


class Offer(TenantModel):
    """A freed place, kept for one who waits while he is asked. It is open as long as its hold lasts."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")

    entry = TenantForeignKey(WaitingEntry, models.CASCADE, related_name="offers")
    hold = TenantForeignKey(Hold, models.SET_NULL, null=True, related_name="offers", db_index=False)
    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.CASCADE, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "entry"],
                condition=models.Q(status="open"),
                name="offer_one_open",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "hold"],
                condition=models.Q(hold__isnull=False),
                name="offer_hold",
            )
        ]
