"""Where there is still room, and what to say to somebody who came too late."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.calendar import hours, occupancy, queries
from apps.calendar.models import Appointment
from apps.org.models import Branch, Chair, Device, Room
from apps.staff import queries as staff
from apps.staff.models import Employee

OFFERED = 3


def working(branch: Branch, employee_id: UUID, day: date) -> list[hours.Span]:
    """When this person works here on that day."""
    rows = staff.working(day, day, branches=[branch.pk], employees=[employee_id])
    return hours.merged((row["starts_at"], row["ends_at"]) for row in rows)


def places(
    *,
    branch: Branch,
    employee_id: UUID,
    day: date,
    length: timedelta,
    also: Sequence[UUID] = (),
    buffers: tuple[int, int] = (0, 0),
) -> list[hours.Span]:
    """Places of that length in the shift where the employee, and whatever else is needed, is free, for the minutes
    before and after as well."""
    before, after = (timedelta(minutes=minutes) for minutes in buffers)
    spans = [(begins - before, ends + after) for begins, ends in working(branch, employee_id, day)]
    if not spans:
        return []
    busy = queries.busy([employee_id, *also], spans[0][0], spans[-1][1])
    found = hours.places(hours.without(spans, busy), before + length + after)
    return [(begins + before, ends - after) for begins, ends in found]


def explain(
    appointment: Appointment,
    taken: Sequence[occupancy.Want],
    wants: Sequence[occupancy.Want],
) -> dict[str, Any]:
    """Details of ``slot_taken``. To be asked after the claim has failed, in the transaction that will be rolled back."""
    occupancy.give_up([appointment.pk])  # what it did get is not in its own way
    distinct = {(want.kind, want.resource_id): want for want in taken}
    return {
        "resources": [named(want) for want in distinct.values()],
        "free": near(appointment, {want.resource_id for want in wants}),
    }


def near(appointment: Appointment, resources: Iterable[UUID]) -> list[dict[str, UUID | datetime]]:
    """A few places of its length, and its buffers, near to where it wanted to be."""
    branch: Branch = appointment.branch
    found = places(
        branch=branch,
        employee_id=appointment.employee_id,
        day=appointment.starts_at.astimezone(branch.zone).date(),
        length=appointment.ends_at - appointment.starts_at,
        also=[one for one in resources if one != appointment.employee_id],
        buffers=(appointment.buffer_before, appointment.buffer_after),
    )
    return [
        shown(span, appointment.employee_id)
        for span in hours.nearest(found, appointment.starts_at, OFFERED)
    ]


def shown(span: hours.Span, employee_id: UUID) -> dict[str, UUID | datetime]:
    return {"starts_at": span[0], "ends_at": span[1], "employee": employee_id}


def named(want: occupancy.Want) -> dict[str, Any]:
    """Colleagues, chairs and rooms have names. A patient has none here, not even to those who booked him."""
    return {"kind": want.kind, "id": want.resource_id, "name": _name(want)}


def _name(want: occupancy.Want) -> str:
    if want.kind == "employee":
        return Employee.objects.get(pk=want.resource_id).short_name
    if want.kind == "room":
        return Room.objects.get(pk=want.resource_id).name
    if want.kind == "chair":
        chair = Chair.objects.select_related("room").get(pk=want.resource_id)
        return f"{chair.room.name}, {chair.name}"
    if want.kind == "device":
        return Device.objects.get(pk=want.resource_id).name
    return ""
