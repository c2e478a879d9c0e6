"""Does the calendar keep its promise? Asked of the appointments and breaks themselves, not of the table that guards them."""

from typing import Any

from django.db import connection

from apps.core import tenancy

_SPANS = """
WITH live AS (
    SELECT id, employee_id, patient_id, chair_id, starts_at, ends_at
    FROM calendar_appointment
    WHERE organization_id = %(organization)s AND status NOT IN ('draft', 'canceled', 'no_show')),
taken AS (
    SELECT id, employee_id AS resource_id, starts_at, ends_at FROM live
    UNION ALL SELECT id, patient_id, starts_at, ends_at FROM live
    UNION ALL SELECT id, chair_id, starts_at, ends_at FROM live WHERE chair_id IS NOT NULL
    UNION ALL SELECT id, coalesce(employee_id, chair_id), starts_at, ends_at FROM calendar_break
              WHERE organization_id = %(organization)s AND room_id IS NULL
    UNION ALL SELECT k.id, c.id, k.starts_at, k.ends_at FROM calendar_break k
              JOIN org_chair c ON c.organization_id = k.organization_id AND c.room_id = k.room_id
              WHERE k.organization_id = %(organization)s AND c.is_active)
"""

_OVERLAPS = f"""{_SPANS}
SELECT id, resource_id FROM (
    SELECT *, max(ends_at) OVER (PARTITION BY resource_id ORDER BY starts_at, id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM taken) AS t
WHERE starts_at < taken_until
"""

_ADRIFT = f"""{_SPANS},
held AS (
    SELECT coalesce(appointment_id, break_id) AS id, resource_id, lower(during) AS starts_at,
           upper(during) AS ends_at
    FROM calendar_occupancy WHERE organization_id = %(organization)s AND room_id IS NULL)
(SELECT * FROM taken EXCEPT SELECT * FROM held)
UNION ALL (SELECT * FROM held EXCEPT SELECT * FROM taken)
"""


def overlaps() -> list[tuple[Any, ...]]:
    """Live appointments and breaks that lie over an earlier one of the same person or chair. Must be empty."""
    return _rows(_OVERLAPS)


def adrift() -> list[tuple[Any, ...]]:
    """Time that is held for nothing, or needed and not held. Must be empty."""
    return _rows(_ADRIFT)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": tenancy.current_organization_id()})
        return cursor.fetchall()  # type: ignore[no-any-return]
