from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import (
    actions,
    day,
    detail,
    holds,
    overbooking,
    planned,
    queries,
    rebooking,
    segments,
    statuses,
    waiting,
    week,
)
from apps.calendar.api.inputs import (
    AppointmentChangeIn,
    BookIn,
    CancelIn,
    DayIn,
    OverbookedIn,
    PatientAppointmentsIn,
    RestoreIn,
    StatusIn,
    WeekIn,
    WindowIn,
)
from apps.calendar.api.outputs import (
    AppointmentDetailOut,
    AppointmentOut,
    AppointmentPage,
    AppointmentWindow,
    DayOut,
    OverbookedWindow,
    WeekOut,
)
from apps.calendar.api.reach import OfAppointments
from apps.calendar.models import Appointment
from apps.core import versions
from apps.core.api import StaffRequest, page_of, window
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.core.events import viewed
from apps.patients.models import Patient
from apps.patients.queries import reached


class AppointmentViewSet(OfAppointments):
    """Appointments: the day of a branch, booking, moving, and the steps from booked to done."""

    serializer_class = AppointmentOut
    permissions: ClassVar = {"status": "appointments:status"}

    @extend_schema(parameters=[DayIn], responses=DayOut)
    def day(self, request: StaffRequest) -> Response:
        """All that the day screen of a branch shows, in one answer. Send the ETag back: an unchanged day is 304."""
        query = self.read(DayIn)
        state = self._state(query["branch"])
        date = query.get("date") or state.branch.today(timezone.now())
        self._seen("calendar_day", state.branch.pk, date=str(date))
        return self.tagged(
            self._tag(state, date),
            lambda: day.produce(
                branch=state.branch, day=date, caller=self.caller, reach=self.reach
            ),
        )

    @extend_schema(parameters=[WeekIn], responses=WeekOut)
    def week(self, request: StaffRequest) -> Response:
        """A week of one doctor in a branch, day by day as the day screen shows it. Send the ETag back: unchanged is
        304."""
        query = self.read(WeekIn)
        state = self._state(query["branch"])
        on = query.get("date") or state.branch.today(timezone.now())
        first = on - timedelta(days=on.weekday())
        self._seen("calendar_week", state.branch.pk, **{"from": str(first)})
        return self.tagged(
            self._tag(state, "week", first, query["employee"]),
            lambda: week.produce(
                branch=state.branch,
                first=first,
                employee=query["employee"],
                caller=self.caller,
                reach=self.reach,
            ),
        )

    @extend_schema(parameters=[WindowIn], responses=AppointmentWindow)
    def list(self, request: StaffRequest) -> Response:
        """The appointments of a branch between two days, whole. Send the ETag back: unchanged is 304."""
        query = self.read(WindowIn)
        state = self._state(query.pop("branch"))
        first, last = query.pop("from"), query.pop("to")
        self._seen("calendar_window", state.branch.pk, **{"from": str(first), "to": str(last)})

        def produce() -> bytes:
            items, total = queries.window(
                branch_id=state.branch.pk,
                begins=state.branch.day(first)[0],
                ends=state.branch.day(last)[1],
                caller=self.caller,
                reach=self.reach,
                **query,
            )
            if total > queries.LIMIT:
                raise InvalidInput(fields={"to": [_("Too many appointments; ask for fewer days.")]})
            return b'{"items":%b,"total":%d,"next":null}' % (items, total)

        return self.tagged(self._tag(state, first, last, sorted(query.items())), produce)

    @extend_schema(request=BookIn, responses={201: AppointmentOut})
    def create(self, request: StaffRequest) -> Response:
        """Book. Refused: `slot_taken` with what is taken and what is free, `outside_shift`, `reserved`.

        With `overbook_reason` what others have is laid over (never the patient's own time); needs the right for it.
        With `rebook` somebody who did not come gets another time, and that he did not come is noted on the old one in the
        same step, if it is told. Refused: `stale`, `not_begun`, `not_missed`."""
        data = self.read(BookIn)
        over = self._over(data["branch"], data)
        found = self._place(
            branch_id=data["branch"],
            employee_id=data["employee"],
            chair_id=data["chair"],
            patient_id=data["patient"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            is_urgent=data["is_urgent"],
            reason=over,
        )
        told = {
            "place": found,
            "services": planned.lines(data["services"]),
            "parts": segments.told(data["segments"]),
            "over": over,
            "hold": holds.of(data.get("hold"), request.user),
            **{name: data[name] for name in ("source", "note", "is_urgent", "color", "draft")},
            "by": request.user,
            "now": timezone.now(),
        }
        if rebook := data.get("rebook"):
            old = self._missed(rebook)
            appointment = rebooking.rebook(old=old, marks=rebook["no_show"], **told)
        else:
            appointment = actions.book(**told, **self._origin(data.get("copy_of")))
        return self._row(appointment.pk, status=201)

    @extend_schema(responses=AppointmentDetailOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One appointment with its services, steps and history. Opening it leaves a row in the journal."""
        row = orjson.loads(queries.some([pk], caller=self.caller, reach=self.reach))
        if not row:
            raise NotFound
        viewed("appointments", pk, by=request.user, patient_id=UUID(row[0]["patient_id"]))
        return self.answer(detail.of(row[0], self.caller))

    @extend_schema(request=AppointmentChangeIn, responses=AppointmentOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Move, resize or edit. Refused: `stale`, `slot_taken`, `outside_shift`, `reserved`, `appointment_closed`.

        `segments` of one that moves go with it, unless they are sent anew."""
        data = self.read(AppointmentChangeIn)
        appointment = versions.locked(self._rows(), pk, data.pop("version"))
        where = self._where(appointment, data)
        over = self._over(where.get("branch_id", appointment.branch_id), data)
        if not over and not where.keys() - {"ends_at"} and self._may_overbook(appointment):
            over = appointment.overbook_reason or appointment.reserve_reason  # as it stands there
        data.pop("overbook_reason")
        told = data.pop("services", None)
        services = None if told is None else planned.edited(appointment, told)
        parts = segments.told(data.pop("segments")) if "segments" in data else None
        if parts is not None and segments.same(parts, segments.of(appointment)):
            parts = None  # a form sends what it was given
        calmer = appointment.is_urgent and not data.get("is_urgent", True)
        if where or parts is not None or calmer:  # else it may stand where nobody is booked by now
            actions.move(
                appointment=appointment,
                place=self._moved(
                    appointment, where, data.get("is_urgent", appointment.is_urgent), over
                ),
                services=services,
                parts=parts,
                over=over,
                by=request.user,
            )
        actions.edit(
            appointment=appointment, services=services, fields=data, over=over, by=request.user
        )
        return self._row(pk)

    @extend_schema(request=StatusIn, responses=AppointmentOut)
    @action(detail=True, methods=["post"])
    def status(self, request: StaffRequest, pk: UUID) -> Response:
        """Take the next step. Refused: `stale`, `illegal_status` with what is allowed, `slot_taken` on the way back."""
        data = self.read(StatusIn)
        appointment = versions.locked(self._rows(), pk, data["version"])
        to, now = data["status"], timezone.now()
        if not self.reach.covers(appointment.branch_id) and to not in statuses.BY_DOCTOR:
            raise Forbidden
        if to == Appointment.Status.CANCELED:
            statuses.check(appointment.status, to)
            actions.cancel(
                appointment=appointment,
                canceled_by=data["by"],
                code=data["code"],
                reason=data["reason"],
                by=request.user,
                now=now,
            )
        elif appointment.status in statuses.GONE and to == Appointment.Status.BOOKED:
            actions.restore(appointment=appointment, by=request.user, now=now)
        else:
            actions.change_status(appointment=appointment, to=to, by=request.user, now=now)
        return self._row(pk)

    @extend_schema(request=CancelIn, responses=AppointmentOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: StaffRequest, pk: UUID) -> Response:
        """Cancel with a reason; the time is free again. With `to_waiting` the patient goes to the waiting list in the
        same step. Refused: `stale`, `illegal_status`, `visit_has_content`."""
        data = self.read(CancelIn)
        appointment = versions.locked(self._rows(), pk, data["version"])
        told = {"canceled_by": data["by"], "code": data["code"], "reason": data["reason"]}
        told |= {"by": request.user, "now": timezone.now()}
        if data["to_waiting"]:
            waiting.cancel(appointment=appointment, comment=data["reason"].strip(), **told)
        else:
            actions.cancel(appointment=appointment, **told)
        return self._row(pk)

    @extend_schema(request=RestoreIn, responses=AppointmentOut)
    @action(detail=True, methods=["post"])
    def restore(self, request: StaffRequest, pk: UUID) -> Response:
        """Back from canceled or "no show" into the same place, or to another time. Refused: `stale`, `illegal_status`,
        `slot_taken` with what is free, at another time also `outside_shift`, `reserved`."""
        data = self.read(RestoreIn)
        appointment = versions.locked(self._rows(), pk, data["version"])
        over = self._over(appointment.branch_id, data)
        where = self._where(appointment, data)
        actions.restore(
            appointment=appointment,
            place=self._moved(appointment, where, appointment.is_urgent, over) if where else None,
            over=over,
            by=request.user,
            now=timezone.now(),
        )
        return self._row(pk)

    @extend_schema(parameters=[OverbookedIn], responses=OverbookedWindow)
    def overbooked(self, request: StaffRequest) -> Response:
        """What lies over the time of others in a branch between two days: why, and over what."""
        query = self.read(OverbookedIn)
        branch = self._state(query["branch"]).branch
        self._seen("calendar_overbooked", branch.pk)
        rows = Appointment.objects.filter(
            branch=branch,
            is_overbooked=True,
            starts_at__gte=branch.day(query["from"])[0],
            starts_at__lt=branch.day(query["to"])[1],
        )
        ids = list(rows.order_by("starts_at", "id").values_list("pk", flat=True)[: queries.LIMIT])
        over = overbooking.listed(ids)
        items = [row | {"over": over.get(UUID(row["id"]), [])} for row in self._some(ids)]
        return self.answer(window(items))

    @extend_schema(parameters=[PatientAppointmentsIn], responses=AppointmentPage)
    def of_patient(self, request: StaffRequest, patient: UUID) -> Response:
        """Next and past appointments of a patient, as far as the caller may see them."""
        query = self.read(PatientAppointmentsIn)
        rows = self._rows().filter(patient_id=patient)
        known = reached(Patient.objects, self.caller.scope("patients:read"), self.caller)
        if not (known.filter(pk=patient).exists() or rows.exists()):
            raise NotFound
        viewed("patients", patient, by=request.user, patient_id=patient, what="appointments")
        now = timezone.now()
        if query["when"] == "next":
            rows = rows.filter(starts_at__gte=now).order_by("starts_at", "id")
        elif query["when"] == "past":
            rows = rows.filter(starts_at__lt=now).order_by("-starts_at", "-id")
        else:
            rows = rows.order_by("-starts_at", "-id")
        page = page_of(rows.values_list("pk", flat=True), query, self._some)
        return self.answer(page)

    def _where(self, appointment: Appointment, data: dict[str, Any]) -> dict[str, Any]:
        """What of its place is to be another one; taken out of ``data``."""
        names = {"branch": "branch_id", "employee": "employee_id", "chair": "chair_id"}
        told = {
            names.get(name, name): data.pop(name)
            for name in (*names, "starts_at", "ends_at")
            if name in data
        }
        return {name: value for name, value in told.items() if getattr(appointment, name) != value}
