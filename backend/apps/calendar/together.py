"""Several appointments moved in one claim: all of them, or none with a word for each that does not fit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import free, moving, occupancy, overbooking, statuses
from apps.calendar.models import Appointment
from apps.calendar.place import UNKNOWN, Place
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.user import User


class SeriesConflicts(DomainError):
    """details: ``conflicts`` [{``index``, ``starts_at``, ``code``, ``message``, ``resources``, ``free``}], and how many
    are ``possible`` all the same."""

    code = "series_conflicts"
    message = _("Not all of these times are free. Nothing was booked or moved.")


@transaction.atomic(savepoint=False)
def move(
    *,
    rows: Sequence[Appointment],
    places: dict[UUID, dict[str, Any]],
    find: Callable[[Appointment, dict[str, Any]], Place],
    by: User,
) -> list[Appointment]:
    """Each to a place of its own. What is wrong with one (his doctor left, his shift ended) says nothing of the others."""
    steps, conflicts = [], []
    for index, row in enumerate(rows):
        try:
            step = moving.plan(row, find(row, places[row.pk]))
        except InvalidInput as fault:
            if str(UNKNOWN) in _texts(fault):  # no conflict, but a mistake of whoever asks
                raise
            starts_at = places[row.pk].get("starts_at", row.starts_at)
            conflicts.append(fault_at(index, starts_at, fault))
            continue
        if step:
            steps.append((index, step))
    carry_out(steps, conflicts, by)
    return list(rows)


def carry_out(
    steps: Sequence[tuple[int, moving.Move]], conflicts: list[dict[str, Any]], by: User
) -> None:
    """All of these moves in one claim, unless one of them has no room or ``conflicts`` are known already."""
    for _index, step in steps:
        step.write()
    live = [(index, step) for index, step in steps if step.appointment.status in statuses.OCCUPYING]
    wants = {
        step.appointment.pk: occupancy.for_appointment(
            step.appointment, step.place.room_id, step.parts
        )
        for _index, step in live
    }
    taken = overbooking.exchange(
        [want for each in wants.values() for want in each], appointments=list(wants), by=by
    )
    if taken or conflicts:
        occupancy.give_up(wants)
        lost = {want.appointment_id for want in taken}
        conflicts += [
            conflict(index, step.appointment, taken, wants[step.appointment.pk])
            for index, step in live
            if step.appointment.pk in lost
        ]
        conflicts.sort(key=lambda conflict: conflict["index"])
        raise SeriesConflicts(details={"conflicts": conflicts, "possible": len(steps) - len(lost)})
    for _index, step in steps:
        overbooking.lies(step.appointment, over="", taken=False)
        step.tell(by)


def fault_at(index: int, starts_at: datetime, fault: DomainError) -> dict[str, Any]:
    """A word for one that could not even be asked for."""
    texts = _texts(fault)
    return {
        "index": index,
        "starts_at": starts_at,
        "code": fault.code,
        "message": " ".join(texts) or str(fault.text),
        "resources": [],
        "free": [],
    }


def _texts(fault: DomainError) -> list[str]:
    return [str(text) for each in fault.fields.values() for text in each]


def conflict(
    index: int,
    appointment: Appointment,
    taken: Sequence[occupancy.Want],
    wants: Sequence[occupancy.Want],
) -> dict[str, Any]:
    """A word for one that does not fit."""
    mine = {
        (want.kind, want.resource_id): want
        for want in taken
        if want.appointment_id == appointment.pk
    }
    return {
        "index": index,
        "starts_at": appointment.starts_at,
        "code": occupancy.SlotTaken.code,
        "message": str(occupancy.SlotTaken.message),
        "resources": [free.named(want) for want in mine.values()],
        "free": free.near(appointment, {want.resource_id for want in wants}),
    }
