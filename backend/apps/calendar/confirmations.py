"""The list of a confirmation run: everybody of a day with what came of the calls, in one statement."""

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from apps.calendar.queries import BY_TIME, ORDER, Shape, rows, shape_of, values_of
from apps.core import prepared
from apps.core.caller import Caller
from apps.core.permissions import Scope


def _short(person: str) -> str:
    """Last name and initials, as ``short_name`` has them."""
    first, middle = (
        f"' ' || nullif(left({person}.{name}, 1), '') || '.'"
        for name in ("first_name", "middle_name")
    )
    return f"concat({person}.last_name, {first}, {middle})"


@cache
def _list(shape: Shape) -> str:
    """``moved_from``: the time that somebody has confirmed who was moved since, and so is to be called once more.
    ``due_at``: when somebody who is to be reached is called again; null of one who was never called. People with one
    telephone are a family, named by the first of them, so that a number nobody may see is not needed to group them."""
    return f"""
WITH item AS MATERIALIZED ({rows(shape)} {BY_TIME} AND a.status <> 'draft' {ORDER}),
attempt AS MATERIALIZED (
 SELECT t.id, t.appointment_id, t.at, t.result, t.call_back_at, t.note, t.by_id,
  {_short("u")} AS by,
  count(*) OVER calls AS attempts, row_number() OVER (calls ORDER BY t.at DESC, t.id DESC) AS back
 FROM item
 JOIN calendar_contactattempt t ON t.organization_id = %(org)s AND t.appointment_id = item.id
 JOIN core_user u ON u.id = t.by_id
 WINDOW calls AS (PARTITION BY t.appointment_id)),
line AS (
 SELECT item.*,
  own.moved_from,
  {_short("e")} AS employee_name,
  first_value(item.id) OVER (PARTITION BY coalesce(nullif(p.phone, ''), item.id::text) ORDER BY item.starts_at, item.id)
   AS family,
  coalesce(l.attempts, 0) AS attempts,
  CASE WHEN l.id IS NOT NULL THEN json_build_object('id', l.id, 'at', l.at, 'result', l.result,
   'call_back_at', l.call_back_at, 'note', l.note, 'by', l.by) END AS last,
  CASE WHEN item.status <> 'booked' AND own.moved_from IS NULL THEN NULL WHEN l.result = 'call_back' THEN l.call_back_at
   WHEN l.result IN ('no_answer', 'other') THEN l.at + %(rest)s END AS due_at,
  c.by_id AS in_call_by_id,
  {_short("w")} AS in_call_by
 FROM item
 CROSS JOIN LATERAL (SELECT q.phone FROM patients_patient q
  WHERE q.organization_id = %(org)s AND q.id = item.patient_id OFFSET 0) p
 CROSS JOIN LATERAL (SELECT CASE WHEN o.status = 'confirmed' AND o.confirmed_for <> o.starts_at
   THEN o.confirmed_for END AS moved_from FROM calendar_appointment o
  WHERE o.organization_id = %(org)s AND o.id = item.id OFFSET 0) own
 JOIN staff_employee e ON e.organization_id = %(org)s AND e.id = item.employee_id
 LEFT JOIN attempt l ON l.appointment_id = item.id AND l.back = 1
 LEFT JOIN calendar_contactclaim c ON c.organization_id = %(org)s AND c.appointment_id = item.id AND c.ends_at > %(now)s
 LEFT JOIN core_user w ON w.id = c.by_id
 WHERE item.status NOT IN ('canceled', 'no_show') OR l.result = 'declined'),
clerk AS (
 SELECT by_id AS user_id, by AS name, count(*) AS calls,
  count(*) FILTER (WHERE result = 'reached') AS reached, count(*) FILTER (WHERE result = 'no_answer') AS no_answer,
  count(*) FILTER (WHERE result = 'call_back') AS call_back, count(*) FILTER (WHERE result = 'declined') AS declined,
  count(*) FILTER (WHERE result = 'other') AS other
 FROM attempt GROUP BY by_id, by)
SELECT (SELECT coalesce(json_agg(line ORDER BY line.starts_at, line.id), '[]')::text FROM line),
 (SELECT count(*) FROM line),
 (SELECT coalesce(json_agg(clerk ORDER BY clerk.calls DESC, clerk.name), '[]')::text FROM clerk)
"""


def of_day(
    *,
    branch_id: UUID,
    begins: datetime,
    ends: datetime,
    now: datetime,
    rest: timedelta,
    caller: Caller,
    reach: Scope,
) -> tuple[bytes, int, bytes]:
    """Who comes and how he was reached, as JSON; how many; and who called how often, as JSON."""
    values = values_of(caller, reach) | {
        "branch": branch_id,
        "begins": begins,
        "ends": ends,
        "now": now,
        "rest": rest,
    }
    items, total, clerks = prepared.one(_list(shape_of(caller, reach, branch_id)), values)
    return items.encode(), total, clerks.encode()
