"""Reads across several tables, one statement each."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, Value
from django.db.models.expressions import Func
from django.db.models.functions import Concat

from apps.core import tenancy
from apps.core.kz.text import search_variants
from apps.org.models import Branch
from apps.staff.models import Employee, EmployeeBranch, EmployeeService, EmployeeSpeciality

_SHIFTS_ON = """
SELECT s.id, s.employee_id, s.room_id, s.chair_id,
       (%(day)s::date + s.starts) AT TIME ZONE %(zone)s AS starts_at,
       (%(day)s::date + s.ends) AT TIME ZONE %(zone)s AS ends_at
FROM staff_shift s
JOIN staff_employee e ON e.id = s.employee_id AND e.organization_id = s.organization_id
WHERE s.organization_id = %(organization)s AND s.branch_id = %(branch)s
  AND s.weekday = extract(isodow FROM %(day)s::date)
  AND s.valid_from <= %(day)s AND (s.valid_to IS NULL OR s.valid_to >= %(day)s)
  AND e.is_active
ORDER BY s.starts, s.id
"""


def shifts_on(branch: Branch, day: date) -> list[dict[str, Any]]:
    """Who works in a branch on a day: plain rows ``id, employee_id, room_id, chair_id, starts_at, ends_at`` (UTC)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SHIFTS_ON,
            {
                "day": day,
                "zone": branch.timezone,
                "organization": tenancy.current_organization_id(),
                "branch": branch.pk,
            },
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def with_links(rows: Any, *, services: bool) -> Any:
    """Employees with the ids of their branches and specialities (and services), in the same statement."""

    def ids(model: Any, column: str) -> ArraySubquery:
        links = model.objects.filter(employee=OuterRef("pk")).order_by(column)
        return ArraySubquery(links.values(column))

    rows = rows.select_related("position").annotate(
        branch_ids=ids(EmployeeBranch, "branch_id"),
        speciality_ids=ids(EmployeeSpeciality, "speciality_id"),
    )
    if not services:
        return rows
    own = EmployeeService.objects.filter(employee=OuterRef(OuterRef("pk"))).values("service_id")
    others = EmployeeService.objects.filter(employee__is_active=True).exclude(service_id__in=own)
    return rows.annotate(
        service_ids=ids(EmployeeService, "service_id"),
        others_service_ids=ArraySubquery(
            others.order_by("service_id").values("service_id").distinct()
        ),
    )


def named(rows: Any, text: str) -> Any:
    """Employees whose names hold every word, in either alphabet."""
    names = Concat("last_name", Value(" "), "first_name", Value(" "), "middle_name")
    rows = rows.annotate(folded=Func(names, function="kz_fold"))
    for word in text.split()[:6]:
        any_spelling = Q()
        for variant in search_variants(word):
            any_spelling |= Q(folded__contains=variant)
        rows = rows.filter(any_spelling)
    return rows


def active_employee_of(user: Any) -> Employee | None:
    return Employee.objects.filter(user=user, is_active=True).first()
