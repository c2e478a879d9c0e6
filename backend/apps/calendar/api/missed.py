"""Marking all who did not come over HTTP, and taking it back."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import missed, undoing
from apps.calendar.api.outputs import AppointmentOut
from apps.calendar.api.reach import OfAppointments, each_once
from apps.calendar.models import Appointment
from apps.core.api import In, Out, StaffRequest
from apps.core.errors import NotFound

S = Appointment.Status


class MissedOneIn(In):
    appointment = serializers.UUIDField(help_text="The appointment.")
    version = serializers.IntegerField(min_value=1, help_text="Its version that the caller saw.")


class BackOneIn(MissedOneIn):
    status = serializers.ChoiceField(
        [(S.BOOKED, S.BOOKED.label), (S.CONFIRMED, S.CONFIRMED.label)],
        help_text="What it was before it was marked.",
    )


class _Several(In):
    branch = serializers.UUIDField(help_text="In this branch.")

    def validate_appointments(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(told)


class MissedIn(_Several):
    appointments = serializers.ListField(
        child=MissedOneIn(), min_length=1, max_length=missed.MOST, help_text="Who did not come."
    )


class MissedBackIn(_Several):
    appointments = serializers.ListField(
        child=BackOneIn(), min_length=1, max_length=missed.MOST, help_text="Those that were marked."
    )


class NotMarkedOut(Out):
    appointment = serializers.UUIDField(help_text="The appointment.")
    patient_name = serializers.CharField(help_text="Last name and initials.")
    code = serializers.CharField(help_text="`stale`, `illegal_status`, `not_begun`.")
    message = serializers.CharField(help_text="In words.")
    details = serializers.DictField(help_text="As those of the refusal of a single one.")


class MissedOut(Out):
    items = AppointmentOut(many=True, help_text="Those that have changed, as they are now.")
    refused = NotMarkedOut(many=True, help_text="Those that have not, and why.")


class MissedViewSet(OfAppointments):
    """Those of a day who did not come, all at once."""

    serializer_class = MissedOut
    permissions: ClassVar = {}

    @extend_schema(request=MissedIn, responses=MissedOut)
    def create(self, request: StaffRequest) -> Response:
        """Mark these as "no show"; their time is free again. Each for itself: whoever was changed, has arrived or is still
        ahead of his time is named under `refused`, the others are marked."""
        data = self.read(MissedIn)
        known = {one["appointment"]: one["version"] for one in data["appointments"]}
        rows = self._of(data["branch"])
        found = list(rows.select_for_update(of=("self",)).filter(pk__in=known).order_by("pk"))
        if len(found) < len(known):
            raise NotFound
        marked, refused = missed.mark(rows=found, known=known, by=request.user, now=timezone.now())
        return self._answer(marked, refused)

    @extend_schema(request=MissedBackIn, responses=MissedOut)
    @action(detail=False, methods=["post"])
    def undo(self, request: StaffRequest) -> Response:
        """Take it back: each stands in its time again with the status that is told for it. All or none. Refused: `stale`
        when one has changed since, `series_conflicts` when somebody else has got the time of one."""
        data = self.read(MissedBackIn)
        told = {one["appointment"]: one for one in data["appointments"]}
        rows = undoing.seen(
            self._of(data["branch"]), {pk: one["version"] for pk, one in told.items()}
        )
        done = missed.take_back(
            rows=rows,
            before={pk: one["status"] for pk, one in told.items()},
            by=request.user,
            now=timezone.now(),
        )
        return self._answer(done)

    def _of(self, branch_id: UUID) -> Any:
        return self._rows().filter(branch=self._state(branch_id).branch)

    def _answer(self, rows: list[Appointment], refused: Any = ()) -> Response:
        faults = [
            {
                "appointment": row.pk,
                "patient_name": row.patient.short_name,
                "code": fault.code,
                "message": str(fault.text),
                "details": fault.details,
            }
            for row, fault in refused
        ]
        return self.answer({"items": self._some([row.pk for row in rows]), "refused": faults})
