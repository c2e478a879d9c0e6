from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch
from apps.patients.models import Patient


class Channel(models.TextChoices):
    SMS = "sms", "SMS"


class Template(VersionedModel):
    """A text with placeholders such as ``_ИМЯ_ПАЦИЕНТА_``, in Russian and, where given, in Kazakh."""

    class Purpose(models.TextChoices):
        BOOKING = "booking", _("Booking confirmation")
        REMINDER = "reminder", _("Reminder of a visit")
        FREE = "free", _("Written by hand")

    OF_A_VISIT: ClassVar = (Purpose.BOOKING, Purpose.REMINDER)  # one text of each: nobody chooses

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.FREE)
    text_ru = models.TextField(max_length=1000)
    text_kk = models.TextField(max_length=1000, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="template_name_once"),
            models.UniqueConstraint(
                fields=["organization", "channel", "purpose"],
                condition=models.Q(purpose__in=["booking", "reminder"], is_active=True),
                name="template_one_of_a_visit",
            ),
        ]


class Message(TenantModel):
    """The log: one message to one person, in the state that the provider last told."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        CANCELED = "canceled", _("Canceled")

    patient = TenantForeignKey(Patient, models.PROTECT, null=True, related_name="+")
    branch = TenantForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    template = TenantForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    purpose = models.CharField(max_length=12)
    occasion_id = models.UUIDField(null=True, help_text="What it is about, e.g. the appointment.")
    occasion_at = models.DateTimeField(
        null=True, help_text="The time of the visit that it tells; of reminders."
    )
    turn = models.PositiveSmallIntegerField(
        default=0, help_text="How many reminders of this visit came before."
    )
    phone = models.CharField(max_length=20)
    text = models.TextField(max_length=1600)
    segments = models.PositiveSmallIntegerField(default=1)
    cost = models.DecimalField(
        max_digits=10, decimal_places=2, default=0, help_text="By the price on that day."
    )
    language = models.CharField(max_length=2, default="ru")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at", "id"], name="message_newest"),
            models.Index(fields=["organization", "occasion_id"], name="message_occasion"),
        ]

    def tells(self, starts_at: datetime) -> bool:
        """Of this time of a visit: what waits is rewritten when the visit is moved, what is gone is not."""
        if self.state in (self.State.WAITING, self.State.CANCELED):
            return self.state == self.State.WAITING
        return self.occasion_at in (None, starts_at)
