"""Dates on which people work otherwise than their weekly shifts say: painted over many at once, or copied. All or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput
from apps.core.events import record
from apps.core.models import User
from apps.org.models import Branch, Chair, Room, SpecialDay
from apps.staff import queries
from apps.staff.events import RotaCopied, RotaPainted
from apps.staff.models import Employee, EmployeeBranch, RotaDay

MOST_CELLS = 2000
HORIZON = timedelta(days=731)
_NAMED = 10  # dates that a refusal tells


@dataclass(frozen=True)
class Hours:
    """Part of a day by the clock of the branch."""

    starts: time
    ends: time
    room: Room | None = None
    chair: Chair | None = None


# What each person's day shall be: these hours, none of them (he is off), or None: as his shifts say.
Cells = dict[tuple[UUID, date], Sequence[Hours] | None]


@transaction.atomic
def paint_rota(
    *,
    branch: Branch,
    employees: Sequence[UUID],
    dates: Sequence[date],
    spans: Sequence[Hours] | None,
    today: date,
    by: User,
) -> int:
    """Give these people these hours on these days; ``spans`` empty: off, None: as their weekly shifts say."""
    _check_hours(branch, spans or ())
    cells: Cells = {(employee, day): spans for employee in employees for day in dates}
    _write(branch, cells, today, "dates")
    kind = "template" if spans is None else "hours" if spans else "off"
    data = {**_extent(cells), "what": kind}
    record(RotaPainted(id=branch.pk, branch_id=branch.pk, by=by, data=data))
    return len(cells)


@transaction.atomic
def copy_rota(
    *,
    branch: Branch,
    employee: UUID,
    first: date,
    last: date,
    employees: Sequence[UUID],
    start: date,
    times: int,
    today: date,
    by: User,
) -> int:
    """Make days from ``start`` on like those of that person, one such stretch after another. Closed days are left alone."""
    length = (last - first).days + 1
    end = start + timedelta(days=length * times - 1)
    closed = closed_days(branch, start, end)
    pattern = _pattern(branch, employee, first, last)
    cells: Cells = {
        (one, start + timedelta(days=n)): pattern[n % length]
        for one in employees
        for n in range(length * times)
        if start + timedelta(days=n) not in closed
    }
    _write(branch, cells, today, "start")
    record(RotaCopied(id=branch.pk, branch_id=branch.pk, by=by, data=_extent(cells)))
    return len(cells)


def closed_days(branch: Branch, first: date, last: date) -> set[date]:
    """What is said of the branch itself wins over what is said of all."""
    rows = SpecialDay.objects.filter(date__gte=first, date__lte=last)
    found: dict[date, bool] = {}
    for special in sorted(rows, key=lambda one: one.branch_id is not None):
        if special.branch_id in (None, branch.pk):
            found[special.date] = special.opens is None
    return {day for day, is_closed in found.items() if is_closed}


def _pattern(branch: Branch, employee: UUID, first: date, last: date) -> list[list[Hours]]:
    zone = branch.zone
    rooms = {one.pk: one for one in Room.objects.filter(branch=branch)}
    chairs = {one.pk: one for one in Chair.objects.filter(room__branch=branch)}
    days: list[list[Hours]] = [[] for _ in range((last - first).days + 1)]
    for row in queries.working(first, last, branches=[branch.pk], employees=[employee]):
        part = Hours(
            row["starts_at"].astimezone(zone).time(),
            row["ends_at"].astimezone(zone).time(),
            rooms.get(row["room_id"]),
            chairs.get(row["chair_id"]),
        )
        known = days[(row["day"] - first).days]
        if known and part.starts < known[-1].ends:  # a substitute has his own hours and another's
            known[-1] = replace(known[-1], ends=max(known[-1].ends, part.ends))
        elif part.ends > part.starts:
            known.append(part)
    return days


def _check_hours(branch: Branch, spans: Sequence[Hours]) -> None:
    for index, part in enumerate(spans):
        at = f"spans.{index}."
        if part.ends <= part.starts:
            _refuse(at + "ends", _("The end must be later than the beginning."))
        if part.room is not None and part.room.branch_id != branch.pk:
            _refuse(at + "room", _("This room belongs to another branch."))
        if part.chair is not None and (part.room is None or part.chair.room_id != part.room.pk):
            _refuse(at + "chair", _("This chair stands in another room."))
    ordered = sorted(spans, key=lambda part: part.starts)
    if any(after.starts < before.ends for before, after in pairwise(ordered)):
        _refuse("spans", _("These hours overlap each other."))


def _write(branch: Branch, cells: Cells, today: date, field: str) -> None:
    if len(cells) > MOST_CELLS:
        _refuse(field, _("Too many cells at once; take fewer people or days."))
    if not cells:
        return
    people, dates = {one for one, _day in cells}, {day for _one, day in cells}
    if any(abs(day - today) > HORIZON for day in dates):
        _refuse(field, _("This is more than two years away."))
    _lock(branch, people)
    RotaDay.objects.filter(pk__in=_of_cells(branch, people, dates, cells)).delete()
    RotaDay.objects.bulk_create(
        day
        for (employee, on), spans in sorted(cells.items(), key=lambda cell: cell[0])
        if spans is not None
        for day in _rows(branch, employee, on, spans)
    )
    _refuse_two_places(branch, people, cells, field)


def _rows(branch: Branch, employee: UUID, on: date, spans: Sequence[Hours]) -> list[RotaDay]:
    if not spans:
        return [RotaDay(employee_id=employee, branch=branch, date=on)]
    return [
        RotaDay(
            employee_id=employee, branch=branch, date=on, starts=part.starts, ends=part.ends,
            room=part.room, chair=part.chair,
        )
        for part in spans
    ]  # fmt: skip


def _of_cells(branch: Branch, people: set[UUID], dates: set[date], cells: Cells) -> list[UUID]:
    rows = RotaDay.objects.filter(branch=branch, employee__in=people, date__in=dates)
    return [
        pk for pk, one, day in rows.values_list("pk", "employee_id", "date") if (one, day) in cells
    ]


def _lock(branch: Branch, people: set[UUID]) -> None:
    """One after the other for each person, so that each sees what another has written of him elsewhere. A booking only
    needs him to stay, so it neither waits nor deadlocks."""
    rows = Employee.objects.filter(pk__in=people).order_by("pk")
    known = {one.pk: one for one in rows.select_for_update(of=("self",), no_key=True)}
    here = set(
        EmployeeBranch.objects.filter(branch=branch, employee__in=people).values_list(
            "employee_id", flat=True
        )
    )
    if strangers := sorted(one.short_name for pk, one in known.items() if pk not in here):
        names = ", ".join(strangers[:_NAMED])
        _refuse(
            "employees",
            _("These people do not work in this branch: %(names)s.") % {"names": names},
        )


def _refuse_two_places(branch: Branch, people: set[UUID], cells: Cells, field: str) -> None:
    days = [day for _one, day in cells]
    rows = queries.working(min(days), max(days), employees=sorted(people))
    elsewhere: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = {}
    for row in rows:
        if row["branch_id"] != branch.pk:
            span = (row["starts_at"], row["ends_at"])
            # Clocks of two zones: a day here may meet the day before or after it there.
            for near in (-1, 0, 1):
                day = row["day"] + timedelta(days=near)
                elsewhere.setdefault((row["employee_id"], day), []).append(span)
    meeting = {
        (row["employee_id"], row["day"])
        for row in rows
        if row["branch_id"] == branch.pk
        and (row["employee_id"], row["day"]) in cells
        and any(
            starts < row["ends_at"] and row["starts_at"] < ends
            for starts, ends in elsewhere.get((row["employee_id"], row["day"]), ())
        )
    }
    if meeting:
        told = _listed(meeting)
        _refuse(field, _("At work in another branch at this time: %(list)s.") % {"list": told})


def _listed(meeting: Iterable[tuple[UUID, date]]) -> str:
    days: dict[UUID, list[date]] = {}
    for employee, day in sorted(meeting, key=lambda pair: pair[1]):
        days.setdefault(employee, []).append(day)
    names = {one.pk: one.short_name for one in Employee.objects.filter(pk__in=days)}
    return "; ".join(
        f"{names[pk]} {', '.join(f'{day:%d.%m.%Y}' for day in dates[:_NAMED])}"
        + ("…" if len(dates) > _NAMED else "")
        for pk, dates in sorted(days.items(), key=lambda pair: names[pair[0]])
    )


def _extent(cells: Cells) -> dict[str, Any]:
    days = [day for _one, day in cells]
    if not days:
        return {"cells": 0}
    return {
        "cells": len(cells),
        "employees": sorted({str(one) for one, _day in cells}),
        "from": str(min(days)),
        "to": str(max(days)),
    }


def _refuse(field: str, text: Any) -> None:
    raise InvalidInput(fields={field: [text]})
