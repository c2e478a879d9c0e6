"""Breaks: time of an employee, a chair or a room that nobody can book. One is never laid over live appointments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import conflicts, free, occupancy, overbooking, place
from apps.calendar.events import BreakPlaced, BreakRemoved
from apps.calendar.models import Break, BreakKind, BreakRule
from apps.core import versions
from apps.core.errors import DomainError
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.org.models import Branch, Chair, Room
from apps.staff.models import Employee, EmployeeBranch

WHOLE_DAY = timedelta(hours=25)  # the midnight of the branch bounds it anyway


class BreakOverAppointments(DomainError):
    """details: ``appointments`` [{``id``, ``branch_id``, ``employee_id``, ``starts_at``, ``ends_at``,
    ``patient_name``}], the name only where the caller books."""

    code = "break_over_appointments"
    message = _("There are appointments at this time. Move them first.")


@transaction.atomic(savepoint=False)
def place_break(
    *,
    branch_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    employee_id: UUID | None = None,
    chair_id: UUID | None = None,
    room_id: UUID | None = None,
    kind: str = BreakKind.BREAK,
    reason: str = "",
    reach: Scope,
    by: User,
    now: datetime,
) -> Break:
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    given = [one for one in (employee_id, chair_id, room_id) if one]
    faults.unless(len(given) == 1, "employee", _("Choose an employee, a chair or a room."))
    _check_resource(faults, branch, employee_id, chair_id, room_id)
    zone = branch.zone if branch else None
    place.check_times(faults, starts_at, ends_at, zone, now, WHOLE_DAY)
    faults.stop()
    pause = Break.objects.create(
        branch_id=branch_id,
        employee_id=employee_id,
        chair_id=chair_id,
        room_id=room_id,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
    _claim(pause, reach, by)
    _record(BreakPlaced, pause, by, [])
    return pause


@transaction.atomic(savepoint=False)
def change_break(
    *, pause: Break, changes: dict[str, Any], reach: Scope, by: User, now: datetime
) -> Break:
    """Another time, kind or reason. One of a rule stands by itself from then on."""
    starts_at, ends_at = (
        changes.get(name, getattr(pause, name)) for name in ("starts_at", "ends_at")
    )
    moved = (starts_at, ends_at) != (pause.starts_at, pause.ends_at)
    if moved:
        faults = place.Faults()
        place.check_times(faults, starts_at, ends_at, pause.branch.zone, now, WHOLE_DAY)
        faults.stop()
    day = pause.starts_at
    changed = versions.apply(pause, changes)
    if moved:
        _claim(pause, reach, by, again=True)
    if changed:
        _leave_rule(pause, day)
        _record(BreakPlaced, pause, by, changed)
    return pause


@transaction.atomic(savepoint=False)
def remove_break(*, pause: Break, by: User) -> None:
    overbooking.exchange(breaks=[pause.pk], by=by)
    _leave_rule(pause, pause.starts_at)
    _record(BreakRemoved, pause, by, [])
    pause.delete()


def found_branch(faults: place.Faults, branch_id: UUID, reach: Scope) -> Branch | None:
    branch = Branch.objects.filter(pk=branch_id, is_active=True).first()
    faults.unless(branch and reach.covers(branch_id), "branch", place.UNKNOWN)
    return branch


def check_employee(
    faults: place.Faults, branch: Branch | None, employee_id: UUID, field: str = "employee"
) -> Employee | None:
    employee = Employee.objects.filter(pk=employee_id).first()
    faults.unless(employee, field, place.UNKNOWN)
    if branch and employee:
        here = EmployeeBranch.objects.filter(branch=branch, employee=employee)
        faults.unless(employee.is_active, field, place.LEFT)
        faults.unless(not employee.is_active or here.exists(), field, place.ELSEWHERE)
    return employee


def check_hours(rule: Any, changes: dict[str, Any]) -> None:
    """Do the hours and dates of a rule still make sense when only some of them change?"""
    after = {name: getattr(rule, name) for name in ("starts", "ends", "valid_from", "valid_to")}
    after |= {name: value for name, value in changes.items() if name in after}
    faults = place.Faults()
    longer = after["ends"] > after["starts"]
    faults.unless(longer, "ends", _("The end is not after the beginning."))
    lasts = after["valid_to"] is None or after["valid_to"] >= after["valid_from"]
    faults.unless(lasts, "valid_to", _("The last day is before the first one."))
    faults.stop()


def refuse(wants: Sequence[occupancy.Want], taken: Sequence[occupancy.Want], reach: Scope) -> None:
    """Say what is in the way of breaks, if anything is. An overbooked appointment is, though it holds nothing."""
    appointments, pauses = conflicts.holders(wants)
    if appointments:
        listed = conflicts.appointments(appointments, reach)
        raise BreakOverAppointments(details={"appointments": listed})
    if taken:
        resources = {want.resource_id: want for want in taken}
        details = {
            "resources": [free.named(want) for want in resources.values()],
            "free": [],
            "breaks": conflicts.breaks(pauses),
        }
        raise occupancy.SlotTaken(details=details)


def _check_resource(
    faults: place.Faults,
    branch: Branch | None,
    employee_id: UUID | None,
    chair_id: UUID | None,
    room_id: UUID | None,
) -> None:
    if employee_id:
        check_employee(faults, branch, employee_id)
    if chair_id:
        chair = Chair.objects.filter(pk=chair_id).select_related("room").first()
        faults.unless(chair, "chair", place.UNKNOWN)
        here = not branch or not chair or chair.room.branch_id == branch.pk
        faults.unless(here, "chair", _("This chair is not in this branch."))
    if room_id:
        room = Room.objects.filter(pk=room_id).first()
        faults.unless(room, "room", place.UNKNOWN)
        here = not branch or not room or room.branch_id == branch.pk
        faults.unless(here, "room", _("This room is not in this branch."))


def _claim(pause: Break, reach: Scope, by: User, *, again: bool = False) -> None:
    chairs: list[UUID] = []
    if pause.room_id:
        standing = Chair.objects.filter(room_id=pause.room_id, is_active=True)
        chairs = list(standing.values_list("pk", flat=True))
    wants = occupancy.for_break(pause, chairs)
    held = [pause.pk] if again else []
    refuse(wants, overbooking.exchange(wants, breaks=held, by=by), reach)


def _leave_rule(pause: Break, day: datetime) -> None:
    """An exception: neither the night nor a change of the rule brings it back."""
    rule: BreakRule | None = pause.rule
    if rule is None:
        return
    on = day.astimezone(pause.branch.zone).date()
    rule = versions.locked(BreakRule.objects, rule.pk)
    BreakRule.objects.filter(pk=rule.pk).update(skipped=sorted({*rule.skipped, on}))
    Break.objects.filter(pk=pause.pk).update(rule=None)
    pause.rule = None


def _record(event: type[Event], pause: Break, by: User, changed: list[str]) -> None:
    record(event(id=pause.pk, branch_id=pause.branch_id, by=by, data=facts(pause, changed)))


def facts(pause: Break, changed: list[str]) -> dict[str, Any]:
    resources = {
        f"{kind}_id": str(getattr(pause, f"{kind}_id"))
        for kind in ("employee", "chair", "room")
        if getattr(pause, f"{kind}_id")
    }
    return {
        "version": pause.version,
        "changed": changed,
        "starts_at": pause.starts_at.isoformat(),
        "ends_at": pause.ends_at.isoformat(),
        **resources,
    }
