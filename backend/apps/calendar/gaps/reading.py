"""The day of a branch as the planner wants it: who works, who is booked, and what is in the way. Six statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from apps.calendar import hours, statuses
from apps.calendar.gaps import planner
from apps.calendar.models import Appointment, Occupancy, Reserve
from apps.core import prepared, tenancy
from apps.org.models import Branch, Chair
from apps.staff.models import Employee

S = Appointment.Status
_AROUND = timedelta(hours=3)  # buffers reach beyond midnight
# Whoever has left the clinic or the branch may still stand in the rota; nobody is booked with him (see ``place``).
_WORKS = """
SELECT w.employee_id, w.starts_at, w.ends_at
FROM staff_working(%(day)s, %(day)s, ARRAY[%(branch)s::uuid], NULL) w
JOIN staff_employee e ON e.organization_id = %(organization)s AND e.id = w.employee_id AND e.is_active
JOIN staff_employeebranch l
  ON l.organization_id = e.organization_id AND l.employee_id = e.id AND l.branch_id = w.branch_id
"""


class Blocked(NamedTuple):
    """What is in the doctor's way beside his own appointments: `break`, `elsewhere`, `hold`, `reserve`."""

    starts_at: datetime
    ends_at: datetime
    kind: str


@dataclass
class Person:
    """A doctor's day. ``fixed``: why an appointment stays, by its id; those without a word may move."""

    employee: Employee
    works: list[hours.Span]
    appointments: list[Appointment] = field(default_factory=list)
    fixed: dict[UUID, str] = field(default_factory=dict)
    blocked: list[Blocked] = field(default_factory=list)


@dataclass
class Day:
    people: list[Person]
    doctors: list[planner.Doctor]
    taken: dict[UUID, list[planner.Span]]


def of(
    branch: Branch, day: date, employees: Sequence[UUID] | None, now: datetime, *, confirmed: bool
) -> Day:
    """Everybody who treats there that day, or those of ``employees``, by name. ``confirmed``: those may move too."""
    begins, ends = branch.day(day)
    works = _works(branch, day)
    rows = Appointment.objects.filter(
        branch=branch, starts_at__gte=begins, starts_at__lt=ends, status__in=statuses.OCCUPYING
    )
    appointments = list(rows.select_related("patient").order_by("starts_at", "pk"))
    people = _people(works, {one.employee_id for one in appointments})
    chairs = _chairs(appointments)
    needs = {
        one.pk: _needs(chairs.get(one.chair_id) if one.chair_id else None) for one in appointments
    }
    for one in appointments:
        people[one.employee_id].appointments.append(one)
    resources = {
        *people,
        *(one.patient_id for one in appointments),
        *(need for each in needs.values() for need in each),
    }
    taken = _taken(resources, begins - _AROUND, ends + _AROUND, now)
    over = {(row.resource_id, span) for row in taken if not row.exclusive for span in [_span(row)]}
    for person in people.values():
        for one in person.appointments:
            held = one.held_from, one.held_to
            mine = {one.employee_id, *needs[one.pk]}
            lain_over = any(pk in mine and _meet(span, held) for pk, span in over)
            if reason := _fixed(one, now, lain_over, confirmed):
                person.fixed[one.pk] = reason
    shown = [
        person for person in people.values() if not employees or person.employee.pk in employees
    ]
    movable = {
        one.pk for person in shown for one in person.appointments if one.pk not in person.fixed
    }
    found = _day(
        shown,
        [row for row in taken if row.appointment_id not in movable],
        needs,
        _kept(branch, day),
        now,
    )
    for pk, chair in chairs.items():
        if not _is_usable(chair, branch):  # nobody is moved in it
            found.taken.setdefault(pk, []).extend(_minutes([(begins, ends)]))
    return found


def _day(
    people: list[Person],
    taken: Sequence[Occupancy],
    needs: dict[UUID, tuple[UUID, ...]],
    reserves: Sequence[tuple[Reserve, hours.Span]],
    now: datetime,
) -> Day:
    by_resource: dict[UUID, list[Occupancy]] = defaultdict(list)
    for row in taken:
        by_resource[row.resource_id].append(row)
    doctors = []
    for person in people:
        pk = person.employee.pk
        kept = [(row, span) for row, span in reserves if row.employee_id in (None, pk)]
        own = {one.pk for one in person.appointments}
        person.blocked = [
            *(
                Blocked(*_span(row), _kind(row))
                for row in by_resource[pk]
                if row.appointment_id not in own
            ),
            *(Blocked(*span, "reserve") for _row, span in kept),
        ]
        person.blocked.sort()
        doctors.append(
            planner.Doctor(
                pk,
                tuple(_minutes(_ahead(person.works, now))),
                tuple(hours.merged(_minutes(_span(row) for row in by_resource[pk]))),
                tuple(
                    _visit(one, needs[one.pk], kept)
                    for one in person.appointments
                    if one.pk not in person.fixed
                ),
            )
        )
    spans = {pk: _minutes(_span(row) for row in rows) for pk, rows in by_resource.items()}
    return Day(people, doctors, spans)


def _fixed(one: Appointment, now: datetime, lain_over: bool, confirmed: bool) -> str:
    """Why it is not moved, or nothing."""
    reasons = {
        "begun": one.status not in (S.BOOKED, S.CONFIRMED),
        "past": one.starts_at <= now,
        "overbooked": one.is_overbooked or lain_over,
        "parts": one.has_segments,
        "urgent": one.is_urgent,
        "confirmed": one.status == S.CONFIRMED and not confirmed,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")


def _works(branch: Branch, day: date) -> dict[UUID, list[hours.Span]]:
    found: dict[UUID, list[hours.Span]] = defaultdict(list)
    with prepared.cursor() as cursor:
        organization = tenancy.current_organization_id()
        cursor.execute(_WORKS, {"organization": organization, "day": day, "branch": branch.pk})
        for employee, begins, ends in cursor.fetchall():
            found[employee].append((begins, ends))
    return {employee: hours.merged(spans) for employee, spans in found.items()}


def _people(works: dict[UUID, list[hours.Span]], booked: set[UUID]) -> dict[UUID, Person]:
    """By name: those who treat, and whoever has an appointment all the same."""
    works_here = Q(pk__in=list(works), position__treats=True)
    rows = Employee.objects.filter(Q(pk__in=booked) | works_here)
    ordered = rows.order_by("last_name", "first_name", "pk")
    return {row.pk: Person(row, works.get(row.pk, [])) for row in ordered}


def _chairs(appointments: Iterable[Appointment]) -> dict[UUID, Chair]:
    """Those of the day, with their rooms."""
    ids = {one.chair_id for one in appointments if one.chair_id}
    return Chair.objects.select_related("room").in_bulk(ids)  # type: ignore[no-any-return]


def _needs(chair: Chair | None) -> tuple[UUID, ...]:
    """The chair, and its room where that serves one at a time."""
    if chair is None:
        return ()
    return (chair.pk, chair.room_id) if chair.room.is_exclusive else (chair.pk,)


def _is_usable(chair: Chair, branch: Branch) -> bool:
    return chair.is_active and chair.room.is_active and chair.room.branch_id == branch.pk


def _taken(
    resources: Iterable[UUID], begins: datetime, ends: datetime, now: datetime
) -> list[Occupancy]:
    """But for holds that are over."""
    rows = Occupancy.objects.filter(
        Occupancy.meeting(begins, ends),
        Q(hold__isnull=True) | Q(hold__expires_at__gt=now),
        resource_id__in=list(resources),
    )
    return list(rows.order_by("starts_at", "ends_at", "pk"))


def _kept(branch: Branch, day: date) -> list[tuple[Reserve, hours.Span]]:
    rows = Reserve.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        branch=branch,
        valid_from__lte=day,
        weekdays__contains=[day.isoweekday()],
    )
    return [
        (
            row,
            (
                hours.instant(day, row.starts, branch.zone),
                hours.instant(day, row.ends, branch.zone),
            ),
        )
        for row in rows.order_by("starts", "pk")
    ]


def _visit(
    one: Appointment,
    needs: tuple[UUID, ...],
    reserves: Iterable[tuple[Reserve, hours.Span]],
) -> planner.Visit:
    shut = [span for row, span in reserves if not _is_for(row, one)]
    ((starts, ends),) = _minutes([(one.starts_at, one.ends_at)])
    return planner.Visit(
        one.pk,
        one.patient_id,
        starts,
        ends,
        one.buffer_before,
        one.buffer_after,
        needs,
        tuple(_minutes(shut)),
    )


def _is_for(reserve: Reserve, one: Appointment) -> bool:
    return one.is_urgent if reserve.kind == Reserve.Kind.URGENT else one.is_new_patient


def _kind(row: Occupancy) -> str:
    if row.hold_id:
        return "hold"
    return "break" if row.pause_id else "elsewhere"


def _span(row: Occupancy) -> hours.Span:
    return row.starts_at, row.ends_at


def _meet(one: hours.Span, other: hours.Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _ahead(works: Iterable[hours.Span], now: datetime) -> list[hours.Span]:
    """From now on, the minutes of this hour rounded up to the grid."""
    first = now - timedelta(
        minutes=now.minute % planner.GRID, seconds=now.second, microseconds=now.microsecond
    )
    first = first if first == now else first + timedelta(minutes=planner.GRID)
    return [(max(begins, first), ends) for begins, ends in works if ends > first]


def _minutes(spans: Iterable[hours.Span]) -> list[planner.Span]:
    return [(minute(begins), minute(ends)) for begins, ends in spans]


def minute(moment: datetime) -> int:
    """Whole minutes of the world's clock."""
    return int(moment.timestamp()) // 60


def moment(minute: int) -> datetime:
    """The other way round."""
    return datetime.fromtimestamp(minute * 60, UTC)
