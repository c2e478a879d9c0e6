"""Who works here, where, what they do, and when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch, Chair, Room


class Position(VersionedModel):
    """A job title of the organisation. ``treats``: its people are columns of the calendar."""

    name = models.CharField(max_length=80)
    treats = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="position_name_once")
        ]


class Speciality(VersionedModel):
    name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="speciality_name_once")
        ]


class Employee(VersionedModel):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    position = TenantForeignKey(Position, models.PROTECT, related_name="+")
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    color = models.CharField(max_length=7, default="#0f766e")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="employee_user_once")
        ]

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.last_name, self.first_name, self.middle_name]))

    @property
    def short_name(self) -> str:
        initials = "".join(f" {name[0]}." for name in (self.first_name, self.middle_name) if name)
        return f"{self.last_name}{initials}"


class EmployeeBranch(TenantModel):
    employee = TenantForeignKey(Employee, models.CASCADE, related_name="branch_links")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "employee", "branch"], name="employee_branch_once"
            )
        ]


class EmployeeSpeciality(TenantModel):
    employee = TenantForeignKey(Employee, models.CASCADE, related_name="speciality_links")
    speciality = TenantForeignKey(Speciality, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "employee", "speciality"], name="employee_speciality_once"
            )
        ]


class EmployeeService(TenantModel):
    """A service this person does. Nobody listed for a service: everybody who treats may do it."""

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="service_links")
    service = TenantForeignKey("services.Service", models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "employee", "service"], name="employee_service_once"
            )
        ]


class Shift(VersionedModel):
    """Working time of every week, or of every other, in a branch; its local times, the end not included.

    Of two weeks the one that began on Monday, 1 January 2024 has number 0.
    """

    class Weekday(models.IntegerChoices):
        MON = 1, _("Monday")
        TUE = 2, _("Tuesday")
        WED = 3, _("Wednesday")
        THU = 4, _("Thursday")
        FRI = 5, _("Friday")
        SAT = 6, _("Saturday")
        SUN = 7, _("Sunday")

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="shifts")
    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+")
    room = TenantForeignKey(Room, models.SET_NULL, null=True, related_name="+")
    chair = TenantForeignKey(Chair, models.SET_NULL, null=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    cycle_weeks = models.PositiveSmallIntegerField(default=1, help_text="1 or 2.")
    cycle_week = models.PositiveSmallIntegerField(default=0, help_text="Which of two: 0 or 1.")
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="The last day; empty: until changed.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="shift_order"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__gte=1, weekday__lte=7), name="shift_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    cycle_weeks__gte=1,
                    cycle_weeks__lte=2,
                    cycle_week__lt=models.F("cycle_weeks"),
                ),
                name="shift_cycle",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "weekday"], name="shift_branch_weekday")
        ]


class RotaDay(VersionedModel):
    """A date on which somebody works otherwise than his shifts say: all of them of that date and branch are replaced."""

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    date = models.DateField()
    starts = models.TimeField(null=True, help_text="Both empty: he does not work.")
    ends = models.TimeField(null=True)
    room = TenantForeignKey(Room, models.SET_NULL, null=True, related_name="+", db_index=False)
    chair = TenantForeignKey(Chair, models.SET_NULL, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "employee", "branch", "date", "starts"],
                name="rota_day_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, ends__isnull=True)
                | models.Q(starts__isnull=False, ends__gt=models.F("starts")),
                name="rota_day_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "date"], name="rota_day_branch")
        ]


class Absence(VersionedModel):
    """Days on which somebody works nowhere, whatever his shifts say."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        SICK = "sick", _("Sick leave")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    employee = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_order"
            )
        ]


class Substitution(VersionedModel):
    """Somebody works another's hours in a branch for some days; the other does not."""

    absent = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    substitute = TenantForeignKey(Employee, models.CASCADE, related_name="+")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="substitution_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(absent=models.F("substitute")), name="substitution_two_people"
            ),
        ]
