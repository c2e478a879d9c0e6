"""What the visits are told and what they show."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.calendar.models import Appointment
from apps.core.api import In, Money, Out, TenantKey
from apps.core.api.periods import Day
from apps.core.schema import page_schema
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.staff.models import Employee
from apps.visits.models import DIARY, Visit
from apps.visits.teeth import is_tooth


class Tooth(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("allow_null", True)
        kwargs.setdefault(
            "help_text", "ISO 3950: 11-48 permanent, 51-85 milk; null: the whole mouth."
        )
        super().__init__(min_value=11, max_value=85, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        number: int = super().to_internal_value(data)
        if not is_tooth(number):
            raise serializers.ValidationError(_("There is no such tooth."))
        return number


class Percent(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, min_value=0, max_value=100, **kwargs)


class VisitsIn(In):
    branch = TenantKey(Branch.objects, required=False, help_text="Empty: all branches one may see.")
    date = Day(required=False, help_text="A day of the branch; empty: today.")
    employee = serializers.UUIDField(required=False, help_text="The doctor.")
    status = serializers.ChoiceField(
        Visit.Status.choices, required=False, help_text="Empty: all but canceled ones."
    )


class WalkInIn(In):
    patient = TenantKey(Patient.objects, help_text="Who came without an appointment.")
    branch = TenantKey(Branch.objects, help_text="Where.")
    employee = TenantKey(Employee.objects, help_text="The doctor who will see him.")


class VersionIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")


def _section(label: str) -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=20_000, help_text=label
    )


class DiaryIn(VersionIn):
    complaints = _section("Complaints.")
    anamnesis = _section("Anamnesis.")
    examination = _section("Examination.")
    conclusion = _section("Conclusion.")
    recommendations = _section("Recommendations.")


class DiagnosisIn(In):
    icd10 = serializers.CharField(max_length=8, help_text="Code of ICD-10, e.g. `K02.1`.")
    tooth = Tooth()


class DiagnosesIn(VersionIn):
    items = serializers.ListField(
        child=DiagnosisIn(), max_length=50, help_text="The whole list, in its order."
    )


class LineIn(In):
    """A service, priced by the server."""

    service = serializers.UUIDField(help_text="The service.")
    tooth = Tooth()
    quantity = serializers.IntegerField(min_value=1, max_value=99, default=1, help_text="How many.")
    price = Money(
        max_digits=12,
        min_value=0,
        required=False,
        allow_null=True,
        help_text="Price of one; empty: as agreed before, else of the base list.",
    )
    discount_percent = Percent(required=False, help_text="Within the cap of one's role.")
    employee = serializers.UUIDField(
        required=False, allow_null=True, help_text="Who did it; empty: the doctor of the visit."
    )


class WorksIn(VersionIn):
    items = serializers.ListField(
        child=LineIn(), max_length=100, help_text="The whole list, in its order."
    )


class PersonOut(Out):
    id = serializers.UUIDField(help_text="The employee.")
    name = serializers.CharField(help_text="Last name and initials.")
    color = serializers.CharField(help_text="Colour in the calendar, `#rrggbb`.")


class VisitPatientOut(Out):
    id = serializers.UUIDField(help_text="The patient.")
    card_number = serializers.IntegerField(help_text="Number of the card.")
    name = serializers.CharField(help_text="Full name.")
    age = serializers.IntegerField(allow_null=True, help_text="Full years on that day.")
    allergies = serializers.CharField(help_text="Empty also for those who may not see it.")


class VisitPatientHeadOut(VisitPatientOut):
    birth_date = serializers.DateField(allow_null=True, help_text="Date of birth.")
    sex = serializers.ChoiceField(Patient.Sex.choices, help_text="Sex.")


class VisitTimesOut(Out):
    id = serializers.UUIDField(help_text="The appointment.")
    starts_at = serializers.DateTimeField(help_text="Booked from.")
    ends_at = serializers.DateTimeField(help_text="Booked until.")
    status = serializers.ChoiceField(Appointment.Status.choices, help_text="Of the appointment.")


class VisitAppointmentOut(VisitTimesOut):
    services = serializers.CharField(help_text="What was booked.")


class _VisitOut(Out):
    id = serializers.UUIDField(help_text="The visit.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    status = serializers.ChoiceField(Visit.Status.choices, help_text="`open` until signed.")
    branch = serializers.UUIDField(help_text="The branch.")
    arrived_at = serializers.DateTimeField(help_text="When the patient came.")
    started_at = serializers.DateTimeField(allow_null=True, help_text="When the treatment began.")
    signed_at = serializers.DateTimeField(allow_null=True, help_text="When the doctor signed.")
    total = Money(help_text="Sum of the works.")
    employee = PersonOut(help_text="The doctor.")


class VisitRowOut(_VisitOut):
    services = serializers.CharField(help_text="Works done, else what was booked.")
    patient = VisitPatientOut(help_text="The patient.")
    appointment = VisitTimesOut(allow_null=True, help_text="Null: came without one.")


class DiaryOut(Out):
    complaints = serializers.CharField(help_text="Complaints.")
    anamnesis = serializers.CharField(help_text="Anamnesis.")
    examination = serializers.CharField(help_text="Examination.")
    conclusion = serializers.CharField(help_text="Conclusion.")
    recommendations = serializers.CharField(help_text="Recommendations.")


assert set(DiaryOut._declared_fields) == set(DIARY)


class VisitDiagnosisOut(Out):
    id = serializers.UUIDField(help_text="The entry.")
    icd10 = serializers.CharField(help_text="Code of ICD-10.")
    name = serializers.CharField(help_text="Its name.")
    tooth = serializers.IntegerField(allow_null=True, help_text="ISO 3950; null: the whole mouth.")


class WorkOut(Out):
    id = serializers.UUIDField(help_text="The entry.")
    service = serializers.UUIDField(help_text="The service.")
    code = serializers.CharField(help_text="Code of the service.")
    name = serializers.CharField(help_text="Name of the service.")
    is_tooth_bound = serializers.BooleanField(help_text="The service needs a tooth.")
    tooth = serializers.IntegerField(allow_null=True, help_text="ISO 3950.")
    quantity = serializers.IntegerField(help_text="How many.")
    price = Money(max_digits=12, help_text="Price of one, frozen.")
    discount_percent = serializers.DecimalField(5, 2, help_text="Discount.")
    amount = Money(help_text="Price × quantity less discount.")
    employee = serializers.UUIDField(help_text="Who did it.")
    employee_name = serializers.CharField(help_text="Last name and initials.")


class VisitRightsOut(Out):
    diary = serializers.BooleanField(help_text="May write the diary and the diagnoses now.")
    works = serializers.BooleanField(help_text="May change the works now.")
    sign = serializers.BooleanField(help_text="May sign now.")
    price = serializers.BooleanField(help_text="May set a price other than the list's.")
    discount_cap = serializers.DecimalField(
        5, 2, help_text="Highest discount he may give, percent."
    )


class VisitOut(_VisitOut):
    signed_by = serializers.CharField(
        allow_null=True, help_text="Who signed, last name and initials."
    )
    updated_at = serializers.DateTimeField(help_text="Last change.")
    patient = VisitPatientHeadOut(help_text="Head of the card.")
    appointment = VisitAppointmentOut(allow_null=True, help_text="Null: came without one.")
    diary = DiaryOut(allow_null=True, help_text="Null for those who may not read the record.")
    diagnoses = VisitDiagnosisOut(many=True, allow_null=True, help_text="Null like the diary.")
    works = WorkOut(many=True, help_text="Works done, in their order.")
    can = VisitRightsOut(help_text="What the caller may do with it.")


VisitPage = page_schema(VisitRowOut, "VisitPage")
