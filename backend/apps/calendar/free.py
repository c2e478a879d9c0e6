"""What to say to somebody who came too late: what is taken, and where there is still room near to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.calendar import hours, occupancy, slots
from apps.calendar.models import Appointment, Hold
from apps.org.models import Chair, Device, Room
from apps.staff.models import Employee

OFFERED = 3
_A_DAY = 200  # no day has room for more visits of one doctor
_FAR = timedelta(days=14)


def explain(
    wanted: Appointment | Hold,
    taken: Sequence[occupancy.Want],
    wants: Sequence[occupancy.Want],
) -> dict[str, Any]:
    """Details of ``slot_taken``. To be asked after the claim has failed, in the transaction that will be rolled back."""
    if isinstance(wanted, Appointment):
        occupancy.give_up([wanted.pk])  # what it did get is not in its own way
    distinct = {(want.kind, want.resource_id): want for want in taken}
    return {
        "resources": [named(want) for want in distinct.values()],
        "free": near(wanted, {want.resource_id for want in wants}),
    }


def near(wanted: Appointment | Hold, resources: Iterable[UUID]) -> list[dict[str, UUID | datetime]]:
    """A few places of its length, and its buffers, near to where it wanted to be: of that day, else of the next ones."""
    day = wanted.starts_at.astimezone(wanted.branch.zone).date()
    search = _search(wanted, resources)
    of_day = slots.find(slots.Wanted(first=day, last=day, **search), most=_A_DAY)
    found = hours.nearest(
        [(slot.starts_at, slot.ends_at) for slot in of_day], wanted.starts_at, OFFERED
    )
    if len(found) < OFFERED:
        later = slots.Wanted(first=day + timedelta(days=1), last=day + _FAR, **search)
        more = slots.find(later, most=OFFERED - len(found))
        found += [(slot.starts_at, slot.ends_at) for slot in more]
    return [
        {"starts_at": begins, "ends_at": ends, "employee": wanted.employee_id}
        for begins, ends in found
    ]


def _search(wanted: Appointment | Hold, resources: Iterable[UUID]) -> dict[str, Any]:
    patient_id = getattr(wanted, "patient_id", None)
    own = {wanted.employee_id, wanted.chair_id, patient_id}
    return {
        "not_before": min(wanted.starts_at, timezone.now()),
        "minutes": (wanted.ends_at - wanted.starts_at).seconds // 60,
        "branches": [wanted.branch_id],
        "employees": [wanted.employee_id],
        "before": wanted.buffer_before,
        "after": wanted.buffer_after,
        "chair": wanted.chair_id,
        "patient": patient_id,
        "also": [one for one in resources if one not in own],
        "is_urgent": getattr(wanted, "is_urgent", False),
        "is_new": getattr(wanted, "is_new_patient", False),
        "hold": wanted.pk if isinstance(wanted, Hold) else None,
    }


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
