"""Engage somebody, and change what is known of him: one body with his branches, specialities and services."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput
from apps.core.events import record, touch_day
from apps.core.models import Membership, User
from apps.core.versions import apply, locked
from apps.staff.events import EmployeeChanged, EmployeeCreated
from apps.staff.models import Employee, EmployeeBranch, EmployeeService, EmployeeSpeciality

# field of the body → the table of links and its column
LINKS: dict[str, tuple[Any, str]] = {
    "branches": (EmployeeBranch, "branch_id"),
    "specialities": (EmployeeSpeciality, "speciality_id"),
    "services": (EmployeeService, "service_id"),
}


@transaction.atomic
def create_employee(*, by: User, **fields: Any) -> Employee:
    links = {name: fields.pop(name) for name in LINKS if name in fields}
    _check_user(fields.get("user_id"), None)
    employee = Employee.objects.create(**fields)
    for name, ids in links.items():
        _relink(employee, name, ids)
    touch_day(*links.get("branches", ()))
    record(EmployeeCreated(id=employee.pk, by=by, data={"version": 1}))
    return employee


@transaction.atomic
def change_employee(employee: Employee, *, version: int, by: User, **changes: Any) -> Employee:
    links = {name: changes.pop(name) for name in LINKS if name in changes}
    row: Employee = locked(Employee.objects, employee.pk, version)
    if "user_id" in changes:
        _check_user(changes["user_id"], row)
    branches = _linked(row, "branches")
    relinked = [name for name, ids in links.items() if _relink(row, name, ids)]
    changed = apply(row, changes)
    if relinked and not changed:
        row.bump().save(update_fields=["version", "updated_at"])
    if changed or relinked:
        touch_day(*branches | set(links.get("branches", ())))
        data = {"version": row.version, "changed": changed + relinked}
        record(EmployeeChanged(id=row.pk, by=by, data=data))
    return row


def _linked(employee: Employee, name: str) -> set[UUID]:
    model, column = LINKS[name]
    return set(model.objects.filter(employee=employee).values_list(column, flat=True))


def _relink(employee: Employee, name: str, ids: Iterable[UUID]) -> bool:
    """Make the links exactly these; answers whether anything had to change."""
    model, column = LINKS[name]
    wanted, present = set(ids), _linked(employee, name)
    if gone := present - wanted:
        model.objects.filter(employee=employee, **{f"{column}__in": gone}).delete()
    added = sorted(wanted - present)
    model.objects.bulk_create([model(employee=employee, **{column: one}) for one in added])
    return wanted != present


def _check_user(user_id: UUID | None, employee: Employee | None) -> None:
    """Somebody of this organisation, and nobody else's card."""
    if user_id is None or (employee and employee.user_id == user_id):
        return
    if not Membership.objects.filter(user_id=user_id).exists():
        raise InvalidInput(fields={"user": [_("There is no such user.")]})
    if Employee.objects.filter(user_id=user_id).exists():
        raise InvalidInput(fields={"user": [_("This user belongs to another employee.")]})
