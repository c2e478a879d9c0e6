"""Who waits for a time: put there by hand, or taken off the calendar when the doctor's day was canceled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions, place, statuses
from apps.calendar.breaks import check_employee, found_branch
from apps.calendar.events import WaitingAdded, WaitingChanged, WaitingScheduled
from apps.calendar.models import Appointment, AppointmentService, WaitingEntry
from apps.calendar.place import Line, Place
from apps.core import inserts, versions
from apps.core.caller import Caller
from apps.core.errors import DomainError
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.patients.models import Patient
from apps.patients.queries import reached

S = WaitingEntry.Status
OPEN = (S.WAITING, S.CONTACTED)


class NotWaiting(DomainError):
    """details: ``status``."""

    code = "not_waiting"
    message = _("This entry is not waiting any more.")


@transaction.atomic(savepoint=False)
def add(
    *,
    branch_id: UUID,
    patient_id: UUID,
    employee_id: UUID | None = None,
    appointment_id: UUID | None = None,
    minutes: int,
    comment: str = "",
    is_urgent: bool = False,
    reach: Scope,
    caller: Caller,
) -> WaitingEntry:
    """By hand. ``appointment_id``: a canceled one of the patient, whose services are still wanted."""
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    known = reached(Patient.objects, caller.scope("patients:read"), caller)
    patient = known.filter(pk=patient_id).first()
    faults.unless(patient, "patient", place.UNKNOWN)
    archived = patient is not None and patient.is_archived
    faults.unless(not archived, "patient", _("The card of this patient is in the archive."))
    if employee_id:
        check_employee(faults, branch, employee_id)
    if appointment_id:
        gone = Appointment.objects.filter(pk=appointment_id, patient_id=patient_id)
        found = gone.filter(status__in=statuses.GONE, branch_id=branch_id).exists()
        faults.unless(found, "appointment", place.UNKNOWN)
    faults.stop()
    entry = WaitingEntry(
        branch_id=branch_id,
        patient_id=patient_id,
        employee_id=employee_id,
        appointment_id=appointment_id,
        minutes=minutes,
        comment=comment,
        is_urgent=is_urgent,
        created_by=caller.user,
    )
    inserts.insert([entry])
    _record(WaitingAdded, entry, caller.user, [])
    return entry


def take_in(
    appointments: Sequence[Appointment], comment: str, by: User | None
) -> list[WaitingEntry]:
    """Put these, just canceled, on the list: their patients want the same services of the same doctor."""
    entries = [
        WaitingEntry(
            branch_id=one.branch_id,
            patient_id=one.patient_id,
            employee_id=one.employee_id,
            appointment_id=one.pk,
            minutes=(one.ends_at - one.starts_at).seconds // 60,
            is_urgent=one.is_urgent,
            comment=comment,
            created_by=by,
        )
        for one in appointments
    ]
    inserts.insert(entries)
    for entry in entries:
        _record(WaitingAdded, entry, by, [])
    return entries


@transaction.atomic(savepoint=False)
def cancel(*, appointment: Appointment, comment: str, by: User, **told: Any) -> WaitingEntry:
    """Cancel it and put its patient on the list, both or neither. ``told``: what ``actions.cancel`` wants to know."""
    actions.cancel(appointment=appointment, by=by, **told)
    return take_in([appointment], comment, by)[0]


@transaction.atomic(savepoint=False)
def change(*, entry: WaitingEntry, changes: dict[str, Any], by: User) -> WaitingEntry:
    """Status, comment, length, doctor, urgency. Whoever got his time is not changed any more."""
    if entry.status == S.SCHEDULED:
        raise NotWaiting(details={"status": entry.status})
    employee_id = changes.get("employee_id")
    if employee_id and employee_id != entry.employee_id:
        faults = place.Faults()
        check_employee(faults, entry.branch, employee_id)
        faults.stop()
    changed = versions.apply(entry, changes)
    if changed:
        _record(WaitingChanged, entry, by, changed)
    return entry


@transaction.atomic(savepoint=False)
def book(
    *, entry: WaitingEntry, where: Place, over: str = "", by: User, now: datetime
) -> Appointment:
    """Give him a time, with what was planned for him before."""
    check_open(entry)
    appointment = actions.book(
        place=where,
        services=lines(entry),
        source=_source(entry),
        note=entry.appointment.note if entry.appointment else "",
        is_urgent=entry.is_urgent,
        origin=Appointment.Origin.WAITING,
        origin_appointment_id=entry.appointment_id,
        over=over,
        by=by,
        now=now,
    )
    changed = versions.apply(entry, {"status": S.SCHEDULED, "scheduled": appointment})
    _record(WaitingScheduled, entry, by, changed)
    return appointment


def check_open(entry: WaitingEntry) -> None:
    if entry.status not in OPEN:
        raise NotWaiting(details={"status": entry.status})


def lines(entry: WaitingEntry) -> list[Line]:
    """The services of its appointment that are still offered, at the prices of today."""
    if entry.appointment_id is None:
        return []
    planned = AppointmentService.objects.filter(appointment_id=entry.appointment_id)
    offered = planned.filter(service__is_active=True).order_by("position")
    return place.lines([{"service": row.service_id, "quantity": row.quantity} for row in offered])


def drop_for(appointment_id: UUID, by: User | None) -> None:
    """The appointment came back: nobody waits for it any more."""
    waiting = WaitingEntry.objects.select_for_update(of=("self",)).filter(
        appointment_id=appointment_id, status__in=OPEN
    )
    for entry in waiting.order_by("pk"):
        changed = versions.apply(entry, {"status": S.CANCELED})
        _record(WaitingChanged, entry, by, changed)


def _source(entry: WaitingEntry) -> str:
    return entry.appointment.source if entry.appointment else Appointment.Source.RECALL


def _record(event: type[Event], entry: WaitingEntry, by: User | None, changed: list[str]) -> None:
    record(
        event(
            id=entry.pk,
            branch_id=entry.branch_id,
            patient_id=entry.patient_id,
            by=by,
            data={"version": entry.version, "changed": changed, "status": entry.status},
        )
    )
