"""Reads across several tables, one statement each."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, Value
from django.db.models.expressions import Func
from django.db.models.functions import Concat

from apps.core import tenancy
from apps.core.kz.text import search_variants
from apps.core.permissions import Scope
from apps.staff.models import Employee, EmployeeBranch, EmployeeService, EmployeeSpeciality

_WORKING = """
SELECT w.* FROM staff_working(%(first)s, %(last)s, %(branches)s::uuid[], %(employees)s::uuid[]) w
JOIN staff_employee e ON e.organization_id = %(organization)s AND e.id = w.employee_id AND e.is_active
ORDER BY w.day, w.starts_at, w.employee_id
"""


def working(
    first: date,
    last: date,
    *,
    branches: Sequence[UUID] | None = None,
    employees: Sequence[UUID] | None = None,
) -> list[dict[str, Any]]:
    """Who works where and when on these days (None: in all branches, everybody): plain rows ``employee_id, branch_id,
    day, starts_at, ends_at`` (UTC), ``room_id, chair_id, source``. One person's may overlap: a substitute's do."""
    return fetch(
        _WORKING,
        first=first,
        last=last,
        branches=None if branches is None else list(branches),
        employees=None if employees is None else list(employees),
        organization=tenancy.current_organization_id(),
    )


def fetch(statement: str, **parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
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


def within(reach: Scope) -> Any:
    """The employees that a permission reaches: everybody, or who works in its branches."""
    rows = Employee.objects.all()
    if reach.all:
        return rows
    links = EmployeeBranch.objects.filter(branch__in=reach.branches)
    return rows.filter(pk__in=links.values("employee"))


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
