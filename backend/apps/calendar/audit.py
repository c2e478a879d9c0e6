"""Does the calendar keep its promise? Asked of the appointments and breaks themselves, not of the table that guards them."""

from typing import Any

from django.db import connection

from apps.core import tenancy

# What each live appointment and each break needs; `lies`: laid over others, by those who may.
_SPANS = """
WITH live AS (
    SELECT id, employee_id, patient_id, chair_id, starts_at, ends_at, has_segments, is_overbooked,
           starts_at - buffer_before * interval '1 minute' AS held_from,
           ends_at + buffer_after * interval '1 minute' AS held_to
    FROM calendar_appointment
    WHERE organization_id = %(organization)s AND status NOT IN ('draft', 'canceled', 'no_show')),
taken AS (
    SELECT id, patient_id AS resource_id, starts_at, ends_at FROM live
    UNION ALL SELECT id, employee_id, held_from, held_to FROM live WHERE NOT has_segments
    UNION ALL SELECT id, chair_id, held_from, held_to FROM live
              WHERE chair_id IS NOT NULL AND NOT has_segments
    UNION ALL SELECT live.id, coalesce(s.employee_id, s.chair_id, s.device_id), s.starts_at, s.ends_at
              FROM live JOIN calendar_segment s ON s.appointment_id = live.id
              WHERE s.organization_id = %(organization)s AND live.has_segments
    UNION ALL SELECT id, coalesce(employee_id, chair_id), starts_at, ends_at FROM calendar_break
              WHERE organization_id = %(organization)s AND room_id IS NULL
    UNION ALL SELECT k.id, c.id, k.starts_at, k.ends_at FROM calendar_break k
              JOIN org_chair c ON c.organization_id = k.organization_id AND c.room_id = k.room_id
              WHERE k.organization_id = %(organization)s AND c.is_active),
over AS (
    SELECT appointment_id AS id, resource_id, starts_at
    FROM calendar_occupancy WHERE organization_id = %(organization)s AND NOT exclusive)
"""

_OVERLAPS = f"""{_SPANS}
SELECT id, resource_id FROM (
    SELECT *, max(ends_at) OVER (PARTITION BY resource_id ORDER BY starts_at, id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM taken WHERE (id, resource_id, starts_at) NOT IN (SELECT * FROM over)) AS t
WHERE starts_at < taken_until
"""

# Rooms are left out: whether one is exclusive may have been said later, and its chairs are there.
_ADRIFT = f"""{_SPANS},
held AS (
    SELECT coalesce(appointment_id, break_id) AS id, resource_id, starts_at, ends_at
    FROM calendar_occupancy
    WHERE organization_id = %(organization)s AND room_id IS NULL AND hold_id IS NULL)
(SELECT * FROM taken EXCEPT SELECT * FROM held)
UNION ALL (SELECT * FROM held EXCEPT SELECT * FROM taken)
UNION ALL SELECT id, NULL, starts_at, ends_at FROM live
          WHERE is_overbooked <> (id IN (SELECT id FROM over))
UNION ALL SELECT id, resource_id, starts_at, NULL FROM over
          WHERE resource_id IN (SELECT patient_id FROM live)
"""

_LEFT_LYING = """
SELECT lies.appointment_id, lies.resource_id, lies.during FROM calendar_occupancy AS lies
WHERE lies.organization_id = %(organization)s AND NOT lies.exclusive AND NOT EXISTS (
    SELECT FROM calendar_occupancy AS under
    WHERE under.organization_id = lies.organization_id AND under.resource_id = lies.resource_id
      AND under.during && lies.during AND under.exclusive)
"""


def overlaps() -> list[tuple[Any, ...]]:
    """Live appointments and breaks that lie, by nobody's leave, over an earlier one of the same person, chair or device.
    Must be empty."""
    return _rows(_OVERLAPS)


def adrift() -> list[tuple[Any, ...]]:
    """Time that is held for nothing, or needed and not held; a mark of overbooking that is not true; a patient laid over
    himself. Must be empty."""
    return _rows(_ADRIFT)


def left_lying() -> list[tuple[Any, ...]]:
    """What lies over nobody any more and was not raised. Must be empty."""
    return _rows(_LEFT_LYING)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": tenancy.current_organization_id()})
        return cursor.fetchall()  # type: ignore[no-any-return]
