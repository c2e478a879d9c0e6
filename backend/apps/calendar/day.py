"""The day of a branch as the screen wants it: the grid's edges, a column per person, breaks, and the items."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import orjson

from apps.calendar import hours, queries
from apps.core import prepared, render, tenancy
from apps.core.caller import Caller
from apps.core.kz.text import kz_sort_key
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.org.special_days import spoken

_USUAL = ("09:00", "20:00")


@dataclass(frozen=True)
class BranchState:
    """What decides whether a day has changed, and where it begins: one statement."""

    branch: Branch
    counter: int


def state(branch_id: UUID) -> BranchState | None:
    with prepared.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.timezone, b.hours, b.version, coalesce(c.value, 0) FROM org_branch b"
            " LEFT JOIN core_branchcounter c"
            " ON c.organization_id = b.organization_id AND c.branch_id = b.id"
            " WHERE b.organization_id = %s AND b.id = %s",
            [tenancy.current_organization_id(), branch_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    pk, zone, opening, version, counter = row
    opening = orjson.loads(opening) if isinstance(opening, str) else opening
    return BranchState(Branch(id=pk, timezone=zone, hours=opening, version=version), counter)


def produce(*, branch: Branch, day: date, caller: Caller, reach: Scope) -> bytes:
    begins, ends = branch.day(day)
    parts = queries.day_parts(
        branch_id=branch.pk,
        zone=branch.timezone,
        day=day,
        begins=begins,
        ends=ends,
        caller=caller,
        reach=reach,
    )
    people = sorted(parts.people, key=_in_alphabet)
    head = frame(branch, day, people, parts.pauses, parts.special, (parts.first, parts.last))
    tail = b',"reserves":' + parts.reserves + b',"items":' + parts.items + b"}"
    return render.encode(head)[:-1] + tail


def frame(
    branch: Branch,
    day: date,
    people: list[dict[str, Any]],
    pauses: list[dict[str, Any]],
    special: dict[str, Any] | None,
    items: tuple[datetime | None, datetime | None],
) -> dict[str, Any]:
    """The day without what stands in it; ``items``: how early and late that is."""
    rests = defaultdict(list)
    for pause in pauses:
        rests[pause["employee_id"]].append(_span(pause))
    columns = [_column(person, rests[person["employee_id"]]) for person in people]
    opens, closes, is_open = _hours(branch, day, special)
    edges = [opens, closes, *items]
    edges += [edge for column in columns for shift in column["shifts"] for edge in _ends(shift)]
    known = [edge for edge in edges if edge is not None]
    return {
        "branch_id": branch.pk,
        "date": day,
        "timezone": branch.timezone,
        "is_open": is_open,
        "special_day": spoken(day, special["name"]) if special else "",
        "begins_at": min(known),
        "ends_at": max(known),
        "columns": columns,
        "breaks": pauses,
    }


def _hours(
    branch: Branch, day: date, special: dict[str, Any] | None
) -> tuple[datetime, datetime, bool]:
    written = branch.hours.get(str(day.isoweekday()))
    if special:
        written = special["opens"] and (special["opens"], special["closes"])
    opens, closes = (_edge(branch, day, text) for text in written or _USUAL)
    return opens, closes, bool(written)


def _edge(branch: Branch, day: date, text: str) -> datetime:
    if text == "24:00":
        return branch.day(day)[1]
    return hours.instant(day, time.fromisoformat(text), branch.zone)


def _in_alphabet(person: dict[str, Any]) -> tuple[Any, ...]:
    return (
        kz_sort_key(person["last_name"]),
        kz_sort_key(person["first_name"]),
        person["employee_id"],
    )


def _ends(shift: dict[str, Any]) -> hours.Span:
    return shift["starts_at"], shift["ends_at"]


def _span(row: dict[str, Any]) -> hours.Span:
    return datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"])


def _column(person: dict[str, Any], rests: list[hours.Span]) -> dict[str, Any]:
    last, first, middle = person["last_name"], person["first_name"], person["middle_name"]
    shifts = [_shift(shift) for shift in person["shifts"]]
    return {
        "employee_id": person["employee_id"],
        "name": last + "".join(f" {name[0]}." for name in (first, middle) if name),
        "initials": (last[:1] + first[:1]).upper(),
        "color": person["color"],
        "speciality": person["speciality"],
        "room": next((shift["room"] for shift in person["shifts"] if shift["room"]), ""),
        "shifts": shifts,
        "load_minutes": person["load_minutes"],
        "shift_minutes": hours.minutes(hours.without(map(_ends, shifts), rests)),
    }


def _shift(shift: dict[str, Any]) -> dict[str, Any]:
    starts_at, ends_at = _span(shift)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room_id": shift["room_id"],
        "chair_id": shift["chair_id"],
    }
