"""Who waits for a time: put there by hand, or taken off the calendar when the doctor's day was canceled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions, place, planned, statuses
from apps.calendar.breaks import check_employee, found_branch
from apps.calendar.events import WaitingAdded, WaitingChanged, WaitingScheduled
from apps.calendar.models import Appointment, AppointmentService, Hold, WaitingEntry, WaitingService
from apps.calendar.place import Place
from apps.calendar.planned import Line
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
    services: Sequence[Line] = (),
    reach: Scope,
    caller: Caller,
    **wishes: Any,
) -> WaitingEntry:
    """By hand. ``wishes``: minutes, comment, urgency, priority, dates, windows, weekdays. ``appointment_id``: a canceled
    one of the patient, whose services are still wanted."""
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
    check_dates(faults, wishes.get("first_date"), wishes.get("last_date"))
    faults.stop()
    entry = WaitingEntry(
        branch_id=branch_id,
        patient_id=patient_id,
        employee_id=employee_id,
        appointment_id=appointment_id,
        created_by=caller.user,
        **wishes,
    )
    inserts.insert([entry, *_planned(entry, services)])
    tell(WaitingAdded, entry, caller.user, [])
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
        tell(WaitingAdded, entry, by, [])
    return entries


@transaction.atomic(savepoint=False)
def cancel(*, appointment: Appointment, comment: str, by: User, **told: Any) -> WaitingEntry:
    """Cancel it and put its patient on the list, both or neither. ``told``: what ``actions.cancel`` wants to know."""
    actions.cancel(appointment=appointment, by=by, **told)
    return take_in([appointment], comment, by)[0]


@transaction.atomic(savepoint=False)
def change(
    *,
    entry: WaitingEntry,
    changes: dict[str, Any],
    services: Sequence[Line] | None = None,
    by: User,
) -> WaitingEntry:
    """Status, comment, length, doctor, urgency, when he can come, ``services`` (None: as they are). Whoever got his time is not changed any more."""
    if entry.status == S.SCHEDULED:
        raise NotWaiting(details={"status": entry.status})
    faults = place.Faults()
    employee_id = changes.get("employee_id")
    if employee_id and employee_id != entry.employee_id:
        check_employee(faults, entry.branch, employee_id)
    first, last = (changes.get(name, getattr(entry, name)) for name in ("first_date", "last_date"))
    check_dates(faults, first, last)
    faults.stop()
    changed = versions.apply(entry, changes)
    if services is not None:
        entry.services.all().delete()
        inserts.insert(_planned(entry, services))
        if not changed:
            entry.bump().save(update_fields=["version", "updated_at"])
        changed = [*changed, "services"]
    if changed:
        tell(WaitingChanged, entry, by, changed)
    return entry


def check_dates(faults: place.Faults, first: date | None, last: date | None) -> None:
    in_order = first is None or last is None or first <= last
    faults.unless(in_order, "last_date", _("The last day is before the first one."))


def _planned(entry: WaitingEntry, services: Sequence[Line]) -> list[WaitingService]:
    return [
        WaitingService(
            entry=entry, service_id=line.service_id, quantity=line.quantity, position=position
        )
        for position, line in enumerate(services)
    ]


@transaction.atomic(savepoint=False)
def book(
    *,
    entry: WaitingEntry,
    where: Place,
    over: str = "",
    hold: Hold | None = None,
    by: User,
    now: datetime,
) -> Appointment:
    """Give him a time, with what was planned for him before. ``hold``: what was kept for him."""
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
        hold=hold,
        by=by,
        now=now,
    )
    changed = versions.apply(entry, {"status": S.SCHEDULED, "scheduled": appointment})
    tell(WaitingScheduled, entry, by, changed)
    return appointment


def check_open(entry: WaitingEntry) -> None:
    if entry.status not in OPEN:
        raise NotWaiting(details={"status": entry.status})


def lines(entry: WaitingEntry) -> list[Line]:
    """The services that he wants, else those of his appointment, that are still offered, at the prices of today."""
    wanted: Any = WaitingService.objects.filter(entry=entry)
    if not wanted.exists():
        if entry.appointment_id is None:
            return []
        wanted = AppointmentService.objects.filter(appointment_id=entry.appointment_id)
    offered = wanted.filter(service__is_active=True).order_by("position")
    return planned.lines([{"service": row.service_id, "quantity": row.quantity} for row in offered])


def drop_for(appointment_id: UUID, by: User | None) -> None:
    """The appointment came back: nobody waits for it any more."""
    waiting = WaitingEntry.objects.select_for_update(of=("self",)).filter(
        appointment_id=appointment_id, status__in=OPEN
    )
    for entry in waiting.order_by("pk"):
        changed = versions.apply(entry, {"status": S.CANCELED})
        tell(WaitingChanged, entry, by, changed)


def _source(entry: WaitingEntry) -> str:
    return entry.appointment.source if entry.appointment else Appointment.Source.RECALL


def tell(
    event: type[Event], entry: WaitingEntry, by: User | None, changed: list[str], **more: Any
) -> None:
    record(
        event(
            id=entry.pk,
            branch_id=entry.branch_id,
            patient_id=entry.patient_id,
            by=by,
            data={"version": entry.version, "changed": changed, "status": entry.status} | more,
        )
    )
