"""Parts of an appointment: who and what is needed for how long, when that is not simply all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment, Segment
from apps.calendar.place import UNKNOWN, Faults, Place
from apps.core import inserts, tenancy

Role = Segment.Role
MOST = 20

# Of each wanted resource: is it in use in this branch, its name, and the room that a chair takes with it.
_READ = """
SELECT e.id, e.is_active AND EXISTS (
        SELECT 1 FROM staff_employeebranch l WHERE l.organization_id = e.organization_id
        AND l.employee_id = e.id AND l.branch_id = %(branch)s), NULL::uuid
FROM staff_employee e WHERE e.organization_id = %(organization)s AND e.id = ANY(%(ids)s::uuid[])
UNION ALL
SELECT c.id, c.is_active AND r.is_active AND r.branch_id = %(branch)s, CASE WHEN r.is_exclusive THEN r.id END
FROM org_chair c JOIN org_room r ON r.organization_id = c.organization_id AND r.id = c.room_id
WHERE c.organization_id = %(organization)s AND c.id = ANY(%(ids)s::uuid[])
UNION ALL
SELECT d.id, d.is_active AND d.branch_id = %(branch)s, NULL
FROM org_device d WHERE d.organization_id = %(organization)s AND d.id = ANY(%(ids)s::uuid[])
"""


@dataclass(frozen=True)
class Part:
    role: str
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None = None  # a chair's room, when that serves one at a time

    @property
    def kind(self) -> Literal["employee", "chair", "device"]:
        if self.role in (Role.DOCTOR, Role.ASSISTANT):
            return "employee"
        return "chair" if self.role == Role.CHAIR else "device"

    def row(self, appointment: Appointment) -> Segment:
        return Segment(
            appointment=appointment,
            role=self.role,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            **{f"{self.kind}_id": self.resource_id},
        )


def told(wanted: Sequence[dict[str, Any]]) -> list[Part]:
    """As the API says it: each with the one of ``employee``, ``chair``, ``device`` that its role has."""
    return [
        Part(
            item["role"],
            next(item[name] for name in ("employee", "chair", "device") if item.get(name)),
            item["starts_at"],
            item["ends_at"],
        )
        for item in wanted
    ]


def of(appointment: Appointment) -> list[Part]:
    """As they are, in the order of their time; with the rooms of today."""
    if not appointment.has_segments:
        return []
    rows = Segment.objects.filter(appointment=appointment).select_related("chair__room")
    return [_read(row) for row in rows.order_by("starts_at", "id")]


def _read(row: Segment) -> Part:
    resource_id = row.employee_id or row.chair_id or row.device_id
    assert resource_id  # the database says so
    room = row.chair.room if row.chair else None
    room_id = room.pk if room and room.is_exclusive else None
    return Part(row.role, resource_id, row.starts_at, row.ends_at, room_id)


def carried(appointment: Appointment, place: Place) -> list[Part]:
    """Where its parts come to when it moves: by as much as it does, to the other doctor and chair."""
    if not appointment.has_segments:
        return []
    by: timedelta = place.starts_at - appointment.starts_at
    others = {appointment.employee_id: place.employee_id, appointment.chair_id: place.chair_id}
    parts = [
        replace(part, resource_id=other, starts_at=part.starts_at + by, ends_at=part.ends_at + by)
        for part in of(appointment)
        if (other := others.get(part.resource_id, part.resource_id))
    ]
    if place.chair_id and not any(part.resource_id == place.chair_id for part in parts):
        parts.append(Part(Role.CHAIR, place.chair_id, place.starts_at, place.ends_at))
    return parts


def checked(parts: Sequence[Part], place: Place, buffers: tuple[int, int]) -> list[Part]:
    """The same with their rooms, or a word for each field that is wrong."""
    if not parts:
        return []
    faults = Faults()
    known = _known({part.resource_id for part in parts}, place.branch_id)
    begins = place.starts_at - timedelta(minutes=buffers[0])
    ends = place.ends_at + timedelta(minutes=buffers[1])
    for index, part in enumerate(parts):
        name, at = f"segments.{index}.{part.kind}", f"segments.{index}.ends_at"
        faults.unless(part.resource_id in known, name, UNKNOWN)
        in_use, _room = known.get(part.resource_id, (True, None))
        faults.unless(in_use, name, _("This is not in use in this branch."))
        faults.unless(part.starts_at < part.ends_at, at, _("The end is not after the beginning."))
        inside = begins <= part.starts_at and part.ends_at <= ends
        faults.unless(inside, at, _("This does not lie inside the appointment."))
    _own_overlaps(faults, parts)
    held = {part.resource_id for part in parts if part.role in (Role.DOCTOR, Role.CHAIR)}
    faults.unless(
        place.employee_id in held, "segments", _("The doctor of the appointment has no part in it.")
    )
    faults.unless(
        place.chair_id is None or place.chair_id in held,
        "segments",
        _("The chair of the appointment has no part in it."),
    )
    faults.stop()
    return [replace(part, room_id=known[part.resource_id][1]) for part in parts]


def same(some: Sequence[Part], others: Sequence[Part]) -> bool:
    def told(parts: Sequence[Part]) -> set[tuple[Any, ...]]:
        return {(part.role, part.resource_id, part.starts_at, part.ends_at) for part in parts}

    return told(some) == told(others)


def rewrite(appointment: Appointment, parts: Sequence[Part]) -> None:
    Segment.objects.filter(appointment=appointment).delete()
    inserts.insert([part.row(appointment) for part in parts])


def _own_overlaps(faults: Faults, parts: Sequence[Part]) -> None:
    ordered = sorted(
        enumerate(parts), key=lambda numbered: (numbered[1].resource_id, numbered[1].starts_at)
    )
    for (_first, before), (index, part) in pairwise(ordered):
        apart = before.resource_id != part.resource_id or before.ends_at <= part.starts_at
        faults.unless(
            apart, f"segments.{index}.starts_at", _("The same is needed twice at this time.")
        )


def _known(ids: set[UUID], branch_id: UUID) -> dict[UUID, tuple[bool, UUID | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _READ,
            {
                "organization": tenancy.current_organization_id(),
                "branch": branch_id,
                "ids": list(ids),
            },
        )
        return {pk: (in_use, room_id) for pk, in_use, room_id in cursor.fetchall()}
