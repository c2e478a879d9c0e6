"""Shifts of every week, or of every other. Nobody works at two places at one time."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput
from apps.core.events import record
from apps.core.models import User
from apps.core.versions import as_changed, change, locked
from apps.staff.events import ShiftChanged, ShiftCreated, ShiftDeleted
from apps.staff.models import Employee, EmployeeBranch, RotaDay, Shift

CYCLE_BEGINS = date(2024, 1, 1)  # of two weeks, this one has number 0


@transaction.atomic
def create_shift(*, by: User, **fields: Any) -> Shift:
    shift = Shift(**fields)
    _check(shift)
    shift.save(force_insert=True)
    record(ShiftCreated(id=shift.pk, branch_id=shift.branch_id, by=by, data={"version": 1}))
    return shift


@transaction.atomic
def change_shift(shift: Shift, *, version: int, by: User, **changes: Any) -> Shift:
    _lock_employee(shift)  # in the same order as a new shift: the person first
    row: Shift = locked(Shift.objects.select_related("employee", "branch"), shift.pk, version)
    with as_changed(row, changes):
        _check(row)
    return change(row, changes, ShiftChanged, by=by, branch_id=row.branch_id)


@transaction.atomic
def delete_shift(shift: Shift, *, by: User) -> None:
    row: Shift = locked(Shift.objects, shift.pk)
    record(ShiftDeleted(id=row.pk, branch_id=row.branch_id, by=by))
    row.delete()


def _check(shift: Shift) -> None:
    if shift.ends <= shift.starts:
        _refuse("ends", _("The end must be later than the beginning."))
    if shift.cycle_week >= shift.cycle_weeks:
        _refuse("cycle_week", _("A shift of every week has no second week."))
    if shift.valid_to is not None and shift.valid_to < shift.valid_from:
        _refuse("valid_to", _("The last day must not be before the first."))
    if shift.room is not None and shift.room.branch_id != shift.branch_id:
        _refuse("room", _("This room belongs to another branch."))
    if shift.chair is not None and shift.chair.room_id != shift.room_id:
        _refuse("chair", _("This chair stands in another room."))
    at_work = EmployeeBranch.objects.filter(employee=shift.employee, branch=shift.branch)
    if not at_work.exists():
        _refuse("employee", _("This person does not work in this branch."))
    _lock_employee(shift)
    if overlapping(shift).exists():
        _refuse("starts", _("This person already has a shift at this time."))
    if elsewhere := painted_elsewhere(shift):
        text = _("At work in another branch at this time: %(list)s.")
        _refuse("starts", text % {"list": ", ".join(f"{day:%d.%m.%Y}" for day in elsewhere)})


def overlapping(shift: Shift) -> Any:
    """Other shifts of the same person, in any branch, that meet this one on some date."""
    rows = Shift.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=shift.valid_from),
        employee=shift.employee,
        weekday=shift.weekday,
        starts__lt=shift.ends,
        ends__gt=shift.starts,
    ).exclude(pk=shift.pk)
    if shift.cycle_weeks == 2:  # the other of the two weeks is never the same date
        rows = rows.exclude(cycle_weeks=2, cycle_week=1 - shift.cycle_week)
    return rows if shift.valid_to is None else rows.filter(valid_from__lte=shift.valid_to)


def painted_elsewhere(shift: Shift) -> list[date]:
    """The first dates on which the rota of another branch has him at this time, and that of this one says nothing."""
    own = RotaDay.objects.filter(
        employee=shift.employee_id, branch=shift.branch_id, date=OuterRef("date")
    )
    rows = RotaDay.objects.filter(
        ~Exists(own),
        employee=shift.employee_id,
        date__gte=shift.valid_from,
        date__iso_week_day=shift.weekday,
        starts__lt=shift.ends,
        ends__gt=shift.starts,
    ).exclude(branch=shift.branch_id)
    if shift.valid_to is not None:
        rows = rows.filter(date__lte=shift.valid_to)
    dates = list(rows.order_by("date").values_list("date", flat=True).distinct())
    if shift.cycle_weeks == 2:
        dates = [day for day in dates if (day - CYCLE_BEGINS).days // 7 % 2 == shift.cycle_week]
    return dates[:5]


def _lock_employee(shift: Shift) -> None:
    """Two shifts of one person are written one after the other, so that each sees the other."""
    locked(Employee.objects, shift.employee_id)


def _refuse(field: str, text: Any) -> None:
    raise InvalidInput(fields={field: [text]})
