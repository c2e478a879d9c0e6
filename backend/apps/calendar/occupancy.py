"""The only place that writes ``Occupancy``: who and what is taken, and when.

Nothing is checked beforehand. One sorted ``INSERT … ON CONFLICT DO NOTHING`` asks for everything at once, and the
exclusion constraint decides: whatever does not come back belongs to somebody else. Sorting keeps rivals from waiting
for each other in a circle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment, Break, Occupancy
from apps.core import tenancy
from apps.core.errors import DomainError
from apps.core.ids import uuid7

Kind = Literal["employee", "room", "chair", "patient"]


class SlotTaken(DomainError):
    """details: ``resources`` [{``kind``, ``id``, ``name``}] that are taken, ``free`` [{``starts_at``, ``ends_at``,
    ``employee``}]."""

    code = "slot_taken"
    message = _("This time is already taken.")


@dataclass(frozen=True)
class Want:
    kind: Kind
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    appointment_id: UUID | None = None
    break_id: UUID | None = None


def for_appointment(appointment: Appointment, room_id: UUID | None) -> list[Want]:
    """What it needs: the doctor, the patient, the chair, and the room when that serves one at a time."""
    wanted: dict[Kind, UUID | None] = {
        "employee": appointment.employee_id,
        "patient": appointment.patient_id,
        "chair": appointment.chair_id,
        "room": room_id,
    }
    return [
        Want(
            kind,
            resource,
            appointment.starts_at,
            appointment.ends_at,
            appointment_id=appointment.pk,
        )
        for kind, resource in wanted.items()
        if resource
    ]


def for_break(pause: Break, chairs: Iterable[UUID] = ()) -> list[Want]:
    """What it takes. ``chairs``: those of a room, which is blocked with all of them, exclusive or not."""
    wanted: list[tuple[Kind, UUID | None]] = [
        ("employee", pause.employee_id),
        ("chair", pause.chair_id),
        ("room", pause.room_id),
        *(("chair", chair) for chair in chairs),
    ]
    return [
        Want(kind, resource, pause.starts_at, pause.ends_at, break_id=pause.pk)
        for kind, resource in wanted
        if resource
    ]


def claim(wants: Sequence[Want]) -> list[Want]:
    """Take all of it; returns what was taken by others. If anything is, the caller rolls back."""
    rows = sorted(wants, key=lambda want: (want.resource_id, want.starts_at))
    values = ", ".join(
        ["(%s, %s, %s, %s, %s, %s, tstzrange(%s, %s, '[)'), true, %s, %s)"] * len(rows)
    )
    parameters: list[Any] = []
    for want in rows:
        parameters += [uuid7(), tenancy.current_organization_id()]
        parameters += [
            want.resource_id if want.kind == kind else None
            for kind in ("employee", "room", "chair", "patient")
        ]
        parameters += [want.starts_at, want.ends_at, want.appointment_id, want.break_id]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calendar_occupancy (id, organization_id, employee_id, room_id, chair_id,"
            " patient_id, during, exclusive, appointment_id, break_id)"
            f" VALUES {values} ON CONFLICT DO NOTHING"
            " RETURNING resource_id, lower(during)",
            parameters,
        )
        granted = set(cursor.fetchall())
    return [want for want in rows if (want.resource_id, want.starts_at) not in granted]


def release(*, appointments: Iterable[UUID] = (), breaks: Iterable[UUID] = ()) -> None:
    """Give back what these hold."""
    if appointments:
        Occupancy.objects.filter(appointment_id__in=appointments).delete()
    if breaks:
        Occupancy.objects.filter(pause_id__in=breaks).delete()
