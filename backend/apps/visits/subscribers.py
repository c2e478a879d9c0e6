"""The calendar says where the patient is; the visit follows in the same transaction."""

from datetime import UTC, datetime
from uuid import UUID

from apps.calendar.events import (
    AppointmentCanceled,
    AppointmentMoved,
    AppointmentStatusChanged,
)
from apps.calendar.models import Appointment
from apps.core.events import on
from apps.visits import actions

S = Appointment.Status


@on(AppointmentStatusChanged)
def follow_status(event: AppointmentStatusChanged) -> None:
    now = datetime.now(UTC)
    match event.data["to"]:
        case S.ARRIVED:
            appointment = Appointment.objects.select_related("patient", "branch", "employee")
            actions.open_for_appointment(
                appointment=appointment.get(pk=event.id), by=event.by, now=now
            )
        case S.IN_PROGRESS:
            visit = actions.of_appointment(event.id)
            if visit is not None:
                actions.begin(visit=visit, by=event.by, now=now)
        case S.BOOKED | S.CONFIRMED | S.NO_SHOW:
            actions.take_back(appointment_id=event.id, by=event.by)


@on(AppointmentCanceled)
def close_empty_visit(event: AppointmentCanceled) -> None:
    actions.take_back(appointment_id=event.id, by=event.by)


@on(AppointmentMoved)
def follow_move(event: AppointmentMoved) -> None:
    assert event.branch_id  # every appointment has one
    actions.follow(
        appointment_id=event.id,
        branch_id=event.branch_id,
        employee_id=UUID(event.data["employee_id"]),
        by=event.by,
    )
