"""Series over HTTP: book, look at, move and cancel from one of them on."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import place, planned, segments, series, together, undoing
from apps.calendar.api.inputs import BookIn, CancelIn
from apps.calendar.api.moments import Day, Moment
from apps.calendar.api.outputs import AppointmentOut, FreeOut
from apps.calendar.api.reach import OfAppointments
from apps.calendar.models import Appointment, Series
from apps.core import versions
from apps.core.api import In, Out, StaffRequest
from apps.core.errors import InvalidInput, NotFound
from apps.core.events import viewed
from apps.org.models import Branch


class SeriesBookIn(BookIn):
    copy_of = rebook = draft = hold = overbook_reason = None  # type: ignore[assignment]
    rule = serializers.ChoiceField(Series.Rule.choices, help_text="How it repeats.")
    every = serializers.IntegerField(
        min_value=1, max_value=365, default=1, help_text="Weeks or days between two."
    )
    count = serializers.IntegerField(
        min_value=2, max_value=series.MOST, default=2, help_text="How many in all; not for `dates`."
    )
    dates = serializers.ListField(
        child=Day(),
        max_length=series.MOST - 1,
        default=list,
        help_text="The days besides the first one, for `dates`.",
    )
    skip_conflicts = serializers.BooleanField(
        default=False, help_text="True: book those that are free."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data = super().validate(data)
        if data["rule"] == Series.Rule.DATES and not data["dates"]:
            raise serializers.ValidationError({"dates": _("Choose at least one more day.")})
        return data


class FromIn(In):
    appointment = serializers.UUIDField(help_text="From this one on.")
    version = serializers.IntegerField(min_value=1, help_text="Its version that the caller saw.")


class SeriesMoveIn(FromIn):
    """What this one gets; those after it move by as much."""

    starts_at = Moment(required=False, help_text="With offset.")
    ends_at = Moment(required=False, help_text="With offset.")
    employee = serializers.UUIDField(required=False, help_text="Another doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, help_text="Another chair, or none."
    )


class SeriesCancelIn(CancelIn):
    to_waiting = None  # type: ignore[assignment]
    appointment = serializers.UUIDField(help_text="From this one on.")


class BackIn(FromIn):
    appointment = serializers.UUIDField(help_text="One of those that were changed.")
    starts_at = Moment(required=False, help_text="With offset; when it was before the move.")
    ends_at = Moment(required=False, help_text="With offset; when it was before the move.")
    employee = serializers.UUIDField(required=False, help_text="Whose it was.")
    chair = serializers.UUIDField(required=False, allow_null=True, help_text="Where it was.")


class SeriesUndoIn(In):
    items = serializers.ListField(
        child=BackIn(), min_length=1, max_length=series.MOST, help_text="All that was changed."
    )


class TakenOut(Out):
    kind = serializers.CharField(help_text="`employee`, `chair`, `room`, `device`, `patient`.")
    id = serializers.UUIDField(help_text="Which one.")
    name = serializers.CharField(help_text="Its name; empty for a patient.")


class ConflictOut(Out):
    index = serializers.IntegerField(help_text="Which of the times, from zero.")
    starts_at = serializers.DateTimeField(help_text="When it would have been.")
    code = serializers.CharField(
        help_text="`slot_taken`, `outside_shift`, `reserved`, `no_such_hour`, `invalid`."
    )
    message = serializers.CharField(help_text="In words.")
    resources = TakenOut(many=True, help_text="What is taken.")
    free = FreeOut(many=True, help_text="Places near to it.")


class SeriesOut(Out):
    id = serializers.UUIDField(help_text="The series.")
    rule = serializers.ChoiceField(Series.Rule.choices, help_text="How it repeats.")
    every = serializers.IntegerField(help_text="Weeks or days between two.")
    items = AppointmentOut(many=True, help_text="Its appointments, or those that have changed.")
    conflicts = ConflictOut(many=True, help_text="Times that were left out.")


class SeriesViewSet(OfAppointments):
    """Series: appointments that were made in one go."""

    serializer_class = SeriesOut
    permissions: ClassVar = {}

    @extend_schema(request=SeriesBookIn, responses={201: SeriesOut})
    def create(self, request: StaffRequest) -> Response:
        """Book all of them. Refused: `series_conflicts` with a word for each that does not fit, unless
        `skip_conflicts`. Each is at the same hour of the branch's clock."""
        data = self.read(SeriesBookIn)
        zone = self._zone(data["branch"])
        starts_at, ends_at = data["starts_at"], data["ends_at"]

        def find(begins: Any, ends: Any) -> place.Place:
            return self._place(
                branch_id=data["branch"],
                employee_id=data["employee"],
                chair_id=data["chair"],
                patient_id=data["patient"],
                starts_at=begins,
                ends_at=ends,
                is_urgent=data["is_urgent"],
            )

        first = starts_at.astimezone(zone).date()
        on = series.days(first, data["rule"], data["every"], data["count"], data["dates"])
        if on[0] != first:
            raise InvalidInput(fields={"dates": [_("These days come before the first one.")]})
        booked = series.book(
            found=series.occurrences(starts_at, ends_at, zone, on, find),
            rule=data["rule"],
            every=data["every"],
            skip=data["skip_conflicts"],
            services=planned.lines(data["services"]),
            parts=segments.told(data["segments"]),
            **{name: data[name] for name in ("source", "note", "is_urgent", "color")},
            by=request.user,
            now=timezone.now(),
        )
        return self._answer(booked.series, booked.appointments, booked.conflicts, status=201)

    @extend_schema(responses=SeriesOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """Its appointments by their time, as far as the caller may see them."""
        rows = list(self._rows().filter(series=pk).order_by("starts_at", "id"))
        if not rows:
            raise NotFound
        viewed("series", pk, by=request.user, patient_id=rows[0].patient_id)
        return self._answer(Series.objects.get(pk=pk), rows)

    @extend_schema(request=SeriesMoveIn, responses=SeriesOut)
    @action(detail=True, methods=["post"])
    def move(self, request: StaffRequest, pk: UUID) -> Response:
        """Move one and all after it that can be moved. Refused: `stale`, `series_conflicts`, `appointment_closed`."""
        data = self.read(SeriesMoveIn)
        row, anchor = self._from(pk, data)
        names = {"employee": "employee_id", "chair": "chair_id"}
        moved = series.move(
            following=series.following(self._rows(), anchor),
            anchor=anchor,
            wanted={names.get(name, name): value for name, value in data.items()},
            zone=self._zone(anchor.branch_id),
            find=lambda one, where: self._moved(one, where, one.is_urgent),
            by=request.user,
        )
        return self._answer(row, moved)

    @extend_schema(request=SeriesCancelIn, responses=SeriesOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: StaffRequest, pk: UUID) -> Response:
        """Cancel one and all after it that can be canceled. Refused: `stale`, `visit_has_content`."""
        data = self.read(SeriesCancelIn)
        row, anchor = self._from(pk, data)
        canceled = series.cancel(
            following=series.following(self._rows(), anchor),
            canceled_by=data["by"],
            code=data["code"],
            reason=data["reason"],
            by=request.user,
            now=timezone.now(),
        )
        return self._answer(row, canceled)

    @extend_schema(request=SeriesUndoIn, responses=SeriesOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: StaffRequest, pk: UUID) -> Response:
        """Take back what was done to these: canceled ones come back, moved ones go to the place that is told for each.
        All or none. Refused: `stale` when one has changed since, `series_conflicts`, `appointment_closed`."""
        items = {item.pop("appointment"): item for item in self.read(SeriesUndoIn)["items"]}
        if not self._rows().filter(series=pk).exists():
            raise NotFound
        row: Series = versions.locked(Series.objects, pk)
        known = {one: item.pop("version") for one, item in items.items()}
        rows = undoing.seen(self._rows().filter(series=pk), known)
        if undoing.are_gone(rows):
            done = undoing.restore(rows=rows, by=request.user, now=timezone.now())
        else:
            names = {"employee": "employee_id", "chair": "chair_id"}
            places = {
                one: {names.get(name, name): value for name, value in item.items()}
                for one, item in items.items()
            }
            done = together.move(
                rows=rows,
                places=places,
                find=lambda one, where: self._moved(one, where, one.is_urgent),
                by=request.user,
            )
        return self._answer(row, done)

    def _from(self, pk: UUID, data: dict[str, Any]) -> tuple[Series, Appointment]:
        """The series, locked first so that two who change it wait for each other, and the one to begin with."""
        if not self._rows().filter(series=pk).exists():
            raise NotFound
        row: Series = versions.locked(Series.objects, pk)
        rows = self._rows().filter(series=pk)
        if not rows.filter(pk=data["appointment"]).exists():
            raise InvalidInput(fields={"appointment": [place.UNKNOWN]})
        return row, versions.locked(rows, data.pop("appointment"), data.pop("version"))

    def _zone(self, branch_id: UUID) -> Any:
        branch = Branch.objects.filter(pk=branch_id).first()
        if branch is None or not self.reach.covers(branch_id):
            raise InvalidInput(fields={"branch": [place.UNKNOWN]})
        return branch.zone

    def _answer(
        self, row: Series, appointments: list[Appointment], conflicts: Any = (), status: int = 200
    ) -> Response:
        return self.answer(
            {
                "id": row.pk,
                "rule": row.rule,
                "every": row.every,
                "items": self._some([one.pk for one in appointments]),
                "conflicts": list(conflicts),
            },
            status=status,
        )
