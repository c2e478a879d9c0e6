"""Who is in the way: appointments and breaks that hold time which somebody else wanted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from apps.calendar import occupancy
from apps.calendar.models import Appointment, Break
from apps.calendar.models.occupancy import LONGEST
from apps.core import tenancy
from apps.core.permissions import Scope
from apps.patients.models import Patient

SHOWN = 500


def holders(wants: Sequence[occupancy.Want]) -> tuple[set[UUID], set[UUID]]:
    """Ids of the appointments, overbooked ones too, and of the breaks that meet these, besides those that want."""
    own = {want.break_id for want in wants} | {want.appointment_id for want in wants}
    params: list[Any] = [
        [want.resource_id for want in wants],
        [want.starts_at for want in wants],
        [want.ends_at for want in wants],
        tenancy.current_organization_id(),
        LONGEST,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT o.appointment_id, o.break_id"
            " FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS w (id, begins, ends)"
            " JOIN calendar_occupancy o ON o.organization_id = %s AND o.resource_id = w.id"
            "  AND o.starts_at < w.ends AND o.ends_at > w.begins AND o.starts_at > w.begins - %s",
            params,
        )
        found = cursor.fetchall()
    appointments = {one for one, _pause in found if one and one not in own}
    return appointments, {pause for _one, pause in found if pause and pause not in own}


def appointments(ids: set[UUID], reach: Scope) -> list[dict[str, Any]]:
    """As a refusal lists them; a name only where the caller books."""
    rows = Appointment.objects.filter(pk__in=ids).select_related("patient")
    return [
        {
            "id": row.pk,
            "branch_id": row.branch_id,
            "employee_id": row.employee_id,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "patient_name": _short(row.patient) if reach.covers(row.branch_id) else "",
        }
        for row in rows.order_by("starts_at", "id")[:SHOWN]
    ]


def breaks(ids: set[UUID]) -> list[dict[str, Any]]:
    rows = Break.objects.filter(pk__in=ids).order_by("starts_at", "id")[:SHOWN]
    return [{"id": row.pk, "starts_at": row.starts_at, "ends_at": row.ends_at} for row in rows]


def _short(patient: Patient) -> str:
    initials = "".join(f" {name[0]}." for name in (patient.first_name, patient.middle_name) if name)
    return f"{patient.last_name}{initials}"
