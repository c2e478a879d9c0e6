"""Positions and specialities: the organisation's own short lists."""

from typing import Any

from django.db import transaction

from apps.core.errors import refuse_twin
from apps.core.events import record, touch_day
from apps.core.models import User
from apps.core.versions import change, locked
from apps.org.models import Branch
from apps.staff.events import (
    PositionChanged,
    PositionCreated,
    SpecialityChanged,
    SpecialityCreated,
)
from apps.staff.models import Position, Speciality


@transaction.atomic
def create_position(*, by: User, **fields: Any) -> Position:
    refuse_twin(Position.objects.filter(name=fields["name"]), "name")
    position = Position.objects.create(**fields)
    record(PositionCreated(id=position.pk, by=by, data={"version": 1}))
    return position


@transaction.atomic
def change_position(position: Position, *, version: int, by: User, **changes: Any) -> Position:
    row: Position = locked(Position.objects, position.pk, version)
    if "name" in changes:
        refuse_twin(Position.objects.filter(name=changes["name"]), "name", but=row)
    if changes.get("treats", row.treats) != row.treats:  # columns of the calendar come and go
        touch_day(*Branch.objects.values_list("pk", flat=True))
    return change(row, changes, PositionChanged, by=by)


@transaction.atomic
def create_speciality(*, by: User, **fields: Any) -> Speciality:
    refuse_twin(Speciality.objects.filter(name=fields["name"]), "name")
    speciality = Speciality.objects.create(**fields)
    record(SpecialityCreated(id=speciality.pk, by=by, data={"version": 1}))
    return speciality


@transaction.atomic
def change_speciality(
    speciality: Speciality, *, version: int, by: User, **changes: Any
) -> Speciality:
    row: Speciality = locked(Speciality.objects, speciality.pk, version)
    if "name" in changes:
        refuse_twin(Speciality.objects.filter(name=changes["name"]), "name", but=row)
    return change(row, changes, SpecialityChanged, by=by)
