"""Closing gaps over HTTP: look at a plan, carry it out, take it back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import undoing
from apps.calendar.api.moments import Day, Moment
from apps.calendar.api.reach import OfAppointments, each_once
from apps.calendar.api.slots import Several
from apps.calendar.gaps import closing, planner, reading
from apps.calendar.models import Appointment
from apps.core.api import In, Out, StaffRequest


class GapsIn(In):
    branch = serializers.UUIDField(help_text="In this branch.")
    date = Day(help_text="The day of the branch.")
    employee = Several(
        child=serializers.UUIDField(),
        max_length=100,
        default=list,
        help_text="Only these doctors, with commas; empty: all who treat there that day.",
    )
    least = serializers.IntegerField(
        min_value=15,
        max_value=240,
        default=60,
        help_text="Minutes of the shortest free stretch that is of use.",
    )
    shift = serializers.IntegerField(
        min_value=5, max_value=120, default=60, help_text="Minutes by which one may move at most."
    )
    confirmed = serializers.BooleanField(
        default=False, help_text="True: those who have confirmed may move too."
    )


class StretchOut(Out):
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")


class BlockedOut(StretchOut):
    kind = serializers.ChoiceField(
        ["break", "elsewhere", "hold", "reserve"],
        help_text="A break or blocked time; busy in another branch or with a colleague; kept; reserved hours.",
    )


class GainOut(Out):
    free = serializers.IntegerField(
        help_text="Minutes of his working time that are free, from now on."
    )
    useful = serializers.IntegerField(
        help_text="Those of them in stretches of `least` minutes or more."
    )
    longest = serializers.IntegerField(help_text="Minutes of the longest free stretch.")
    gaps = serializers.IntegerField(help_text="How many stretches are too short.")
    stretches = StretchOut(many=True, help_text="Those that are not.")


class PlannedOut(Out):
    id = serializers.UUIDField(help_text="The appointment.")
    version = serializers.IntegerField(help_text="Its version.")
    patient_name = serializers.CharField(help_text="Last name and initials.")
    services_text = serializers.CharField(help_text="What is planned, or empty.")
    status = serializers.ChoiceField(Appointment.Status.choices, help_text="Its status.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    to_starts_at = serializers.DateTimeField(help_text="Begin by the plan.")
    to_ends_at = serializers.DateTimeField(help_text="End by the plan.")
    shift = serializers.IntegerField(help_text="Minutes by which it moves; 0: it stays.")
    fixed = serializers.ChoiceField(
        ["", "begun", "past", "overbooked", "parts", "urgent", "confirmed"],
        help_text="Why it is not moved; empty: it may be.",
    )


class DoctorPlanOut(Out):
    employee = serializers.UUIDField(help_text="The doctor.")
    name = serializers.CharField(help_text="Last name and initials.")
    working = StretchOut(many=True, help_text="When he works that day.")
    before = GainOut(help_text="As it is.")
    after = GainOut(help_text="By the plan.")
    won = serializers.IntegerField(help_text="Useful minutes more.")
    items = PlannedOut(many=True, help_text="His appointments by time, those that stay as well.")
    blocked = BlockedOut(many=True, help_text="What else is in the way.")


class GapsOut(Out):
    branch = serializers.UUIDField(help_text="The branch.")
    date = serializers.DateField(help_text="The day.")
    least = serializers.IntegerField(help_text="As asked.")
    shift = serializers.IntegerField(help_text="As asked.")
    confirmed = serializers.BooleanField(help_text="As asked.")
    won = serializers.IntegerField(help_text="Useful minutes more, of all doctors together.")
    employees = DoctorPlanOut(many=True, help_text="By name. Each plan can be carried out alone.")


class GapMoveIn(In):
    appointment = serializers.UUIDField(help_text="The appointment.")
    version = serializers.IntegerField(min_value=1, help_text="Its version that the caller saw.")
    starts_at = Moment(help_text="With offset: when it is to begin; its length stays.")


class CloseIn(In):
    branch = serializers.UUIDField(help_text="In this branch.")
    date = Day(help_text="The day of the branch.")
    moves = serializers.ListField(
        child=GapMoveIn(),
        min_length=1,
        max_length=closing.MOST,
        help_text="What moves. To take it back: the same with `was_starts_at` and the new versions.",
    )
    confirmed = serializers.BooleanField(
        default=False, help_text="True: the caller knows that some of them have confirmed."
    )

    def validate_moves(self, moves: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(moves)


class GapMovedOut(Out):
    appointment = serializers.UUIDField(help_text="The appointment.")
    version = serializers.IntegerField(help_text="Its version now.")
    starts_at = serializers.DateTimeField(help_text="When it begins now.")
    was_starts_at = serializers.DateTimeField(help_text="When it began before.")


class ClosedOut(Out):
    moves = GapMovedOut(many=True, help_text="As they were sent.")


class GapsViewSet(OfAppointments):
    """Gaps of a day, and the moves that join them."""

    serializer_class = GapsOut
    permission = "appointments:write"

    @extend_schema(parameters=[GapsIn], responses=GapsOut)
    def list(self, request: StaffRequest) -> Response:
        """What moving a few appointments would win, doctor by doctor. Nothing is moved. Useful is free time in stretches
        of `least` minutes or more; each move must bring more than ten such minutes. The same day, the same answer."""
        query, now = self.read(GapsIn), timezone.now()
        branch = self._state(query["branch"]).branch
        self._seen("gaps", branch.pk, date=str(query["date"]))
        day = reading.of(
            branch, query["date"], query["employee"], now, confirmed=query["confirmed"]
        )
        plans = planner.plan(day.doctors, day.taken, least=query["least"], most=query["shift"])
        employees = [_shown(*each) for each in zip(day.people, plans, strict=True)]
        told = {name: query[name] for name in ("branch", "date", "least", "shift", "confirmed")}
        return self.answer(
            told | {"won": sum(one["won"] for one in employees), "employees": employees}
        )

    @extend_schema(request=CloseIn, responses=ClosedOut)
    def create(self, request: StaffRequest) -> Response:
        """Move these within their day, all or none; doctor, chair and length stay. Refused: `stale`, `series_conflicts`,
        `already_confirmed`, `appointment_closed`."""
        data = self.read(CloseIn)
        branch = self._state(data["branch"]).branch
        moves = {move["appointment"]: move for move in data["moves"]}
        rows = undoing.seen(
            self._rows().filter(branch=branch),
            {pk: move["version"] for pk, move in moves.items()},
        )
        was = closing.close(
            rows=rows,
            starts={pk: move["starts_at"] for pk, move in moves.items()},
            day=branch.day(data["date"]),
            confirmed=data["confirmed"],
            find=lambda one, where: self._moved(one, where, one.is_urgent),
            by=request.user,
        )
        now = {row.pk: row for row in rows}
        return self.answer({"moves": [_moved(now[pk], was[pk]) for pk in moves]})


def _shown(person: reading.Person, plan: planner.Plan) -> dict[str, Any]:
    return {
        "employee": person.employee.pk,
        "name": person.employee.short_name,
        "working": _stretches(person.works),
        "before": _gain(plan.before),
        "after": _gain(plan.after),
        "won": plan.won,
        "items": [
            _item(one, plan.shifts.get(one.pk, 0), person.fixed.get(one.pk, ""))
            for one in person.appointments
        ],
        "blocked": [one._asdict() for one in person.blocked],
    }


def _gain(gain: planner.Gain) -> dict[str, Any]:
    spans = ((reading.moment(begins), reading.moment(ends)) for begins, ends in gain.stretches)
    return vars(gain) | {"stretches": _stretches(spans)}


def _stretches(spans: Iterable[tuple[datetime, datetime]]) -> list[dict[str, datetime]]:
    return [{"starts_at": begins, "ends_at": ends} for begins, ends in spans]


def _item(one: Appointment, shift: int, fixed: str) -> dict[str, Any]:
    by = timedelta(minutes=shift)
    return {
        "id": one.pk,
        "version": one.version,
        "patient_name": one.patient.short_name,
        "services_text": one.services_text,
        "status": one.status,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "to_starts_at": one.starts_at + by,
        "to_ends_at": one.ends_at + by,
        "shift": shift,
        "fixed": fixed,
    }


def _moved(row: Appointment, was: datetime) -> dict[str, Any]:
    return {
        "appointment": row.pk,
        "version": row.version,
        "starts_at": row.starts_at,
        "was_starts_at": was,
    }
