"""Appointments made in one go: each on the clock of the branch, all of them or a word for each that does not fit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import (
    actions,
    facts,
    hours,
    moving,
    occupancy,
    overbooking,
    planned,
    statuses,
    together,
)
from apps.calendar import segments as pieces
from apps.calendar.events import AppointmentBooked
from apps.calendar.models import Appointment, Series
from apps.calendar.place import Place
from apps.calendar.planned import Line
from apps.calendar.segments import Part
from apps.core import inserts
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.user import User
from apps.patients import care

MOST = 60
Rule = Series.Rule
Find = Callable[[datetime, datetime], Place]


class NoSuchHour(InvalidInput):
    code = "no_such_hour"
    message = _("On this day the clock skips this hour.")


@dataclass(frozen=True)
class Occurrence:
    """One of the times; ``index`` counts all of them from zero."""

    index: int
    starts_at: datetime
    place: Place | None = None
    fault: DomainError | None = None


@dataclass(frozen=True)
class Booked:
    series: Series
    appointments: list[Appointment]
    conflicts: list[dict[str, Any]]


def days(first: date, rule: str, every: int, count: int, dates: Sequence[date]) -> list[date]:
    """The first day is always one of them."""
    if rule == Rule.DATES:
        return sorted({first, *dates})
    step = timedelta(days=every * (7 if rule == Rule.WEEKLY else 1))
    return [first + step * number for number in range(count)]


def occurrences(
    starts_at: datetime, ends_at: datetime, zone: ZoneInfo, on: Iterable[date], find: Find
) -> list[Occurrence]:
    """The same hour of the wall's clock on each day, and the place there, or why there is none."""
    clock, length = starts_at.astimezone(zone).time(), ends_at - starts_at
    return [
        _occurrence(index, _local(datetime.combine(day, clock), zone), length, zone, find)
        for index, day in enumerate(on)
    ]


def _occurrence(
    index: int, wall: tuple[datetime, bool], length: timedelta, zone: ZoneInfo, find: Find
) -> Occurrence:
    starts_at, exists = wall
    if not exists:
        return Occurrence(index, starts_at, fault=NoSuchHour())
    try:
        return Occurrence(index, starts_at, find(starts_at, starts_at + length))
    except InvalidInput as fault:
        if not fault.fields.keys() <= {"starts_at", "ends_at"}:
            raise  # wrong for all of them
        return Occurrence(index, starts_at, fault=fault)


def _local(wall: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The instant that a clock on the wall means, and whether it ever shows it."""
    instant = hours.instant(wall.date(), wall.time(), zone)
    return instant, instant.astimezone(zone).replace(tzinfo=None) == wall


@transaction.atomic(savepoint=False)
def book(
    *,
    found: Sequence[Occurrence],
    rule: str,
    every: int,
    skip: bool,
    services: Sequence[Line],
    parts: Sequence[Part],
    by: User,
    now: datetime,
    **fields: Any,
) -> Booked:
    """All of them, or with ``skip`` those that fit. Everything is asked for in one sorted statement."""
    series = Series(rule=rule, every=every, created_by=by)
    rows: dict[UUID, tuple[Occurrence, Appointment, list[Part]]] = {}
    for one in found:
        if one.place is None:
            continue
        own = _shifted(parts, one.starts_at - found[0].starts_at)
        own = pieces.checked(own, one.place, planned.buffers(services))
        appointment = actions.new(
            place=one.place,
            services=services,
            parts=own,
            series=series,
            origin=Appointment.Origin.SERIES,
            by=by,
            **fields,
        )
        rows[appointment.pk] = one, appointment, own
    wants = {
        pk: occupancy.for_appointment(appointment, one.place.room_id if one.place else None, own)
        for pk, (one, appointment, own) in rows.items()
    }
    taken = occupancy.claim([want for each in wants.values() for want in each])
    lost = {pk for want in taken if (pk := want.appointment_id)}
    occupancy.give_up(lost)
    conflicts = [
        together.fault_at(one.index, one.starts_at, one.fault) for one in found if one.fault
    ]
    for pk in lost:
        one, appointment, _own = rows.pop(pk)
        conflicts.append(together.conflict(one.index, appointment, taken, wants[pk]))
    conflicts.sort(key=lambda conflict: conflict["index"])
    if not rows or (conflicts and not skip):
        raise together.SeriesConflicts(details={"conflicts": conflicts, "possible": len(rows)})
    _write(series, list(rows.values()), services, by, now)
    return Booked(series, [appointment for _one, appointment, _own in rows.values()], conflicts)


def _write(
    series: Series,
    rows: Sequence[tuple[Occurrence, Appointment, list[Part]]],
    services: Sequence[Line],
    by: User,
    now: datetime,
) -> None:
    written = [
        row
        for _one, appointment, own in rows
        for row in actions.written(appointment, services, own, by, now)
    ]
    inserts.insert([series, *written])
    first = rows[0][1]
    care.link(first.patient_id, first.branch_id, first.employee_id)
    for _one, appointment, _own in rows:
        facts.tell(AppointmentBooked, appointment, by, ["status"], series_id=str(series.pk))


@transaction.atomic(savepoint=False)
def move(
    *,
    following: Sequence[Appointment],
    anchor: Appointment,
    wanted: dict[str, Any],
    zone: ZoneInfo,
    find: Callable[[Appointment, dict[str, Any]], Place],
    by: User,
) -> list[Appointment]:
    """This one and those after it: by as much of the clock on the wall as this one moves, or to another doctor or chair.
    All of them, or none with a word for each that does not fit."""
    by_clock = _wall(wanted.get("starts_at", anchor.starts_at), zone) - _wall(
        anchor.starts_at, zone
    )
    length = wanted.get("ends_at", anchor.ends_at) - wanted.get("starts_at", anchor.starts_at)
    longer = length - (anchor.ends_at - anchor.starts_at)
    others = {name: wanted[name] for name in ("employee_id", "chair_id") if name in wanted}
    steps: list[tuple[int, moving.Move]] = []
    conflicts: list[dict[str, Any]] = []
    for index, row in enumerate(following):
        starts_at, exists = _local(_wall(row.starts_at, zone) + by_clock, zone)
        ends_at = starts_at + (row.ends_at - row.starts_at) + longer
        try:
            if not exists:
                raise NoSuchHour
            step = moving.plan(
                row, find(row, others | {"starts_at": starts_at, "ends_at": ends_at})
            )
        except InvalidInput as fault:
            if not fault.fields.keys() <= {"starts_at", "ends_at"}:
                raise
            conflicts.append(together.fault_at(index, starts_at, fault))
            continue
        if step:
            steps.append((index, step))
    together.carry_out(steps, conflicts, by)
    return [step.appointment for _index, step in steps]


@transaction.atomic(savepoint=False)
def cancel(
    *,
    following: Sequence[Appointment],
    canceled_by: str,
    code: str,
    reason: str,
    by: User,
    now: datetime,
) -> list[Appointment]:
    """This one and those after it; their time is given back at once."""
    overbooking.exchange(appointments=[row.pk for row in following], by=by)
    for row in following:
        actions.cancel(
            appointment=row, canceled_by=canceled_by, code=code, reason=reason, by=by, now=now
        )
    return list(following)


def following(rows: Any, anchor: Appointment) -> list[Appointment]:
    """It and the later ones of its series that can still be moved, locked, by their time."""
    found = rows.select_for_update(of=("self",), no_key=True).filter(
        series=anchor.series_id, starts_at__gte=anchor.starts_at, status__in=statuses.MOVABLE
    )
    return sorted(found.order_by("pk"), key=lambda row: (row.starts_at, row.pk))


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _shifted(parts: Sequence[Part], by: timedelta) -> list[Part]:
    return [
        replace(part, starts_at=part.starts_at + by, ends_at=part.ends_at + by) for part in parts
    ]
