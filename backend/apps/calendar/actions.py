"""What one may do with an appointment. Each verb gets it locked at the version that the caller saw (see ``versions``).

``over`` is the reason of somebody who may lay it over the time of others; empty: he may not, or does not want to.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import facts, free, moving, occupancy, overbooking, planned, segments, statuses
from apps.calendar.events import (
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentEdited,
    AppointmentRestored,
    AppointmentStatusChanged,
)
from apps.calendar.models import Appointment, AppointmentStep, Hold
from apps.calendar.place import Place
from apps.calendar.planned import Line
from apps.calendar.segments import Part
from apps.core import inserts, versions
from apps.core.errors import InvalidInput
from apps.core.events import Event
from apps.core.models.user import User
from apps.patients import care

S = Appointment.Status


@transaction.atomic(savepoint=False)
def book(
    *,
    place: Place,
    services: Sequence[Line] = (),
    parts: Sequence[Part] = (),
    draft: bool = False,
    over: str = "",
    hold: Hold | None = None,
    by: User | None,
    now: datetime,
    **fields: Any,
) -> Appointment:
    """``hold``: what was kept for it. ``fields``: source, note, is_urgent, color, and where it comes from: origin,
    origin_appointment_id."""
    parts = segments.checked(parts, place, planned.buffers(services)) if parts else []
    if place.opened:
        fields["reserve_reason"] = over
    appointment = new(place=place, services=services, parts=parts, draft=draft, by=by, **fields)
    inserts.insert(written(appointment, services, parts, by, now))
    if not draft:
        _take(appointment, place.room_id, parts, over, by, hold=hold)
    if hold:
        hold.delete()
    care.link(place.patient_id, place.branch_id, place.employee_id)
    facts.tell(AppointmentBooked, appointment, by, ["status"], **moving.opened(place))
    return appointment


def new(
    *,
    place: Place,
    services: Sequence[Line],
    parts: Sequence[Part],
    draft: bool = False,
    by: User | None,
    **fields: Any,
) -> Appointment:
    """Not yet written, and holding nothing."""
    return Appointment(
        branch_id=place.branch_id,
        patient_id=place.patient_id,
        employee_id=place.employee_id,
        chair_id=place.chair_id,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        status=S.DRAFT if draft else S.BOOKED,
        is_new_patient=place.is_new_patient,
        has_segments=bool(parts),
        created_by=by,
        **planned.summary(services),
        **fields,
    )


def written(
    appointment: Appointment,
    services: Sequence[Line],
    parts: Sequence[Part],
    by: User | None,
    now: datetime,
) -> list[Any]:
    """Every row of a new one."""
    chosen = planned.rows(appointment, services)
    pieces = [part.row(appointment) for part in parts]
    return [appointment, *chosen, *pieces, _step(appointment, by, now)]


@transaction.atomic(savepoint=False)
def move(
    *,
    appointment: Appointment,
    place: Place,
    services: Sequence[Line] | None = None,
    parts: Sequence[Part] | None = None,
    over: str = "",
    by: User | None,
) -> Appointment:
    """To another time, length, doctor, chair or branch, or with other parts. ``services``: those that it gets
    afterwards, for their buffers; ``parts``: None carries those that it has."""
    wanted = None if services is None else planned.buffers(services)
    step = moving.plan(appointment, place, parts=parts, buffers=wanted, over=over)
    if step is None:
        return appointment
    step.write()
    if appointment.status in statuses.OCCUPYING:
        _take(appointment, place.room_id, step.parts, over, by, again=True)
    step.tell(by)
    return appointment


@transaction.atomic(savepoint=False)
def edit(
    *,
    appointment: Appointment,
    services: Sequence[Line] | None = None,
    fields: dict[str, Any],
    over: str = "",
    by: User | None,
) -> Appointment:
    """Services (None: as they are), note, urgency, source, colour."""
    replanned = services is not None and planned.chosen(appointment) != [
        (line.service_id, line.quantity) for line in services
    ]
    summary = planned.summary(services or ()) if replanned else {}
    if appointment.status not in statuses.MOVABLE:  # what was held for it is history
        summary = {name: value for name, value in summary.items() if name not in planned.BUFFERS}
    changed = versions.apply(appointment, fields | summary)
    if replanned:
        appointment.services.all().delete()
        inserts.insert(planned.rows(appointment, services or []))
        if not changed:  # other services may add up to the same
            appointment.bump().save(update_fields=["version", "updated_at"])
        longer = set(planned.BUFFERS) & set(changed) and not appointment.has_segments
        if longer and appointment.status in statuses.OCCUPYING:
            _take(appointment, occupancy.exclusive_room(appointment), (), over, by, again=True)
        changed = [*(name for name in changed if name in fields), "services"]
    if changed:
        facts.tell(AppointmentEdited, appointment, by, changed)
    return appointment


@transaction.atomic(savepoint=False)
def change_status(
    *,
    appointment: Appointment,
    to: str,
    over: str = "",
    holds: bool = False,
    by: User | None,
    now: datetime,
    **also: Any,
) -> Appointment:
    """One step. ``cancel`` and ``restore`` are steps too, and have verbs of their own. ``holds``: what it needs was taken
    for it together with others."""
    before = appointment.status
    statuses.check(before, to)
    if to == S.NO_SHOW and now < appointment.starts_at:
        raise statuses.NotBegun(details={"starts_at": appointment.starts_at})
    gives_back = before in statuses.OCCUPYING and to not in statuses.OCCUPYING
    changes: dict[str, Any] = {"status": to, **also}
    if to == S.CONFIRMED:
        changes["confirmed_for"] = appointment.starts_at
    if gives_back and appointment.is_overbooked:
        changes |= {"is_overbooked": False, "overbook_reason": ""}
    changed = versions.apply(appointment, changes)
    inserts.insert([_step(appointment, by, now)])
    if gives_back:
        overbooking.exchange(appointments=[appointment.pk], by=by)
    if before not in statuses.OCCUPYING and to in statuses.OCCUPYING and not holds:
        room_id = occupancy.exclusive_room(appointment)
        _take(appointment, room_id, segments.of(appointment), over, by)
    event: type[Event] = AppointmentStatusChanged
    if to == S.CANCELED:
        event = AppointmentCanceled
    elif before in statuses.GONE:
        event = AppointmentRestored
    extra: dict[str, str] = {}
    if to == S.CANCELED:
        extra = {"canceled_by": appointment.canceled_by, "code": appointment.cancel_code}
    facts.tell(event, appointment, by, changed, **{"from": before, "to": to}, **extra)
    return appointment


def cancel(
    *,
    appointment: Appointment,
    canceled_by: str,
    code: str = Appointment.CancelCode.OTHER,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> Appointment:
    """Why: a code of the side that cancels; in words as well when the code is "other"."""
    if code not in Appointment.CANCEL_CODES[Appointment.CanceledBy(canceled_by)]:
        raise InvalidInput(fields={"code": [_("This is not a reason of this side.")]})
    if code == Appointment.CancelCode.OTHER and not reason.strip():
        raise InvalidInput(fields={"reason": [_("Say why it is canceled.")]})
    return change_status(
        appointment=appointment,
        to=S.CANCELED,
        by=by,
        now=now,
        canceled_by=canceled_by,
        cancel_code=code,
        cancel_reason=reason.strip(),
    )


@transaction.atomic(savepoint=False)
def restore(
    *,
    appointment: Appointment,
    place: Place | None = None,
    over: str = "",
    holds: bool = False,
    by: User | None,
    now: datetime,
) -> Appointment:
    """Back from "canceled" or "no show"; its time may be gone by now. ``place``: to there instead."""
    if appointment.status not in statuses.GONE:
        raise statuses.IllegalStatus(
            details={"from": appointment.status, "to": S.BOOKED, "allowed": []}
        )
    where = {name: getattr(place, name) for name in moving.PLACE} if place else {}
    if place and appointment.has_segments:
        around = (appointment.buffer_before, appointment.buffer_after)
        carried = segments.checked(segments.carried(appointment, place), place, around)
        segments.rewrite(appointment, carried)
    return change_status(
        appointment=appointment,
        to=S.BOOKED,
        over=over,
        holds=holds,
        by=by,
        now=now,
        canceled_by="",
        cancel_code="",
        cancel_reason="",
        **where,
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


def _take(
    appointment: Appointment,
    room_id: UUID | None,
    parts: Sequence[Part],
    over: str,
    by: User | None,
    *,
    again: bool = False,
    hold: Hold | None = None,
) -> None:
    """What it needs where it stands now, ``again``: instead of what it holds, ``hold``: of what was kept for it."""
    wants = occupancy.for_appointment(appointment, room_id, parts)
    taken = overbooking.exchange(
        wants,
        appointments=[appointment.pk] if again else [],
        holds=[hold.pk] if hold else [],
        by=by,
    )
    if taken and (not over or any(want.kind == "patient" for want in taken)):
        raise occupancy.SlotTaken(details=free.explain(appointment, taken, wants))
    if taken:
        overbooking.lay_over(taken)
    overbooking.lies(appointment, over=over, taken=bool(taken))


def _step(appointment: Appointment, by: User | None, now: datetime) -> AppointmentStep:
    return AppointmentStep(appointment=appointment, status=appointment.status, at=now, by=by)
