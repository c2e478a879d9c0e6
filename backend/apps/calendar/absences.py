"""The appointments of somebody who will be away."""

from typing import Any

import orjson
from django.db import connection

from apps.calendar import queries
from apps.core import tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.staff.models import Absence

SHOWN = 200

# The days are those of each branch; a wide span of instants comes first, which an index can find.
_WITHIN = """
SELECT a.id FROM org_branch b
JOIN calendar_appointment a ON a.organization_id = b.organization_id AND a.branch_id = b.id
 AND a.starts_at >= %(first)s::timestamp AT TIME ZONE b.timezone
 AND a.starts_at < (%(last)s::date + 1)::timestamp AT TIME ZONE b.timezone
WHERE b.organization_id = %(org)s AND a.employee_id = %(employee)s
 AND a.status IN ('draft', 'booked', 'confirmed', 'arrived', 'in_progress')
 AND (%(all)s OR b.id = ANY(%(branches)s::uuid[]))
ORDER BY a.starts_at, a.id
"""


def within(absence: Absence, *, caller: Caller, reach: Scope) -> tuple[int, list[Any]]:
    """How many are live in these days, and the first of them as the calendar shows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHIN,
            {
                "org": tenancy.current_organization_id(),
                "employee": absence.employee_id,
                "first": absence.first_day,
                "last": absence.last_day,
                "all": reach.all,
                "branches": list(reach.branches),
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = queries.some(ids[:SHOWN], caller=caller, reach=reach) if ids else b"[]"
    return len(ids), orjson.loads(rows)
