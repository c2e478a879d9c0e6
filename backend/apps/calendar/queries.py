"""Wide reads, each one statement that builds its JSON in the database: the rows go to the browser as they come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from apps.core import tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope

LIMIT = 5000

# What a caller may see of the patient depends on how far each of these reaches for him.
_SIGHTS = {"phone": "patients:contacts", "money": "invoices:read", "health": "record:read"}


def _sees(sight: str) -> str:
    return (
        f"(%({sight}_all)s OR a.branch_id = ANY(%({sight}_branches)s::uuid[])"
        f" OR %({sight}_own)s AND mine.treated)"
    )


ROW = f"""
SELECT a.id, a.version, a.branch_id, a.employee_id, a.chair_id, a.patient_id,
 concat(p.last_name, ' ', left(p.first_name, 1), '.',
  CASE WHEN p.middle_name <> '' THEN concat(' ', left(p.middle_name, 1), '.') END) AS patient_name,
 concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS patient_full_name,
 p.card_number,
 CASE WHEN p.phone = '' OR {_sees("phone")} THEN p.phone
  ELSE concat(left(p.phone, 2), ' ', substr(p.phone, 3, 3), ' ••• •• ', right(p.phone, 2)) END AS phone,
 a.starts_at, a.ends_at, a.status, a.source, a.services_text,
 a.price_estimate::text AS price_estimate, a.note,
 coalesce(nullif(a.color, ''), e.color) AS color, a.color AS own_color,
 a.is_new_patient, a.is_urgent, a.status = 'booked' AS unconfirmed,
 p.allergies <> '' AND ({_sees("phone")} OR {_sees("health")}) AS has_allergy,
 CASE WHEN {_sees("money")} THEN coalesce(m.balance, 0.00)::text END AS balance,
 a.canceled_by, a.cancel_code, a.cancel_reason, a.is_overbooked, a.overbook_reason, a.series_id,
 a.origin, a.origin_appointment_id, a.buffer_before, a.buffer_after,
 CASE WHEN a.has_segments THEN (
  SELECT json_agg(json_build_object('role', s.role, 'employee', s.employee_id, 'chair', s.chair_id,
    'device', s.device_id, 'starts_at', s.starts_at, 'ends_at', s.ends_at) ORDER BY s.starts_at, s.id)
  FROM calendar_segment s WHERE s.organization_id = a.organization_id AND s.appointment_id = a.id)
  ELSE '[]' END AS segments
FROM calendar_appointment a
JOIN patients_patient p ON p.organization_id = a.organization_id AND p.id = a.patient_id
JOIN staff_employee e ON e.organization_id = a.organization_id AND e.id = a.employee_id
LEFT JOIN patients_patientaccount m ON m.organization_id = a.organization_id AND m.patient_id = a.patient_id
CROSS JOIN LATERAL (SELECT %(any_own)s AND EXISTS (
  SELECT 1 FROM patients_carelink l
  JOIN staff_employee me ON me.id = l.employee_id AND me.organization_id = l.organization_id
  WHERE l.organization_id = a.organization_id AND l.patient_id = a.patient_id AND me.user_id = %(user)s) AS treated) mine
WHERE a.organization_id = %(org)s
 AND (%(all)s OR a.branch_id = ANY(%(branches)s::uuid[]) OR %(own)s AND e.user_id = %(user)s)
"""

BY_TIME = "AND a.branch_id = %(branch)s AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s"
ORDER = f"ORDER BY a.starts_at, a.id LIMIT {LIMIT + 1}"

# Of people and their hours the appointments are summed apart: wide rows that are kept to be read again cost more.
_DAY = f"""
WITH own AS (
 SELECT id FROM staff_employee WHERE organization_id = %(org)s AND user_id = %(user)s),
booked AS MATERIALIZED (
 SELECT a.employee_id, min(a.starts_at) AS first, max(a.ends_at) AS last,
  (sum(extract(epoch FROM a.ends_at - a.starts_at)) FILTER (WHERE status NOT IN ('draft', 'canceled', 'no_show')))::int
   / 60 AS minutes
 FROM calendar_appointment a
 WHERE a.organization_id = %(org)s {BY_TIME}
  AND (%(whole)s OR a.employee_id IN (SELECT id FROM own))
 GROUP BY a.employee_id),
pause AS MATERIALIZED (
 SELECT k.id, k.version, k.branch_id, k.employee_id, k.chair_id, k.room_id, k.kind, k.starts_at, k.ends_at,
  k.reason, k.rule_id
 FROM calendar_break k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.starts_at >= %(begins)s AND k.starts_at < %(ends)s
  AND (%(whole)s OR k.employee_id IS NULL OR k.employee_id IN (SELECT id FROM own))
 ORDER BY k.starts_at, k.id),
shift AS MATERIALIZED (
 SELECT w.employee_id, w.starts_at, w.ends_at, w.room_id, w.chair_id, r.name AS room
 FROM staff_working(%(day)s, %(day)s, ARRAY[%(branch)s::uuid], NULL) w
 LEFT JOIN org_room r ON r.organization_id = %(org)s AND r.id = w.room_id
 ORDER BY w.starts_at),
reserve AS (
 SELECT k.id, k.employee_id, k.kind, k.reason, (%(day)s::date + k.starts) AT TIME ZONE %(zone)s AS starts_at,
  (%(day)s::date + k.ends) AT TIME ZONE %(zone)s AS ends_at
 FROM calendar_reserve k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.valid_from <= %(day)s AND (k.valid_to IS NULL OR k.valid_to >= %(day)s)
  AND extract(isodow FROM %(day)s::date) = ANY(k.weekdays)
  AND (%(whole)s OR k.employee_id IS NULL OR k.employee_id IN (SELECT id FROM own))
 ORDER BY k.starts, k.id),
special AS (
 SELECT x.name, x.opens, x.closes
 FROM org_specialday x
 WHERE x.organization_id = %(org)s AND x.date = %(day)s
  AND (x.branch_id = %(branch)s OR x.branch_id IS NULL)
 ORDER BY x.branch_id NULLS LAST LIMIT 1),
person AS (
 SELECT e.id AS employee_id, e.last_name, e.first_name, e.middle_name, e.color,
  coalesce((SELECT min(y.name) FROM staff_employeespeciality x
   JOIN staff_speciality y ON y.organization_id = x.organization_id AND y.id = x.speciality_id
   WHERE x.organization_id = e.organization_id AND x.employee_id = e.id), j.name) AS speciality,
  coalesce(booked.minutes, 0) AS load_minutes,
  coalesce((SELECT json_agg(s) FROM shift s WHERE s.employee_id = e.id AND e.is_active), '[]') AS shifts
 FROM staff_employee e
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 LEFT JOIN booked ON booked.employee_id = e.id
 WHERE e.organization_id = %(org)s
  AND (%(whole)s OR e.user_id = %(user)s)
  AND (booked.employee_id IS NOT NULL OR e.id IN (SELECT employee_id FROM pause)
   OR e.is_active AND j.treats AND e.id IN (SELECT employee_id FROM shift)))
SELECT (SELECT coalesce(json_agg(item), '[]')::text FROM ({ROW} {BY_TIME} {ORDER}) item),
 (SELECT coalesce(json_agg(pause), '[]')::text FROM pause),
 (SELECT coalesce(json_agg(person), '[]')::text FROM person),
 (SELECT min(first) FROM booked), (SELECT max(last) FROM booked),
 (SELECT row_to_json(special)::text FROM special),
 (SELECT coalesce(json_agg(reserve), '[]')::text FROM reserve)
"""

_WINDOW = f"""
WITH item AS ({ROW} {BY_TIME}
 AND (%(employee)s::uuid IS NULL OR a.employee_id = %(employee)s)
 AND (%(patient)s::uuid IS NULL OR a.patient_id = %(patient)s)
 AND (%(status)s = '' OR a.status = %(status)s)
{ORDER})
SELECT coalesce(json_agg(item), '[]')::text, count(*) FROM item
"""

_SOME = f"""
WITH item AS ({ROW} AND a.id = ANY(%(ids)s))
SELECT coalesce(json_agg(item ORDER BY array_position(%(ids)s, item.id)), '[]')::text FROM item
"""


def sight(caller: Caller, reach: Scope) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "org": tenancy.current_organization_id(),
        "user": caller.user.pk,
        "all": reach.all,
        "branches": list(reach.branches),
        "own": reach.own,
    }
    for sight, permission in _SIGHTS.items():
        scope = caller.scope(permission)
        parameters[f"{sight}_all"] = scope.all
        parameters[f"{sight}_branches"] = list(scope.branches)
        parameters[f"{sight}_own"] = scope.own
    parameters["any_own"] = any(parameters[f"{sight}_own"] for sight in _SIGHTS)
    return parameters


def one(statement: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()  # type: ignore[no-any-return]


class DayParts(NamedTuple):
    items: bytes  # JSON
    pauses: list[dict[str, Any]]
    people: list[dict[str, Any]]  # with their hours
    first: datetime | None  # how early and late the items are
    last: datetime | None
    special: dict[str, Any] | None
    reserves: bytes  # JSON


def day_parts(
    *,
    branch_id: UUID,
    zone: str,
    day: date,
    begins: datetime,
    ends: datetime,
    caller: Caller,
    reach: Scope,
) -> DayParts:
    parameters = sight(caller, reach) | {
        "branch": branch_id,
        "zone": zone,
        "whole": reach.covers(branch_id),
        "day": day,
        "begins": begins,
        "ends": ends,
    }
    items, pauses, people, first, last, special, reserves = one(_DAY, parameters)
    return DayParts(
        items.encode(),
        orjson.loads(pauses),
        orjson.loads(people),
        first,
        last,
        orjson.loads(special) if special else None,
        reserves.encode(),
    )


def window(
    *,
    branch_id: UUID,
    begins: datetime,
    ends: datetime,
    caller: Caller,
    reach: Scope,
    employee: UUID | None = None,
    patient: UUID | None = None,
    status: str = "",
) -> tuple[bytes, int]:
    """The appointments of some days as JSON, and how many; one more than ``LIMIT`` means too many."""
    parameters = sight(caller, reach) | {
        "branch": branch_id,
        "begins": begins,
        "ends": ends,
        "employee": employee,
        "patient": patient,
        "status": status,
    }
    items, total = one(_WINDOW, parameters)
    return items.encode(), total


def some(ids: Sequence[UUID], *, caller: Caller, reach: Scope) -> bytes:
    """These appointments as JSON, in this order; those out of reach are left out."""
    (items,) = one(_SOME, sight(caller, reach) | {"ids": list(ids)})
    return items.encode()  # type: ignore[no-any-return]


def busy(
    resources: Sequence[UUID], begins: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    """When any of them is taken, between the two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT starts_at, ends_at FROM calendar_busy(%s::uuid[], %s, %s)",
            [list(resources), begins, ends],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]
