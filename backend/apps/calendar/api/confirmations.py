"""The confirmation run: everybody of a day, and what was heard on the telephone."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import confirmations, confirming
from apps.calendar.api.moments import Day, Moment
from apps.calendar.api.outputs import AppointmentOut
from apps.calendar.api.reach import OfAppointments
from apps.calendar.models import Appointment, ContactAttempt
from apps.core import versions
from apps.core.api import In, Out, StaffRequest
from apps.core.errors import Forbidden

R = ContactAttempt.Result


class ConfirmationsIn(In):
    branch = serializers.UUIDField(help_text="Of this branch.")
    date = Day(required=False, help_text="A day of the branch; without it: tomorrow.")


class ResultIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    seen = serializers.UUIDField(
        allow_null=True, help_text="The latest attempt that the caller saw; null: none."
    )
    result = serializers.ChoiceField(R.choices, help_text="What came of the call.")
    call_back_at = Moment(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of `call_back`: when, before the appointment.",
    )
    note = serializers.CharField(
        max_length=250, allow_blank=True, default="", help_text="In words; `other` needs it."
    )
    code = serializers.ChoiceField(
        Appointment.CancelCode.choices,
        default=Appointment.CancelCode.OTHER,
        help_text="Of `declined`: why, one of the reasons of the patient; `other` needs the note.",
    )
    to_waiting = serializers.BooleanField(
        default=False, help_text="Of `declined`: he waits for another time."
    )


class AttemptOut(Out):
    id = serializers.UUIDField(help_text="The attempt.")
    at = serializers.DateTimeField(help_text="When.")
    by = serializers.CharField(help_text="Who called.")
    result = serializers.ChoiceField(R.choices, help_text="What came of it.")
    call_back_at = serializers.DateTimeField(allow_null=True, help_text="Call again then.")
    note = serializers.CharField(help_text="In words, or empty.")


class ConfirmationOut(AppointmentOut):
    employee_name = serializers.CharField(help_text="The doctor, last name and initials.")
    family = serializers.UUIDField(
        help_text="The first appointment of those with the same telephone: one call for all of them."
    )
    attempts = serializers.IntegerField(help_text="How often he was called.")
    last = AttemptOut(allow_null=True, help_text="The latest call.")
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="Not reached: when to call again; null: nobody has called yet."
    )
    moved_from = serializers.DateTimeField(
        allow_null=True,
        help_text="He confirmed this beginning, and was moved since: he is to be called again.",
    )
    in_call_by_id = serializers.UUIDField(allow_null=True, help_text="Who calls him just now.")
    in_call_by = serializers.CharField(help_text="His name, or empty.")


class ClerkOut(Out):
    user_id = serializers.UUIDField(help_text="Who.")
    name = serializers.CharField(help_text="Last name and initials.")
    calls = serializers.IntegerField(help_text="How many calls.")
    reached = serializers.IntegerField(help_text="Of them reached.")
    no_answer = serializers.IntegerField(help_text="Without an answer.")
    call_back = serializers.IntegerField(help_text="To be called later.")
    declined = serializers.IntegerField(help_text="Declined.")
    other = serializers.IntegerField(help_text="Something else.")


class ConfirmationsOut(Out):
    branch_id = serializers.UUIDField(help_text="The branch.")
    date = serializers.DateField(help_text="The day.")
    items = ConfirmationOut(
        many=True,
        help_text="Everybody of the day by time, without drafts; of the canceled only who declined in a call.",
    )
    total = serializers.IntegerField(help_text="How many.")
    clerks = ClerkOut(many=True, help_text="Who called about this day how often.")


class ClaimOut(Out):
    by = serializers.CharField(help_text="Who calls.")
    ends_at = serializers.DateTimeField(help_text="When it ends by itself.")


class ConfirmationViewSet(OfAppointments):
    """Calling the people of a day before they come."""

    serializer_class = ConfirmationsOut
    permission = "appointments:status"
    write_permission = "appointments:status"
    permissions: ClassVar = {}

    @extend_schema(parameters=[ConfirmationsIn], responses=ConfirmationsOut)
    def list(self, request: StaffRequest) -> Response:
        """Everybody of a day of a branch, how he was reached, and who called how often; a doctor sees his own."""
        query, now = self.read(ConfirmationsIn), timezone.now()
        branch = self._state(query["branch"]).branch
        date = query.get("date") or branch.today(now) + timedelta(days=1)
        self._seen("confirmations", branch.pk, date=str(date))
        begins, ends = branch.day(date)
        items, total, clerks = confirmations.of_day(
            branch_id=branch.pk,
            begins=begins,
            ends=ends,
            now=now,
            rest=confirming.REST,
            caller=self.caller,
            reach=self.reach,
        )
        head = f'{{"branch_id":"{branch.pk}","date":"{date}","total":{total}'.encode()
        return self.answer(b'%b,"items":%b,"clerks":%b}' % (head, items, clerks))

    @extend_schema(request=ResultIn, responses=AppointmentOut)
    @action(detail=True, methods=["post"])
    def result(self, request: StaffRequest, pk: UUID) -> Response:
        """What came of a call. `reached` confirms, `declined` cancels, the others come up again.

        Refused: `stale` when somebody changed it or called meanwhile, `illegal_status` of who is not expected any more."""
        data = self.read(ResultIn)
        appointment = self._locked(pk, data.pop("version"))
        if data["result"] == R.DECLINED and not self.reach.covers(appointment.branch_id):
            raise Forbidden
        data["note"] = data["note"].strip()
        confirming.note_result(appointment=appointment, **data, by=request.user, now=timezone.now())
        return self._row(pk)

    @extend_schema(request=None, responses={201: ClaimOut})
    @action(detail=True, methods=["post"])
    def call(self, request: StaffRequest, pk: UUID) -> Response:
        """Colleagues see for five minutes, or until the result, that he is being called. Refused: `in_call`."""
        claim = confirming.begin_call(
            appointment=self._locked(pk), by=request.user, now=timezone.now()
        )
        return self.answer({"by": claim.by.short_name, "ends_at": claim.ends_at}, status=201)

    @extend_schema(request=None, responses={204: None})
    @call.mapping.delete
    def leave(self, request: StaffRequest, pk: UUID) -> Response:
        """One's own call was not made."""
        confirming.leave_call(appointment=self._locked(pk), by=request.user)
        return self.answer(None, status=204)

    def _locked(self, pk: UUID, version: int | None = None) -> Any:
        return versions.locked(self._rows(), pk, version)
