"""What one may do with an appointment. Each verb gets it locked at the version that the caller saw (see ``versions``)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import free, occupancy, statuses
from apps.calendar.events import (
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentEdited,
    AppointmentMoved,
    AppointmentRestored,
    AppointmentStatusChanged,
)
from apps.calendar.models import Appointment, AppointmentService, AppointmentStep
from apps.calendar.place import Line, Place
from apps.core import inserts, realtime, tenancy, versions
from apps.core.errors import InvalidInput
from apps.core.events import Event, record, touch_day
from apps.core.models.user import User
from apps.org.models import Room
from apps.patients import care

S = Appointment.Status
_TEXT = 250


@transaction.atomic(savepoint=False)
def book(
    *,
    place: Place,
    services: Sequence[Line] = (),
    source: str = Appointment.Source.PHONE,
    note: str = "",
    is_urgent: bool = False,
    draft: bool = False,
    by: User | None,
    now: datetime,
) -> Appointment:
    appointment = Appointment(
        branch_id=place.branch_id,
        patient_id=place.patient_id,
        employee_id=place.employee_id,
        chair_id=place.chair_id,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        status=S.DRAFT if draft else S.BOOKED,
        source=source,
        note=note,
        is_urgent=is_urgent,
        is_new_patient=place.is_new_patient,
        created_by=by,
        **_summary(services),
    )
    inserts.insert([appointment, *_planned(appointment, services), _step(appointment, by, now)])
    if not draft:
        _claim(appointment, place.room_id)
    care.link(place.patient_id, place.branch_id, place.employee_id)
    _record(AppointmentBooked, appointment, by, ["status"])
    return appointment


@transaction.atomic(savepoint=False)
def move(*, appointment: Appointment, place: Place, by: User | None) -> Appointment:
    """To another time, length, doctor, chair or branch."""
    changes = {
        "branch_id": place.branch_id,
        "employee_id": place.employee_id,
        "chair_id": place.chair_id,
        "starts_at": place.starts_at,
        "ends_at": place.ends_at,
    }
    changed = [name for name, value in changes.items() if getattr(appointment, name) != value]
    if not changed:
        return appointment
    only_longer = changed == ["ends_at"] and appointment.status == S.IN_PROGRESS
    if appointment.status not in statuses.MOVABLE and not only_longer:
        raise statuses.AppointmentClosed(details={"status": appointment.status})
    old = {
        "old_branch_id": str(appointment.branch_id),
        "old_employee_id": str(appointment.employee_id),
        "old_starts_at": appointment.starts_at.isoformat(),
    }
    old_branch_id = appointment.branch_id
    if appointment.status in statuses.OCCUPYING:
        occupancy.release(appointments=[appointment.pk])
    versions.apply(appointment, changes)
    if appointment.status in statuses.OCCUPYING:
        _claim(appointment, place.room_id)
    care.link(place.patient_id, place.branch_id, place.employee_id)
    _record(
        AppointmentMoved, appointment, by, [name.removesuffix("_id") for name in changed], **old
    )
    if old_branch_id != appointment.branch_id:
        _tell_branch(old_branch_id, appointment, by)
    return appointment


@transaction.atomic(savepoint=False)
def edit(
    *,
    appointment: Appointment,
    services: Sequence[Line] | None = None,
    fields: dict[str, Any],
    by: User | None,
) -> Appointment:
    """Services (None: as they are), note, urgency, source."""
    replanned = services is not None and _plan(appointment) != [
        (line.service_id, line.quantity) for line in services
    ]
    changed = versions.apply(appointment, fields | (_summary(services) if replanned else {}))
    if replanned:
        appointment.services.all().delete()
        inserts.insert(_planned(appointment, services or []))
        if not changed:  # other services may add up to the same
            appointment.bump().save(update_fields=["version", "updated_at"])
        changed = [*(name for name in changed if name in fields), "services"]
    if changed:
        _record(AppointmentEdited, appointment, by, changed)
    return appointment


@transaction.atomic(savepoint=False)
def change_status(
    *, appointment: Appointment, to: str, by: User | None, now: datetime, **also: str
) -> Appointment:
    """One step. ``cancel`` and ``restore`` are steps too, and have verbs of their own."""
    before = appointment.status
    statuses.check(before, to)
    changed = versions.apply(appointment, {"status": to, **also})
    inserts.insert([_step(appointment, by, now)])
    if before in statuses.OCCUPYING and to not in statuses.OCCUPYING:
        occupancy.release(appointments=[appointment.pk])
    if before not in statuses.OCCUPYING and to in statuses.OCCUPYING:
        _claim(appointment, _exclusive_room(appointment))
    event: type[Event] = AppointmentStatusChanged
    if to == S.CANCELED:
        event = AppointmentCanceled
    elif before in statuses.GONE:
        event = AppointmentRestored
    extra = {"canceled_by": appointment.canceled_by} if to == S.CANCELED else {}
    _record(event, appointment, by, changed, **{"from": before, "to": to}, **extra)
    return appointment


def cancel(
    *, appointment: Appointment, canceled_by: str, reason: str, by: User | None, now: datetime
) -> Appointment:
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("Say why it is canceled.")]})
    return change_status(
        appointment=appointment,
        to=S.CANCELED,
        by=by,
        now=now,
        canceled_by=canceled_by,
        cancel_reason=reason.strip(),
    )


def restore(*, appointment: Appointment, by: User | None, now: datetime) -> Appointment:
    """Back from "canceled" or "no show"; its time may be gone by now."""
    if appointment.status not in statuses.GONE:
        raise statuses.IllegalStatus(
            details={"from": appointment.status, "to": S.BOOKED, "allowed": []}
        )
    return change_status(
        appointment=appointment, to=S.BOOKED, by=by, now=now, canceled_by="", cancel_reason=""
    )


@transaction.atomic(savepoint=False)
def advance(*, appointment_id: UUID, to: str, by: User | None, now: datetime) -> Appointment:
    """Carry it forward to "in progress" or "done", each step recorded, because the visit got there."""
    appointment: Appointment = versions.locked(Appointment.objects, appointment_id)
    way = [S.BOOKED, S.CONFIRMED, S.ARRIVED, S.IN_PROGRESS, S.DONE]
    while appointment.status in way and way.index(S(appointment.status)) < way.index(S(to)):
        step = max(way.index(S(appointment.status)) + 1, way.index(S.ARRIVED))
        change_status(appointment=appointment, to=way[step], by=by, now=now)
    return appointment


def _claim(appointment: Appointment, room_id: UUID | None) -> None:
    taken = occupancy.claim(occupancy.for_appointment(appointment, room_id))
    if taken:
        raise occupancy.SlotTaken(details=free.explain(appointment, taken, room_id))


def _exclusive_room(appointment: Appointment) -> UUID | None:
    rooms = Room.objects.filter(chairs=appointment.chair_id, is_exclusive=True)
    return rooms.values_list("pk", flat=True).first() if appointment.chair_id else None


def _summary(services: Sequence[Line] | None) -> dict[str, Any]:
    services = services or ()
    text = ", ".join(line.name for line in services)
    return {
        "services_text": text if len(text) <= _TEXT else text[: _TEXT - 1] + "…",
        "price_estimate": sum((line.price * line.quantity for line in services), Decimal(0)),
    }


def _plan(appointment: Appointment) -> list[tuple[UUID, int]]:
    rows = appointment.services.order_by("position")
    return list(rows.values_list("service_id", "quantity"))


def _planned(appointment: Appointment, services: Sequence[Line]) -> list[AppointmentService]:
    return [
        AppointmentService(
            appointment=appointment,
            service_id=line.service_id,
            quantity=line.quantity,
            price=line.price,
            position=position,
        )
        for position, line in enumerate(services)
    ]


def _step(appointment: Appointment, by: User | None, now: datetime) -> AppointmentStep:
    return AppointmentStep(appointment=appointment, status=appointment.status, at=now, by=by)


def _record(
    event: type[Event], appointment: Appointment, by: User | None, changed: list[str], **more: Any
) -> None:
    data = {
        "version": appointment.version,
        "changed": changed,
        "employee_id": str(appointment.employee_id),
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "status": appointment.status,
    }
    record(
        event(
            id=appointment.pk,
            branch_id=appointment.branch_id,
            patient_id=appointment.patient_id,
            by=by,
            data=data | more,
        )
    )


def _tell_branch(branch_id: UUID, appointment: Appointment, by: User | None) -> None:
    """The branch that it left must read its day again too."""
    touch_day(branch_id)
    notice = {
        "resource": "appointments",
        "id": str(appointment.pk),
        **({"by": str(by.pk)} if by else {}),
    }
    organization_id = tenancy.current_organization_id()
    transaction.on_commit(partial(realtime.notify, organization_id, branch_id, notice), robust=True)
