"""A week of one employee in a branch: seven days, each as the day's screen wants it, in two statements."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.calendar import day, queries, statuses
from apps.calendar.models import Appointment
from apps.core import render, tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.org.models import Branch

DAYS = 7
_UNCOUNTED = {*statuses.GONE, Appointment.Status.DRAFT}

_AROUND = f"""
WITH who AS MATERIALIZED (
 SELECT e.id AS employee_id, e.last_name, e.first_name, e.middle_name, e.color, e.is_active, j.treats,
  {queries.SPECIALITY} AS speciality
 FROM staff_employee e
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 WHERE e.organization_id = %(org)s AND e.id = %(employee)s AND (%(whole)s OR e.user_id = %(user)s)),
pause AS (
 SELECT k.id, k.version, k.branch_id, k.employee_id, k.chair_id, k.room_id, k.kind, k.starts_at, k.ends_at,
  k.reason, k.rule_id
 FROM calendar_break k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.starts_at >= %(begins)s AND k.starts_at < %(ends)s
  AND (k.employee_id IS NULL OR k.employee_id IN (SELECT employee_id FROM who))
 ORDER BY k.starts_at, k.id),
shift AS (
 SELECT w.day, w.starts_at, w.ends_at, w.room_id, w.chair_id, r.name AS room
 FROM staff_working(%(first)s, %(last)s, ARRAY[%(branch)s::uuid], ARRAY[%(employee)s::uuid]) w
 LEFT JOIN org_room r ON r.organization_id = %(org)s AND r.id = w.room_id
 WHERE EXISTS (SELECT FROM who WHERE is_active)
 ORDER BY w.starts_at),
days AS (
 SELECT %(first)s::date + n AS day FROM generate_series(0, %(last)s::date - %(first)s::date) n),
reserve AS (
 SELECT d.day, k.id, k.employee_id, k.kind, k.reason, (d.day + k.starts) AT TIME ZONE %(zone)s AS starts_at,
  (d.day + k.ends) AT TIME ZONE %(zone)s AS ends_at, NULL::timestamptz AS held_until
 FROM days d
 JOIN calendar_reserve k ON k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.valid_from <= d.day AND (k.valid_to IS NULL OR k.valid_to >= d.day)
  AND extract(isodow FROM d.day) = ANY(k.weekdays)
  AND (k.employee_id IS NULL OR k.employee_id IN (SELECT employee_id FROM who))
 UNION ALL
 SELECT (h.starts_at AT TIME ZONE %(zone)s)::date, h.id, h.employee_id, 'held',
  concat(u.last_name, ' ' || nullif(left(u.first_name, 1), '') || '.'), h.starts_at, h.ends_at, h.expires_at
 FROM calendar_hold h JOIN core_user u ON u.id = h.by_id
 WHERE h.organization_id = %(org)s AND h.branch_id = %(branch)s AND h.employee_id IN (SELECT employee_id FROM who)
  AND h.starts_at >= %(begins)s AND h.starts_at < %(ends)s AND h.expires_at > now()
 ORDER BY starts_at, id),
special AS (
 SELECT DISTINCT ON (x.date) x.date AS day, x.name, x.opens, x.closes
 FROM org_specialday x
 WHERE x.organization_id = %(org)s AND x.date >= %(first)s AND x.date <= %(last)s
  AND (x.branch_id = %(branch)s OR x.branch_id IS NULL)
 ORDER BY x.date, x.branch_id NULLS LAST)
SELECT (SELECT row_to_json(who)::text FROM who),
 (SELECT coalesce(json_agg(pause), '[]')::text FROM pause),
 (SELECT coalesce(json_agg(shift), '[]')::text FROM shift),
 (SELECT coalesce(json_agg(reserve), '[]')::text FROM reserve),
 (SELECT coalesce(json_agg(special), '[]')::text FROM special)
"""

Row = dict[str, Any]


def produce(*, branch: Branch, first: date, employee: UUID, caller: Caller, reach: Scope) -> bytes:
    last = first + timedelta(days=DAYS - 1)
    begins, ends = branch.day(first)[0], branch.day(last)[1]
    who, pauses, shifts, reserves, specials = _around(
        branch, (first, last), (begins, ends), employee, caller, reach
    )
    items, _total = queries.window(
        branch_id=branch.pk, begins=begins, ends=ends, caller=caller, reach=reach, employee=employee
    )
    booked = _by_moment(branch, orjson.loads(items))
    rests = _by_moment(branch, pauses)
    working, kept = _by_day(shifts), _by_day(reserves)
    special = {one["day"]: one for one in specials}
    days = []
    for number in range(DAYS):
        on = first + timedelta(days=number)
        key = str(on)
        days.append(
            _day(branch, on, who, working[key], rests[key], booked[key], special.get(key))
            | {"reserves": kept[key], "items": booked[key]}
        )
    head = {"branch_id": branch.pk, "employee_id": employee, "from": first, "to": last}
    return render.encode(head | {"days": days})


def _day(
    branch: Branch,
    on: date,
    who: Row | None,
    shifts: list[Row],
    pauses: list[Row],
    items: list[Row],
    special: Row | None,
) -> Row:
    spans = [_span(item) for item in items]
    rests = who and any(pause["employee_id"] == who["employee_id"] for pause in pauses)
    people = []
    if who and (items or rests or (who["treats"] and shifts)):
        counted = [_span(item) for item in items if item["status"] not in _UNCOUNTED]
        minutes = sum((ends - begins for begins, ends in counted), timedelta()).total_seconds()
        people.append(who | {"shifts": shifts, "load_minutes": int(minutes) // 60})
    edges = (
        min((begins for begins, _ in spans), default=None),
        max((ends for _, ends in spans), default=None),
    )
    return day.frame(branch, on, people, pauses, special, edges)


def _around(
    branch: Branch,
    days: tuple[date, date],
    edges: tuple[datetime, datetime],
    employee: UUID,
    caller: Caller,
    reach: Scope,
) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            _AROUND,
            {
                "org": tenancy.current_organization_id(),
                "user": caller.user.pk,
                "whole": reach.covers(branch.pk),
                "branch": branch.pk,
                "zone": branch.timezone,
                "employee": employee,
                "first": days[0],
                "last": days[1],
                "begins": edges[0],
                "ends": edges[1],
            },
        )
        return [part and orjson.loads(part) for part in cursor.fetchone()]


def _span(row: Row) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"])


def _by_moment(branch: Branch, rows: list[Row]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[str(_span(row)[0].astimezone(branch.zone).date())].append(row)
    return found


def _by_day(rows: list[Row]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row.pop("day")].append(row)
    return found
