"""Breaks: time of an employee that nobody can book. One is never laid over live appointments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import occupancy, place, statuses
from apps.calendar.events import BreakPlaced, BreakRemoved
from apps.calendar.models import Appointment, Break
from apps.core import versions
from apps.core.errors import DomainError
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.staff.models import Employee, EmployeeBranch


class BreakOverAppointments(DomainError):
    """details: ``appointments`` [{``id``, ``starts_at``, ``ends_at``}]."""

    code = "break_over_appointments"
    message = _("There are appointments at this time. Move them first.")


@transaction.atomic(savepoint=False)
def place_break(
    *,
    branch_id: UUID,
    employee_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    reach: Scope,
    by: User,
    now: datetime,
) -> Break:
    faults = place.Faults()
    branch = Branch.objects.filter(pk=branch_id, is_active=True).first()
    employee = Employee.objects.filter(pk=employee_id).first()
    faults.unless(branch and reach.covers(branch_id), "branch", place.UNKNOWN)
    faults.unless(employee, "employee", place.UNKNOWN)
    if branch and employee:
        links = EmployeeBranch.objects.filter(branch=branch, employee=employee)
        faults.unless(
            employee.is_active and links.exists(), "employee", _("He does not work in this branch.")
        )
    place.check_times(faults, starts_at, ends_at, branch.zone if branch else None, now)
    faults.stop()
    pause = Break.objects.create(
        branch_id=branch_id,
        employee_id=employee_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
    _claim(pause)
    _record(BreakPlaced, pause, by, [])
    return pause


@transaction.atomic(savepoint=False)
def change_break(*, pause: Break, changes: dict[str, Any], by: User, now: datetime) -> Break:
    """Another time or reason."""
    starts_at, ends_at = (
        changes.get(name, getattr(pause, name)) for name in ("starts_at", "ends_at")
    )
    moved = (starts_at, ends_at) != (pause.starts_at, pause.ends_at)
    if moved:
        faults = place.Faults()
        place.check_times(faults, starts_at, ends_at, pause.branch.zone, now)
        faults.stop()
        occupancy.release(breaks=[pause.pk])
    changed = versions.apply(pause, changes)
    if moved:
        _claim(pause)
    if changed:
        _record(BreakPlaced, pause, by, changed)
    return pause


@transaction.atomic(savepoint=False)
def remove_break(*, pause: Break, by: User) -> None:
    occupancy.release(breaks=[pause.pk])
    _record(BreakRemoved, pause, by, [])
    pause.delete()


def _claim(pause: Break) -> None:
    if not occupancy.claim(occupancy.for_break(pause)):
        return
    assert pause.employee_id
    over = Appointment.objects.filter(
        employee_id=pause.employee_id,
        status__in=statuses.OCCUPYING,
        starts_at__lt=pause.ends_at,
        starts_at__gt=pause.starts_at - place.LONGEST,
        ends_at__gt=pause.starts_at,
    ).order_by("starts_at", "id")
    found = list(over.values("id", "starts_at", "ends_at")[:50])
    if found:
        raise BreakOverAppointments(details={"appointments": found})
    name = Employee.objects.get(pk=pause.employee_id).short_name
    resource = {"kind": "employee", "id": pause.employee_id, "name": name}
    raise occupancy.SlotTaken(details={"resources": [resource], "free": []})


def _record(event: type[Event], pause: Break, by: User, changed: list[str]) -> None:
    record(
        event(
            id=pause.pk,
            branch_id=pause.branch_id,
            by=by,
            data={
                "version": pause.version,
                "changed": changed,
                "employee_id": str(pause.employee_id),
                "starts_at": pause.starts_at.isoformat(),
                "ends_at": pause.ends_at.isoformat(),
            },
        )
    )
