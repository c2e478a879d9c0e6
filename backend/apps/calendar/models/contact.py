"""How people of a day were reached before they come."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendar.models.appointment import Appointment
from apps.core.tenancy import TenantForeignKey, TenantModel


class ContactAttempt(TenantModel):
    """One call about one appointment, and what came of it. Never changed: another call is another row."""

    append_only = True

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        CALL_BACK = "call_back", _("Call back later")
        DECLINED = "declined", _("Declined")
        OTHER = "other", _("Other")

    appointment = TenantForeignKey(
        Appointment, models.PROTECT, related_name="contact_attempts", db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    result = models.CharField(max_length=9, choices=Result)
    call_back_at = models.DateTimeField(null=True, help_text="When the patient asked to be called.")
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(result="call_back") ^ models.Q(call_back_at__isnull=True),
                name="contact_call_back",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "appointment", "at"], name="contact_appointment")
        ]


class ContactClaim(TenantModel):
    """Somebody has this patient on the telephone. A courtesy among colleagues: it ends by itself and stops nobody."""

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "appointment"], name="contact_claim_once"
            )
        ]
