"""Wide reads of the visits: the worklist of a day is one statement of plain rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core import tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.visits import access
from apps.visits.models import DIARY, Visit

_WORKLIST = """
SELECT v.id, v.version, v.status, v.branch_id, v.arrived_at, v.started_at, v.signed_at, v.total,
       a.id AS appointment, a.starts_at, a.ends_at, a.status AS appointment_status,
       p.id AS patient_id, p.card_number, p.allergies,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS patient_name,
       extract(year FROM age(%(day)s, p.birth_date))::int AS age,
       e.id AS employee_id, e.last_name, e.first_name, e.middle_name, e.color,
       coalesce(
           (SELECT string_agg(s.name, ', ' ORDER BY w.position)
            FROM visits_workdone w
            JOIN services_service s
              ON s.id = w.service_id AND s.organization_id = w.organization_id
            WHERE w.organization_id = v.organization_id AND w.visit_id = v.id),
           a.services_text, '') AS services
FROM visits_visit v
JOIN patients_patient p ON p.id = v.patient_id AND p.organization_id = v.organization_id
JOIN staff_employee e ON e.id = v.employee_id AND e.organization_id = v.organization_id
LEFT JOIN calendar_appointment a
  ON a.id = v.appointment_id AND a.organization_id = v.organization_id
WHERE v.organization_id = %(organization)s AND v.branch_id = ANY(%(branches)s)
  AND v.arrived_at >= %(begins)s AND v.arrived_at < %(ends)s
  AND (%(employee)s::uuid IS NULL OR v.employee_id = %(employee)s)
  AND CASE WHEN %(status)s = '' THEN v.status <> 'canceled' ELSE v.status = %(status)s END
  AND (%(all)s OR v.branch_id = ANY(%(covered)s)
       OR (%(own)s AND (e.user_id = %(user)s OR (%(helps)s AND EXISTS (
            SELECT 1 FROM patients_carelink c
            JOIN staff_employee h ON h.id = c.employee_id AND h.organization_id = c.organization_id
            WHERE c.organization_id = v.organization_id AND c.patient_id = v.patient_id
              AND h.user_id = %(user)s)))))
ORDER BY coalesce(a.starts_at, v.arrived_at), v.id
LIMIT 5000
"""


def worklist(
    *,
    branches: Sequence[Branch],
    day: date,
    reach: Scope,
    caller: Caller,
    employee_id: UUID | None = None,
    status: str = "",
    clinical: bool = True,
) -> list[dict[str, Any]]:
    """The visits that began on this day. ``clinical``: show allergies."""
    if not branches:
        return []
    begins, ends = branches[0].day(day)
    with connection.cursor() as cursor:
        cursor.execute(
            _WORKLIST,
            {
                "organization": tenancy.current_organization_id(),
                "branches": [branch.pk for branch in branches],
                "day": day,
                "begins": begins,
                "ends": ends,
                "employee": employee_id,
                "status": status,
                "all": reach.all,
                "covered": list(reach.branches),
                "own": reach.own,
                "user": caller.user.pk,
                "helps": access.helps(caller),
            },
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_worklist_row(row, clinical) for row in rows]


def _worklist_row(row: dict[str, Any], clinical: bool) -> dict[str, Any]:
    initials = "".join(f" {name[0]}." for name in (row["first_name"], row["middle_name"]) if name)
    return {
        "id": row["id"],
        "version": row["version"],
        "status": row["status"],
        "branch": row["branch_id"],
        "arrived_at": row["arrived_at"],
        "started_at": row["started_at"],
        "signed_at": row["signed_at"],
        "total": row["total"],
        "services": row["services"],
        "patient": {
            "id": row["patient_id"],
            "card_number": row["card_number"],
            "name": row["patient_name"],
            "age": row["age"],
            "allergies": row["allergies"] if clinical else "",
        },
        "employee": {
            "id": row["employee_id"],
            "name": f"{row['last_name']}{initials}",
            "color": row["color"],
        },
        "appointment": row["appointment"]
        and {
            "id": row["appointment"],
            "starts_at": row["starts_at"],
            "ends_at": row["ends_at"],
            "status": row["appointment_status"],
        },
    }


def detail(visit: Visit, *, now: datetime, clinical: bool) -> dict[str, Any]:
    """Everything of one visit; without the diary and the diagnoses for those who only need the prices."""
    patient, employee, appointment = visit.patient, visit.employee, visit.appointment
    return {
        "id": visit.pk,
        "version": visit.version,
        "status": visit.status,
        "branch": visit.branch_id,
        "arrived_at": visit.arrived_at,
        "started_at": visit.started_at,
        "signed_at": visit.signed_at,
        "signed_by": visit.signed_by.short_name if visit.signed_by else None,
        "updated_at": visit.updated_at,
        "total": visit.total,
        "patient": {
            "id": patient.pk,
            "card_number": patient.card_number,
            "name": patient.full_name,
            "age": patient.age(visit.branch.today(now)),
            "allergies": patient.allergies if clinical else "",
            "birth_date": patient.birth_date,
            "sex": patient.sex,
        },
        "employee": {"id": employee.pk, "name": employee.short_name, "color": employee.color},
        "appointment": appointment
        and {
            "id": appointment.pk,
            "starts_at": appointment.starts_at,
            "ends_at": appointment.ends_at,
            "status": appointment.status,
            "services": appointment.services_text,
        },
        "diary": {section: getattr(visit, section) for section in DIARY} if clinical else None,
        "diagnoses": _diagnoses(visit) if clinical else None,
        "works": _works(visit),
    }


def _diagnoses(visit: Visit) -> list[dict[str, Any]]:
    rows = visit.diagnoses.select_related("icd10").order_by("position")
    return [
        {"id": row.pk, "icd10": row.icd10.code, "name": row.icd10.name_ru, "tooth": row.tooth}
        for row in rows
    ]


def _works(visit: Visit) -> list[dict[str, Any]]:
    rows = visit.works.select_related("service", "employee").order_by("position")
    return [
        {
            "id": row.pk,
            "service": row.service_id,
            "code": row.service.code,
            "name": row.service.name,
            "is_tooth_bound": row.service.is_tooth_bound,
            "tooth": row.tooth,
            "quantity": row.quantity,
            "price": row.price,
            "discount_percent": row.discount_percent,
            "amount": row.amount,
            "employee": row.employee_id,
            "employee_name": row.employee.short_name,
        }
        for row in rows
    ]
