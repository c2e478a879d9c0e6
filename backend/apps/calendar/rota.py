"""Days of many people at once: how full they are, and the rota of a branch. One statement each, JSON from the database."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.calendar.queries import SPECIALITY
from apps.core import tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.org.special_days import spoken

_NAME = """concat(e.last_name, ' ', left(e.first_name, 1), '.',
  CASE WHEN e.middle_name <> '' THEN concat(' ', left(e.middle_name, 1), '.') END)"""
_IN_ALPHABET = 'kz_sort(last_name) COLLATE "C", kz_sort(first_name) COLLATE "C", id'

# Several shifts, and breaks in them, make one day: ranges are united and cut before they are counted.
_DAYS = """
booked AS MATERIALIZED (
 SELECT a.employee_id, (a.starts_at AT TIME ZONE %(zone)s)::date AS day, count(*)::int AS appointments,
  (sum(extract(epoch FROM a.ends_at - a.starts_at)) / 60)::int AS minutes
 FROM calendar_appointment a
 WHERE a.organization_id = %(org)s AND a.branch_id = %(branch)s
  AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s
  AND a.status NOT IN ('draft', 'canceled', 'no_show')
 GROUP BY 1, 2),
pause AS MATERIALIZED (
 SELECT k.employee_id, (k.starts_at AT TIME ZONE %(zone)s)::date AS day,
  range_agg(tstzrange(k.starts_at, k.ends_at)) AS spans
 FROM calendar_break k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.starts_at >= %(begins)s AND k.starts_at < %(ends)s AND k.employee_id IS NOT NULL
 GROUP BY 1, 2),
worked AS MATERIALIZED (
 SELECT h.employee_id, h.day,
  (SELECT coalesce(sum(extract(epoch FROM upper(x) - lower(x))) / 60, 0)::int
   FROM unnest(h.spans - coalesce(pause.spans, '{}')) x) AS minutes
 FROM (SELECT w.employee_id, w.day, range_agg(tstzrange(w.starts_at, w.ends_at)) AS spans
  FROM staff_working(%(from)s, %(to)s, ARRAY[%(branch)s::uuid], NULL) w GROUP BY 1, 2) h
 LEFT JOIN pause ON pause.employee_id = h.employee_id AND pause.day = h.day)
"""

_SPECIAL = """
 SELECT x.* FROM org_specialday x
 WHERE x.organization_id = %(org)s AND x.date >= %(from)s AND x.date <= %(to)s
  AND (x.branch_id = %(branch)s OR x.branch_id IS NULL)
"""

_LOAD = f"""
WITH {_DAYS},
cell AS MATERIALIZED (
 SELECT e.id AS employee_id, c.day AS date, coalesce(c.worked, 0) AS shift_minutes,
  coalesce(c.booked, 0) AS booked_minutes, coalesce(c.appointments, 0) AS appointments
 FROM (SELECT employee_id, day, worked.minutes AS worked, booked.minutes AS booked, appointments
  FROM worked FULL JOIN booked USING (employee_id, day)) c
 JOIN staff_employee e ON e.organization_id = %(org)s AND e.id = c.employee_id
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 WHERE (c.booked IS NOT NULL OR e.is_active AND j.treats) AND (%(whole)s OR e.user_id = %(user)s)),
special AS MATERIALIZED ({_SPECIAL}),
day AS (
 SELECT d.date, CASE WHEN x.name IS NULL THEN b.hours ? extract(isodow FROM d.date)::text
   ELSE x.opens IS NOT NULL END AS is_open,
  coalesce(x.name, '') AS special_day, coalesce(s.shift_minutes, 0) AS shift_minutes,
  coalesce(s.booked_minutes, 0) AS booked_minutes, coalesce(s.appointments, 0) AS appointments
 FROM org_branch b
 CROSS JOIN (SELECT %(from)s::date + n AS date FROM generate_series(0, %(to)s::date - %(from)s::date) n) d
 LEFT JOIN LATERAL (SELECT special.name, special.opens FROM special WHERE special.date = d.date
  ORDER BY special.branch_id NULLS LAST LIMIT 1) x ON true
 LEFT JOIN (SELECT date, sum(shift_minutes) AS shift_minutes, sum(booked_minutes) AS booked_minutes,
  sum(appointments) AS appointments FROM cell GROUP BY date) s ON s.date = d.date
 WHERE b.organization_id = %(org)s AND b.id = %(branch)s
 ORDER BY d.date),
person AS (
 SELECT e.id, e.last_name, e.first_name, {_NAME} AS name, e.color, {SPECIALITY} AS speciality
 FROM staff_employee e
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 WHERE e.organization_id = %(org)s AND e.id IN (SELECT employee_id FROM cell))
SELECT (SELECT coalesce(json_agg(json_build_object('employee_id', id, 'name', name, 'color', color,
  'speciality', speciality) ORDER BY {_IN_ALPHABET}), '[]')::text FROM person),
 (SELECT coalesce(json_agg(day), '[]')::text FROM day),
 (SELECT coalesce(json_agg(cell ORDER BY date, employee_id), '[]')::text FROM cell)
"""

_ROTA = f"""
WITH {_DAYS},
span AS MATERIALIZED (
 SELECT w.employee_id, w.day, json_agg(json_build_object(
   'branch_id', w.branch_id, 'starts', to_char(w.starts_at AT TIME ZONE b.timezone, 'HH24:MI'),
   'ends', to_char(w.ends_at AT TIME ZONE b.timezone, 'HH24:MI'),
   'room_id', w.room_id, 'chair_id', w.chair_id, 'source', w.source) ORDER BY w.starts_at) AS spans
 FROM staff_working(%(from)s, %(to)s, %(branches)s::uuid[], NULL) w
 JOIN org_branch b ON b.organization_id = %(org)s AND b.id = w.branch_id
 GROUP BY 1, 2),
own AS MATERIALIZED (
 SELECT r.employee_id, r.date AS day, bool_and(r.starts IS NULL) AS is_off
 FROM staff_rotaday r
 WHERE r.organization_id = %(org)s AND r.branch_id = %(branch)s
  AND r.date >= %(from)s AND r.date <= %(to)s
 GROUP BY 1, 2),
person AS MATERIALIZED (
 SELECT e.id, e.last_name, e.first_name, {_NAME} AS name, e.color, j.name AS position, j.treats,
  coalesce(e.user_id = %(user)s, false) AS is_own
 FROM staff_employee e
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 WHERE e.organization_id = %(org)s AND e.is_active AND (
  EXISTS (SELECT FROM staff_employeebranch l WHERE l.organization_id = e.organization_id
   AND l.employee_id = e.id AND l.branch_id = %(branch)s)
  OR e.id IN (SELECT employee_id FROM worked))),
cell AS (
 SELECT employee_id, json_agg(json_build_object('date', day, 'spans', coalesce(spans, '[]'),
   'is_off', coalesce(is_off, false), 'is_exception', is_off IS NOT NULL,
   'minutes', coalesce(worked.minutes, 0),
   'booked_minutes', CASE WHEN %(booked)s THEN coalesce(booked.minutes, 0) END,
   'appointments', CASE WHEN %(booked)s THEN coalesce(appointments, 0) END) ORDER BY day) AS days
 FROM span FULL JOIN own USING (employee_id, day) FULL JOIN worked USING (employee_id, day)
 FULL JOIN booked USING (employee_id, day)
 GROUP BY employee_id)
SELECT (SELECT coalesce(json_agg(json_build_object('employee_id', id, 'name', name, 'color', color,
  'position', position, 'is_own', is_own, 'days', coalesce(cell.days, '[]')) ORDER BY treats DESC, {_IN_ALPHABET}), '[]')::text
  FROM person LEFT JOIN cell ON cell.employee_id = person.id),
 (SELECT coalesce(json_agg(json_build_object('id', v.id, 'version', v.version, 'employee_id', v.employee_id,
   'kind', CASE WHEN %(writes)s THEN v.kind END, 'first_day', v.first_day, 'last_day', v.last_day,
   'note', CASE WHEN %(writes)s THEN v.note ELSE '' END) ORDER BY v.first_day, v.id), '[]')::text
  FROM staff_absence v WHERE v.organization_id = %(org)s AND v.first_day <= %(to)s
   AND v.last_day >= %(from)s AND v.employee_id IN (SELECT id FROM person)),
 (SELECT coalesce(json_agg(json_build_object('id', x.id, 'branch_id', x.branch_id, 'date', x.date,
   'name', x.name, 'opens', to_char(x.opens, 'HH24:MI'), 'closes', to_char(x.closes, 'HH24:MI'))
   ORDER BY x.date, x.branch_id NULLS LAST), '[]')::text
  FROM (SELECT DISTINCT ON (s.date) s.* FROM ({_SPECIAL}) s ORDER BY s.date, s.branch_id NULLS LAST) x)
"""


def load(*, branch: Branch, first: date, last: date, caller: Caller, reach: Scope) -> bytes:
    """How full the doctors are on each day, as far as the caller sees them."""
    people, days, items = _one(
        _LOAD,
        _window(branch, first, last) | {"whole": reach.covers(branch.pk), "user": caller.user.pk},
    )
    return _joined(
        branch, first, last, employees=people, days=_spoken(days, "special_day"), items=items
    )


def month(
    *, branch: Branch, first: date, last: date, branches: list[UUID] | None, caller: Caller
) -> bytes:
    """Who works when; ``branches``: of which the caller may know (None: all)."""
    people, absences, special = _one(
        _ROTA,
        _window(branch, first, last)
        | {
            "branches": branches,
            "booked": caller.may("appointments:read", branch.pk),
            "user": caller.user.pk,
            "writes": caller.may("staff:write", branch.pk),
        },
    )
    named = _spoken(special, "name")
    return _joined(branch, first, last, employees=people, absences=absences, special_days=named)


def _spoken(days: str, key: str) -> str:
    """The same days, holidays named in the reader's language."""
    rows = orjson.loads(days)
    for row in rows:
        row[key] = spoken(date.fromisoformat(row["date"]), row[key])
    return orjson.dumps(rows).decode()


def _one(statement: str, parameters: dict[str, Any]) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()  # type: ignore[no-any-return]


def _window(branch: Branch, first: date, last: date) -> dict[str, Any]:
    return {
        "org": tenancy.current_organization_id(),
        "branch": branch.pk,
        "zone": branch.timezone,
        "from": first,
        "to": last,
        "begins": branch.day(first)[0],
        "ends": branch.day(last)[1],
    }


def _joined(branch: Branch, first: date, last: date, **parts: str) -> bytes:
    head = f'{{"branch_id":"{branch.pk}","from":"{first}","to":"{last}"'
    return (head + "".join(f',"{name}":{part}' for name, part in parts.items()) + "}").encode()
