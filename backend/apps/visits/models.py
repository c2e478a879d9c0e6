"""What happened in the chair: the diary, the diagnoses, the works done, and the signature that closes them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment
from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.services.models import Icd10, Service
from apps.staff.models import Employee

DIARY = ("complaints", "anamnesis", "examination", "conclusion", "recommendations")


class Visit(VersionedModel):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SIGNED = "signed", _("Signed")
        CANCELED = "canceled", _("Canceled")  # nothing was written and the booking was taken back

    appointment = TenantForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="visits")
    employee = TenantForeignKey(Employee, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    arrived_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    complaints = models.TextField(blank=True, max_length=20_000)
    anamnesis = models.TextField(blank=True, max_length=20_000)
    examination = models.TextField(blank=True, max_length=20_000)
    conclusion = models.TextField(blank=True, max_length=20_000)
    recommendations = models.TextField(blank=True, max_length=20_000)
    total = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, editable=False, help_text="Sum of the works."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "appointment"], name="visit_appointment_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "arrived_at"], name="visit_day")
        ]


class VisitDiagnosis(TenantModel):
    visit = TenantForeignKey(Visit, models.CASCADE, related_name="diagnoses")
    icd10 = models.ForeignKey(Icd10, models.PROTECT, related_name="+", db_index=False)
    tooth = models.PositiveSmallIntegerField(
        null=True, help_text="ISO 3950; empty: the whole mouth."
    )
    position = models.PositiveSmallIntegerField(default=0)


class WorkDone(TenantModel):
    """A service done in a visit. The price is frozen here; the list may move on."""

    visit = TenantForeignKey(Visit, models.CASCADE, related_name="works")
    service = TenantForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    employee = TenantForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    tooth = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveSmallIntegerField(default=1)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="work_done_ranges",
                condition=models.Q(quantity__gte=1)
                & models.Q(price__gte=0)
                & models.Q(discount_percent__gte=0)
                & models.Q(discount_percent__lte=100)
                & models.Q(amount__gte=0),
            )
        ]
