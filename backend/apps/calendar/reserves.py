"""Hours kept for some patients: emergencies only, new patients only. A reserve takes no time, it says who may be booked."""

from collections.abc import Collection
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.calendar import place
from apps.calendar.breaks import check_employee, check_hours, found_branch
from apps.calendar.events import ReserveChanged, ReservePlaced, ReserveRemoved
from apps.calendar.models import Reserve
from apps.core import versions
from apps.core.events import Event, record
from apps.core.models.user import User
from apps.core.permissions import Scope


@transaction.atomic(savepoint=False)
def place_reserve(
    *,
    branch_id: UUID,
    employee_id: UUID | None,
    kind: str,
    weekdays: list[int],
    starts: time,
    ends: time,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
    reach: Scope,
    by: User,
) -> Reserve:
    faults = place.Faults()
    branch = found_branch(faults, branch_id, reach)
    if employee_id:
        check_employee(faults, branch, employee_id)
    faults.stop()
    reserve = Reserve.objects.create(
        branch_id=branch_id,
        employee_id=employee_id,
        kind=kind,
        weekdays=weekdays,
        starts=starts,
        ends=ends,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )
    _record(ReservePlaced, reserve, by, [])
    return reserve


@transaction.atomic(savepoint=False)
def change_reserve(*, reserve: Reserve, changes: dict[str, Any], by: User) -> Reserve:
    """Other hours, days, kind, person or reason. Whoever is booked there stays."""
    check_hours(reserve, changes)
    employee_id = changes.get("employee_id")
    if employee_id and employee_id != reserve.employee_id:
        faults = place.Faults()
        check_employee(faults, reserve.branch, employee_id)
        faults.stop()
    changed = versions.apply(reserve, changes)
    if changed:
        _record(ReserveChanged, reserve, by, changed)
    return reserve


@transaction.atomic(savepoint=False)
def remove_reserve(*, reserve: Reserve, by: User) -> None:
    _record(ReserveRemoved, reserve, by, [])
    reserve.delete()


def _record(event: type[Event], reserve: Reserve, by: User, changed: Collection[str]) -> None:
    data = {"version": reserve.version, "changed": list(changed)}
    record(event(id=reserve.pk, branch_id=reserve.branch_id, by=by, data=data))
