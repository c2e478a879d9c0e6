"""Leave, sick leave and other days on which somebody works nowhere."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput
from apps.core.events import record, touch_day
from apps.core.models import User
from apps.core.versions import apply, as_changed, locked
from apps.org.models import Branch
from apps.staff.events import AbsenceChanged, AbsenceCreated, AbsenceDeleted
from apps.staff.models import Absence, Employee

LONGEST = timedelta(days=366)


@transaction.atomic
def create_absence(*, by: User, **fields: Any) -> Absence:
    absence = Absence(**fields)
    _check(absence)
    absence.save(force_insert=True)
    record(AbsenceCreated(id=absence.pk, by=by, data={"version": 1, **_told(absence)}))
    _touch()
    return absence


@transaction.atomic
def change_absence(absence: Absence, *, version: int, by: User, **changes: Any) -> Absence:
    locked(Employee.objects, absence.employee_id)  # the person first, as with a new one
    row: Absence = locked(Absence.objects.select_related("employee"), absence.pk, version)
    with as_changed(row, changes):
        _check(row)
    if changed := apply(row, changes):
        data = {"version": row.version, "changed": changed, **_told(row)}
        record(AbsenceChanged(id=row.pk, by=by, data=data))
        _touch()
    return row


@transaction.atomic
def delete_absence(absence: Absence, *, by: User) -> None:
    row: Absence = locked(Absence.objects, absence.pk)
    record(AbsenceDeleted(id=row.pk, by=by, data=_told(row)))
    _touch()
    row.delete()


def _check(absence: Absence) -> None:
    if absence.last_day < absence.first_day:
        _refuse("last_day", _("The last day must not be before the first."))
    if absence.last_day - absence.first_day >= LONGEST:
        _refuse("last_day", _("At most a year."))
    locked(Employee.objects, absence.employee_id)
    others = Absence.objects.filter(
        employee=absence.employee_id,
        first_day__lte=absence.last_day,
        last_day__gte=absence.first_day,
    ).exclude(pk=absence.pk)
    if others.exists():
        _refuse("first_day", _("There is already an absence on these days."))


def _told(absence: Absence) -> dict[str, str]:
    return {
        "employee": str(absence.employee_id),
        "from": str(absence.first_day),
        "to": str(absence.last_day),
    }


def _touch() -> None:
    """He may have worked for somebody else, in any branch."""
    touch_day(*Branch.objects.values_list("pk", flat=True))


def _refuse(field: str, text: Any) -> None:
    raise InvalidInput(fields={field: [text]})
