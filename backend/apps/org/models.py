"""The organisation, its branches, their rooms and chairs, and the one mechanism of settings."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import Row, TenantForeignKey, TenantModel, VersionedModel


class Organization(Row):
    """A network of clinics. A platform row; requisites as Kazakhstan's documents need them."""

    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    bin = models.CharField(_("BIN"), max_length=12, blank=True)
    iik = models.CharField(_("IIK (bank account)"), max_length=20, blank=True)
    bik = models.CharField(_("BIK"), max_length=11, blank=True)
    kbe = models.CharField(_("KBe"), max_length=2, blank=True)
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    director = models.CharField(_("director"), max_length=120, blank=True)
    chief_accountant = models.CharField(_("chief accountant"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    legal_address = models.CharField(_("legal address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def bump(self) -> Self:
        self.version += 1
        return self


def _usual_hours() -> dict[str, list[str]]:
    return {str(weekday): ["09:00", "20:00"] for weekday in range(1, 7)}


class Branch(VersionedModel):
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    timezone = models.CharField(max_length=40, default="Asia/Almaty")
    hours = models.JSONField(
        default=_usual_hours, help_text='ISO weekday → ["09:00", "20:00"]; a missing day is closed.'
    )
    color = models.CharField(max_length=7, default="#0f766e")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="branch_name_once")
        ]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """The instants (UTC) at which a day of this branch begins and ends; 23 or 25 hours apart on some days."""
        begins = datetime.combine(day, time(), self.zone)
        ends = datetime.combine(day + timedelta(days=1), time(), self.zone)
        return begins.astimezone(UTC), ends.astimezone(UTC)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


class Room(VersionedModel):
    branch = TenantForeignKey(Branch, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    color = models.CharField(max_length=7, default="#64748b")
    position = models.PositiveSmallIntegerField(default=0)
    is_exclusive = models.BooleanField(
        default=False, help_text="One appointment at a time in the whole room, not per chair."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "name"], name="room_name_once"
            )
        ]


class Chair(VersionedModel):
    room = TenantForeignKey(Room, models.PROTECT, related_name="chairs")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "room", "name"], name="chair_name_once")
        ]


class Device(VersionedModel):
    """Equipment that only one appointment can have at a time: a microscope, a laser."""

    branch = TenantForeignKey(Branch, models.PROTECT, related_name="devices")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "name"], name="device_name_once"
            )
        ]


class SpecialDay(VersionedModel):
    """A date unlike its weekday: a holiday, a day that is blocked, or other hours. Without a branch: of all of them."""

    branch = TenantForeignKey(Branch, models.CASCADE, null=True, related_name="+")
    date = models.DateField()
    name = models.CharField(max_length=120)
    opens = models.TimeField(null=True, help_text="Both empty: closed.")
    closes = models.TimeField(null=True)
    holiday = models.CharField(
        max_length=32,
        blank=True,
        help_text="Key of the state's list, when it was taken from there.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "date"],
                name="special_day_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__gt=models.F("opens")),
                name="special_day_hours",
            ),
        ]


class Preference(TenantModel):
    """A setting at one of three levels; the nearest wins: user → branch → organisation → default of the code."""

    branch = TenantForeignKey(Branch, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=48)
    value: Any = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "user", "key"],
                name="preference_once",
                nulls_distinct=False,
            )
        ]
