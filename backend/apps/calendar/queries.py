"""Wide reads, each one statement that builds its JSON in the database: the rows go to the browser as they come."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from apps.core import prepared, tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope

LIMIT = 5000

# What a caller may see of the patient depends on how far each of these reaches for him.
_SIGHTS = {"phone": "patients:contacts", "money": "invoices:read", "health": "record:read"}


class Shape(NamedTuple):
    """All of the caller that the text of a statement depends on: each has a plan of its own (see ``core.prepared``)."""

    everywhere: bool  # he reaches every branch
    whole: bool  # he reaches all of the branch that is asked for
    own: bool  # he reaches what is his
    sees: tuple[
        tuple[str, str], ...
    ]  # sight → "all", "own" (these and those of his branches), "some"

    def sight(self, name: str) -> str:
        kind = dict(self.sees)[name]
        if kind == "all":
            return "true"
        of_branches = f"a.branch_id = ANY(%({name}_branches)s::uuid[])"
        return f"({of_branches} OR mine.treated)" if kind == "own" else of_branches

    @property
    def mine(self) -> str:
        if not any(kind == "own" for _sight, kind in self.sees):
            return ""
        return """CROSS JOIN LATERAL (SELECT EXISTS (
  SELECT 1 FROM patients_carelink l
  JOIN staff_employee me ON me.id = l.employee_id AND me.organization_id = l.organization_id
  WHERE l.organization_id = a.organization_id AND l.patient_id = a.patient_id AND me.user_id = %(user)s) AS treated) mine"""

    @property
    def reached(self) -> str:
        if self.everywhere or self.whole:
            return ""
        own = " OR e.user_id = %(user)s" if self.own else ""
        return f"AND (a.branch_id = ANY(%(branches)s::uuid[]){own})"

    def of_own(self, column: str, also: str = "") -> str:
        return "" if self.whole else f"AND ({also}{column} IN (SELECT id FROM own))"


def rows(shape: Shape) -> str:
    """One plan serves every day of every branch, and the database cannot know how few rows a day has: ``OFFSET 0`` keeps
    it from reading all patients for them."""
    return f"""
SELECT a.id, a.version, a.branch_id, a.employee_id, a.chair_id, a.patient_id,
 concat(p.last_name, ' ', left(p.first_name, 1), '.',
  CASE WHEN p.middle_name <> '' THEN concat(' ', left(p.middle_name, 1), '.') END) AS patient_name,
 concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS patient_full_name,
 p.card_number,
 CASE WHEN p.phone = '' OR {shape.sight("phone")} THEN p.phone
  ELSE concat(left(p.phone, 2), ' ', substr(p.phone, 3, 3), ' ••• •• ', right(p.phone, 2)) END AS phone,
 a.starts_at, a.ends_at, a.status, a.source, a.services_text,
 a.price_estimate::text AS price_estimate, a.note,
 coalesce(nullif(a.color, ''), e.color) AS color, a.color AS own_color,
 a.is_new_patient, a.is_urgent, a.status = 'booked' AS unconfirmed,
 p.has_allergies AND ({shape.sight("phone")} OR {shape.sight("health")}) AS has_allergy,
 CASE WHEN {shape.sight("money")} THEN coalesce(m.balance, 0.00)::text END AS balance,
 a.canceled_by, a.cancel_code, a.cancel_reason, a.is_overbooked, a.overbook_reason, a.series_id,
 a.origin, a.origin_appointment_id, a.buffer_before, a.buffer_after,
 CASE WHEN a.has_segments THEN (
  SELECT json_agg(json_build_object('role', s.role, 'employee', s.employee_id, 'chair', s.chair_id,
    'device', s.device_id, 'starts_at', s.starts_at, 'ends_at', s.ends_at) ORDER BY s.starts_at, s.id)
  FROM calendar_segment s WHERE s.organization_id = a.organization_id AND s.appointment_id = a.id)
  ELSE '[]' END AS segments
FROM calendar_appointment a
JOIN staff_employee e ON e.organization_id = a.organization_id AND e.id = a.employee_id
CROSS JOIN LATERAL (
 SELECT q.last_name, q.first_name, q.middle_name, q.card_number, q.phone, q.allergies <> '' AS has_allergies
 FROM patients_patient q WHERE q.organization_id = a.organization_id AND q.id = a.patient_id OFFSET 0) p
LEFT JOIN LATERAL (
 SELECT n.balance FROM patients_patientaccount n
 WHERE n.organization_id = a.organization_id AND n.patient_id = a.patient_id OFFSET 0) m ON true
{shape.mine}
WHERE a.organization_id = %(org)s {shape.reached}
"""


BY_TIME = "AND a.branch_id = %(branch)s AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s"
ORDER = f"ORDER BY a.starts_at, a.id LIMIT {LIMIT + 1}"

# Of an employee ``e`` in a position ``j``.
SPECIALITY = """coalesce((SELECT min(y.name) FROM staff_employeespeciality x
   JOIN staff_speciality y ON y.organization_id = x.organization_id AND y.id = x.speciality_id
   WHERE x.organization_id = e.organization_id AND x.employee_id = e.id), j.name)"""


@cache
def _day(shape: Shape) -> str:
    """Of people and their hours the appointments are summed apart: wide rows that are kept to be read again cost more."""
    return f"""
WITH own AS (
 SELECT id FROM staff_employee WHERE organization_id = %(org)s AND user_id = %(user)s),
booked AS MATERIALIZED (
 SELECT a.employee_id, min(a.starts_at) AS first, max(a.ends_at) AS last,
  (sum(extract(epoch FROM a.ends_at - a.starts_at)) FILTER (WHERE status NOT IN ('draft', 'canceled', 'no_show')))::int
   / 60 AS minutes
 FROM calendar_appointment a
 WHERE a.organization_id = %(org)s {BY_TIME} {shape.of_own("a.employee_id")}
 GROUP BY a.employee_id),
pause AS MATERIALIZED (
 SELECT k.id, k.version, k.branch_id, k.employee_id, k.chair_id, k.room_id, k.kind, k.starts_at, k.ends_at,
  k.reason, k.rule_id
 FROM calendar_break k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.starts_at >= %(begins)s AND k.starts_at < %(ends)s
  {shape.of_own("k.employee_id", "k.employee_id IS NULL OR ")}
 ORDER BY k.starts_at, k.id),
shift AS MATERIALIZED (
 SELECT w.employee_id, w.starts_at, w.ends_at, w.room_id, w.chair_id, r.name AS room
 FROM staff_working(%(day)s, %(day)s, ARRAY[%(branch)s::uuid], NULL) w
 LEFT JOIN org_room r ON r.organization_id = %(org)s AND r.id = w.room_id
 ORDER BY w.starts_at),
reserve AS (
 SELECT k.id, k.employee_id, k.kind, k.reason, (%(day)s::date + k.starts) AT TIME ZONE %(zone)s AS starts_at,
  (%(day)s::date + k.ends) AT TIME ZONE %(zone)s AS ends_at, NULL::timestamptz AS held_until
 FROM calendar_reserve k
 WHERE k.organization_id = %(org)s AND k.branch_id = %(branch)s
  AND k.valid_from <= %(day)s AND (k.valid_to IS NULL OR k.valid_to >= %(day)s)
  AND extract(isodow FROM %(day)s::date) = ANY(k.weekdays)
  {shape.of_own("k.employee_id", "k.employee_id IS NULL OR ")}
 UNION ALL
 SELECT h.id, h.employee_id, 'held', concat(u.last_name, ' ' || nullif(left(u.first_name, 1), '') || '.'),
  h.starts_at, h.ends_at, h.expires_at
 FROM calendar_hold h JOIN core_user u ON u.id = h.by_id
 WHERE h.organization_id = %(org)s AND h.branch_id = %(branch)s
  AND h.starts_at >= %(begins)s AND h.starts_at < %(ends)s AND h.expires_at > now()
  {shape.of_own("h.employee_id")}
 ORDER BY starts_at, id),
special AS (
 SELECT x.name, x.opens, x.closes
 FROM org_specialday x
 WHERE x.organization_id = %(org)s AND x.date = %(day)s
  AND (x.branch_id = %(branch)s OR x.branch_id IS NULL)
 ORDER BY x.branch_id NULLS LAST LIMIT 1),
person AS (
 SELECT e.id AS employee_id, e.last_name, e.first_name, e.middle_name, e.color,
  {SPECIALITY} AS speciality,
  coalesce(booked.minutes, 0) AS load_minutes,
  coalesce((SELECT json_agg(s) FROM shift s WHERE s.employee_id = e.id AND e.is_active), '[]') AS shifts
 FROM staff_employee e
 JOIN staff_position j ON j.organization_id = e.organization_id AND j.id = e.position_id
 LEFT JOIN booked ON booked.employee_id = e.id
 WHERE e.organization_id = %(org)s {shape.of_own("e.id")}
  AND (booked.employee_id IS NOT NULL OR e.id IN (SELECT employee_id FROM pause)
   OR e.is_active AND j.treats AND e.id IN (SELECT employee_id FROM shift)))
SELECT (SELECT coalesce(json_agg(item), '[]')::text FROM ({rows(shape)} {BY_TIME} {ORDER}) item),
 (SELECT coalesce(json_agg(pause), '[]')::text FROM pause),
 (SELECT coalesce(json_agg(person), '[]')::text FROM person),
 (SELECT min(first) FROM booked), (SELECT max(last) FROM booked),
 (SELECT row_to_json(special)::text FROM special),
 (SELECT coalesce(json_agg(reserve), '[]')::text FROM reserve)
"""


@cache
def _window(shape: Shape) -> str:
    return f"""
WITH item AS ({rows(shape)} {BY_TIME}
 AND (%(employee)s::uuid IS NULL OR a.employee_id = %(employee)s)
 AND (%(patient)s::uuid IS NULL OR a.patient_id = %(patient)s)
 AND (%(status)s::text = '' OR a.status = %(status)s)
{ORDER})
SELECT coalesce(json_agg(item), '[]')::text, count(*) FROM item
"""


@cache
def _some(shape: Shape) -> str:
    return f"""
WITH item AS ({rows(shape)} AND a.id = ANY(%(ids)s::uuid[]))
SELECT coalesce(json_agg(item ORDER BY array_position(%(ids)s::uuid[], item.id)), '[]')::text FROM item
"""


def shape_of(caller: Caller, reach: Scope, branch_id: UUID | None = None) -> Shape:
    scopes = {sight: caller.scope(permission) for sight, permission in _SIGHTS.items()}
    sees = [
        (sight, "all" if scope.all else "own" if scope.own else "some")
        for sight, scope in scopes.items()
    ]
    whole = branch_id is not None and reach.covers(branch_id)
    return Shape(reach.all, whole, reach.own, tuple(sees))


def values_of(caller: Caller, reach: Scope) -> dict[str, Any]:
    values: dict[str, Any] = {
        "org": tenancy.current_organization_id(),
        "user": caller.user.pk,
        "branches": list(reach.branches),
    }
    for sight, permission in _SIGHTS.items():
        values[f"{sight}_branches"] = list(caller.scope(permission).branches)
    return values


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
    values = values_of(caller, reach) | {
        "branch": branch_id,
        "zone": zone,
        "day": day,
        "begins": begins,
        "ends": ends,
    }
    statement = _day(shape_of(caller, reach, branch_id))
    items, pauses, people, first, last, special, reserves = prepared.one(statement, values)
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
    values = values_of(caller, reach) | {
        "branch": branch_id,
        "begins": begins,
        "ends": ends,
        "employee": employee,
        "patient": patient,
        "status": status,
    }
    items, total = prepared.one(_window(shape_of(caller, reach, branch_id)), values)
    return items.encode(), total


def some(ids: Sequence[UUID], *, caller: Caller, reach: Scope) -> bytes:
    """These appointments as JSON, in this order; those out of reach are left out."""
    values = values_of(caller, reach) | {"ids": list(ids)}
    (items,) = prepared.one(_some(shape_of(caller, reach)), values)
    return items.encode()  # type: ignore[no-any-return]
