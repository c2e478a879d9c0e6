"""What one takes out of the calendar: the day on paper, the slip and the `.ics` of an appointment."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar.api.inputs import DayIn
from apps.calendar.api.reach import OfAppointments
from apps.calendar.handouts import day_sheet, invitation, slip
from apps.calendar.models import Appointment
from apps.core import ical
from apps.core.api import In, StaffRequest
from apps.core.api.printed import File, Printed
from apps.core.events import journal, viewed
from apps.core.models.journal import JournalEntry
from apps.org.models import Branch

PDF: Any = {
    (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "Pages."),
}
ICS: Any = {
    (200, "text/calendar"): OpenApiResponse(OpenApiTypes.STR, "RFC 5545, times in UTC."),
}


class LanguageIn(In):
    lang = serializers.ChoiceField(
        settings.LANGUAGES, required=False, help_text="Of the sheet; left out: the caller's."
    )


class DaySheetIn(DayIn, LanguageIn):
    employee = serializers.UUIDField(required=False, help_text="Only the day of this doctor.")


class SlipIn(LanguageIn):
    paper = serializers.ChoiceField(
        [("a6", "A6"), ("80mm", "80 mm")],
        required=False,
        help_text="Left out: what the branch prints on (`slip_paper`).",
    )


class HandoutViewSet(OfAppointments):
    @extend_schema(parameters=[DaySheetIn], responses=PDF)
    def day_sheet(self, request: StaffRequest) -> Response:
        """The day of a branch or of a doctor on paper; phones as far as the caller may see them. Each print leaves a row
        in the journal."""
        query, now = self.read(DaySheetIn), timezone.now()
        state = self._state(query["branch"])
        branch = Branch.objects.get(pk=state.branch.pk)
        date = query.get("date") or branch.today(now)
        employee_id = query.get("employee")
        told = day_sheet.data(
            branch=branch,
            day=date,
            employee_id=employee_id,
            caller=self.caller,
            reach=self.reach,
            now=now,
            language=query.get("lang"),
        )
        journal(
            "day_printed",
            outcome=JournalEntry.Outcome.VIEWED,
            resource="appointments",
            branch_id=branch.pk,
            by=request.user,
            data={
                "date": str(date),
                "employee_id": str(employee_id) if employee_id else None,
                "rows": sum(len(sheet["rows"]) for sheet in told["sheets"]),
            },
        )
        return Printed(day_sheet.TEMPLATE, told, f"day-{date}.pdf")

    @extend_schema(parameters=[SlipIn], responses=PDF)
    def slip(self, request: StaffRequest, pk: UUID) -> Response:
        """What the patient takes home: where, when, to whom. Refused: `not_agreed`, a draft and one that
        will not be."""
        query = self.read(SlipIn)
        appointment = self._handed(pk, "slip")
        told = slip.data(appointment, paper=query.get("paper"), language=query.get("lang"))
        return Printed(slip.TEMPLATE, told, "slip.pdf")

    @extend_schema(parameters=[LanguageIn], responses=ICS)
    def ics(self, request: StaffRequest, pk: UUID) -> Response:
        """The appointment for the patient's calendar. One that was canceled takes itself out of it.
        Refused: `not_agreed`, a draft."""
        query = self.read(LanguageIn)
        content = invitation.calendar(self._handed(pk, "ics"), language=query.get("lang"))
        return File(content, ical.KIND, "appointment.ics")

    def _handed(self, pk: UUID, what: str) -> Appointment:
        rows = self._rows().select_related("branch", "employee", "patient")
        found: Appointment = self.one(rows, pk)
        viewed(
            "appointments",
            found.pk,
            by=self.caller.user,
            patient_id=found.patient_id,
            what=what,
        )
        return found
