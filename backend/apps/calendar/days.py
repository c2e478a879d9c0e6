"""A doctor's whole day at once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions, place, statuses, waiting
from apps.calendar.breaks import found_branch
from apps.calendar.models import Appointment, WaitingEntry
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.staff.actions.rota import paint_rota
from apps.staff.models import Employee

LIVE = statuses.OCCUPYING & statuses.MOVABLE


@dataclass(frozen=True)
class Canceled:
    entries: list[WaitingEntry]
    is_blocked: bool


@transaction.atomic(savepoint=False)
def cancel_day(
    *,
    branch_id: UUID,
    employee_id: UUID,
    day: date,
    reason: str,
    block: bool,
    reach: Scope,
    by: User,
    now: datetime,
) -> Canceled:
    """All his appointments of the day that have not begun go to the waiting list; ``block``: he does not work then. Two
    who do it at once do it once: the second finds nothing left."""
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    # Before his appointments, as a substitution does; painting his rota locks him too.
    people = Employee.objects.select_for_update(of=("self",), no_key=True)
    employee = people.filter(pk=employee_id).first()
    faults.unless(employee, "employee", place.UNKNOWN)
    if branch:
        faults.unless(day >= branch.today(now), "date", _("This day is over."))
        faults.unless(
            abs(day - branch.today(now)) <= place.HORIZON,
            "date",
            _("This is more than two years away."),
        )
    faults.stop()
    assert branch
    begins, ends = branch.day(day)
    found = live(employee_id, branch_id, max(begins, now), ends)
    entries = to_waiting(found, reason, by, now)
    if block:
        today = branch.today(now)
        paint_rota(
            branch=branch, employees=[employee_id], dates=[day], spans=[], today=today, by=by
        )
    return Canceled(entries, block)


def live(employee_id: UUID, branch_id: UUID, begins: datetime, ends: datetime) -> list[Appointment]:
    """His appointments that hold time and can still be moved, locked, in one order for everybody."""
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True).filter(
        employee_id=employee_id,
        branch_id=branch_id,
        status__in=LIVE,
        starts_at__lt=ends,
        starts_at__gte=begins,
    )
    return sorted(rows.order_by("pk"), key=lambda one: (one.starts_at, one.pk))


def to_waiting(
    appointments: list[Appointment], reason: str, by: User, now: datetime
) -> list[WaitingEntry]:
    """Canceled by the clinic because the doctor is absent, and remembered."""
    for one in appointments:
        actions.change_status(
            appointment=one,
            to=Appointment.Status.CANCELED,
            by=by,
            now=now,
            canceled_by=Appointment.CanceledBy.CLINIC,
            cancel_code=Appointment.CancelCode.DOCTOR_ABSENT,
            cancel_reason=reason,
        )
    return waiting.take_in(appointments, reason, by) if appointments else []
