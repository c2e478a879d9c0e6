"""What was done to a series from one of its appointments on, taken back in one step: all of it, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.calendar import actions, occupancy, overbooking, segments, statuses, together
from apps.calendar.models import Appointment
from apps.core import versions
from apps.core.errors import NotFound
from apps.core.models.user import User


def seen(rows: Any, known: dict[UUID, int]) -> list[Appointment]:
    """These, locked, by their time; refused when somebody has changed one of them since."""
    found = list(rows.select_for_update(of=("self",)).filter(pk__in=known).order_by("pk"))
    if len(found) < len(known):
        raise NotFound
    for row in found:
        versions.check(row, known[row.pk])
    return sorted(found, key=lambda row: (row.starts_at, row.pk))


@transaction.atomic(savepoint=False)
def restore(*, rows: Sequence[Appointment], by: User, now: datetime) -> list[Appointment]:
    """Canceled ones come back into their places, which are asked for in one sorted statement."""
    wants = {
        row.pk: occupancy.for_appointment(row, occupancy.exclusive_room(row), segments.of(row))
        for row in rows
    }
    taken = overbooking.exchange([want for each in wants.values() for want in each], by=by)
    if taken:
        occupancy.give_up(wants)
        lost = {want.appointment_id for want in taken}
        conflicts = [
            together.conflict(index, row, taken, wants[row.pk])
            for index, row in enumerate(rows)
            if row.pk in lost
        ]
        raise together.SeriesConflicts(
            details={"conflicts": conflicts, "possible": len(rows) - len(lost)}
        )
    for row in rows:
        actions.restore(appointment=row, holds=True, by=by, now=now)
    return list(rows)


def are_gone(rows: Sequence[Appointment]) -> bool:
    return all(row.status in statuses.GONE for row in rows)
