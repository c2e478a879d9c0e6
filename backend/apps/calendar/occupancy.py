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

from django.utils.translation import gettext_lazy as _

from apps.calendar import hours
from apps.calendar.models import Appointment, Break, Hold, Occupancy
from apps.calendar.segments import Part
from apps.core import contention, prepared, tenancy
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.org.models import Room

Kind = Literal["employee", "room", "chair", "device", "patient"]
KINDS: tuple[Kind, ...] = ("employee", "room", "chair", "device", "patient")


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
    hold_id: UUID | None = None
    instead_of: UUID | None = None  # the row that lies over others, when this is to replace it


def for_appointment(
    appointment: Appointment, room_id: UUID | None, parts: Sequence[Part] = ()
) -> list[Want]:
    """What it needs. The patient from beginning to end; the doctor, the chair, and the room when that serves one at a
    time with the buffers as well; with segments exactly what those say."""
    begins, ends = appointment.starts_at, appointment.ends_at
    held: list[tuple[Kind, UUID | None, datetime, datetime]] = [
        ("patient", appointment.patient_id, begins, ends)
    ]
    if parts:
        held += [(part.kind, part.resource_id, part.starts_at, part.ends_at) for part in parts]
        held += [("room", room, *span) for room, span in _rooms(parts)]
    else:
        span = appointment.held_from, appointment.held_to
        held += [
            ("employee", appointment.employee_id, *span),
            ("chair", appointment.chair_id, *span),
            ("room", room_id, *span),
        ]
    return [
        Want(kind, resource, begins, ends, appointment_id=appointment.pk)
        for kind, resource, begins, ends in held
        if resource
    ]


def exclusive_room(appointment: Appointment | Hold) -> UUID | None:
    rooms = Room.objects.filter(chairs=appointment.chair_id, is_exclusive=True)
    return rooms.values_list("pk", flat=True).first() if appointment.chair_id else None


def _rooms(parts: Sequence[Part]) -> Iterable[tuple[UUID, hours.Span]]:
    """An exclusive room follows its chairs; two of them at once are still one room."""
    for room_id in {part.room_id for part in parts if part.room_id}:
        spans = [(part.starts_at, part.ends_at) for part in parts if part.room_id == room_id]
        for span in hours.merged(spans):
            yield room_id, span


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


def for_hold(hold: Hold, room_id: UUID | None) -> list[Want]:
    """What an appointment there would take, but for the patient."""
    wanted: list[tuple[Kind, UUID | None]] = [
        ("employee", hold.employee_id),
        ("chair", hold.chair_id),
        ("room", room_id),
    ]
    return [
        Want(kind, resource, hold.held_from, hold.held_to, hold_id=hold.pk)
        for kind, resource in wanted
        if resource
    ]


def claim(wants: Sequence[Want]) -> list[Want]:
    """Take all of it; returns what was taken by others. If anything is, the caller rolls back, or lays it over."""
    taken = _refused(wants) if wants else []
    if taken and _clear_expired(taken):
        taken = _refused(taken)
    return taken


def _refused(wants: Sequence[Want]) -> list[Want]:
    return [want for want, mine in _insert(wants, exclusive=True) if not mine]


_CLEAR = """
WITH expired AS MATERIALIZED (
    SELECT row.id FROM calendar_hold AS hold
    JOIN calendar_occupancy AS row ON row.organization_id = %(organization)s AND row.hold_id = hold.id
    WHERE hold.organization_id = %(organization)s AND hold.expires_at <= now()
      AND row.resource_id = ANY(%(resources)s::uuid[])),
gone AS (
    DELETE FROM calendar_occupancy AS row USING expired
    WHERE row.organization_id = %(organization)s AND row.id = expired.id)
SELECT EXISTS (SELECT FROM expired)
"""


def _clear_expired(wants: Sequence[Want]) -> bool:
    """Holds that are over keep nobody away, whether or not anybody has swept them up. Were there any?"""
    with prepared.cursor() as cursor:
        cursor.execute(
            _CLEAR,
            {
                "organization": tenancy.current_organization_id(),
                "resources": [want.resource_id for want in wants],
            },
        )
        return bool(cursor.fetchone()[0])


def lay_over(wants: Sequence[Want]) -> None:
    """Write down what lies over time of others. It keeps nobody away."""
    _insert(wants, exclusive=False)


def _insert(wants: Sequence[Want], *, exclusive: bool) -> list[tuple[Want, bool]]:
    """Each of them, and whether it went in."""
    rows = [
        (uuid7(), want)
        for want in sorted(wants, key=lambda want: (want.resource_id, want.starts_at))
    ]
    values = ", ".join(
        ["(%s, %s, %s, %s, %s, %s, %s, tstzrange(%s, %s, '[)'), %s, %s, %s, %s)"] * len(rows)
    )
    parameters: list[Any] = []
    for pk, want in rows:
        parameters += [pk, tenancy.current_organization_id()]
        parameters += [want.resource_id if want.kind == kind else None for kind in KINDS]
        parameters += [want.starts_at, want.ends_at, exclusive]
        parameters += [want.appointment_id, want.break_id, want.hold_id]
    with prepared.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calendar_occupancy (id, organization_id, employee_id, room_id, chair_id,"
            " device_id, patient_id, during, exclusive, appointment_id, break_id, hold_id)"
            f" VALUES {values} ON CONFLICT DO NOTHING RETURNING id",
            parameters,
        )
        granted = {pk for (pk,) in cursor.fetchall()}
    return [(want, pk in granted) for pk, want in rows]


_RELEASE = """
WITH mine AS MATERIALIZED (
    SELECT id, resource_id, during FROM calendar_occupancy
    WHERE organization_id = %(organization)s AND {cause} = ANY(%(ids)s::uuid[])),
over AS MATERIALIZED (
    SELECT DISTINCT lies.appointment_id FROM mine
    JOIN calendar_occupancy AS lies ON lies.organization_id = %(organization)s
        AND lies.resource_id = mine.resource_id AND lies.during && mine.during AND NOT lies.exclusive
        AND lies.appointment_id <> ALL(%(ids)s::uuid[])),
gone AS (
    DELETE FROM calendar_occupancy AS row USING mine
    WHERE row.organization_id = %(organization)s AND row.id = mine.id AND NOT EXISTS (SELECT FROM over))
SELECT appointment_id FROM over
"""


def release(
    *,
    appointments: Iterable[UUID] = (),
    breaks: Iterable[UUID] = (),
    holds: Iterable[UUID] = (),
) -> list[UUID]:
    """Give back what these hold, which the caller has locked (holds are locked here). Returns the appointments that lie over it, locked before
    anything is given back: they may rise now (see ``overbooking``)."""
    over: list[UUID] = []
    causes = {"appointment_id": appointments, "break_id": breaks, "hold_id": holds}
    for cause, ids in ((cause, list(those)) for cause, those in causes.items()):
        if not ids:
            continue
        model, held = _CAUSES[cause]
        if model is Hold:  # its holder may not have locked it
            contention.hold({Hold: ids})
        found = _lying_over(cause, ids)
        if found:
            contention.hold({Appointment: found}, own={model: set(ids)})
            over += found
            forget(Occupancy.objects.filter(**{held: ids}).values_list("pk", flat=True))
    return over


_CAUSES: dict[str, tuple[type[Appointment | Break | Hold], str]] = {
    "appointment_id": (Appointment, "appointment_id__in"),
    "break_id": (Break, "pause_id__in"),
    "hold_id": (Hold, "hold_id__in"),
}


def give_up(appointments: Iterable[UUID]) -> None:
    """What a claim of this very transaction got, and nobody else has seen. Asks nobody, locks nobody."""
    Occupancy.objects.filter(appointment_id__in=list(appointments)).delete()


def forget(rows: Iterable[UUID]) -> None:
    Occupancy.objects.filter(pk__in=list(rows)).delete()


def _lying_over(cause: str, ids: list[UUID]) -> list[UUID]:
    """One statement: gives back what nobody lies over; else gives back nothing and says who does."""
    with prepared.cursor() as cursor:
        cursor.execute(
            _RELEASE.format(cause=cause),
            {"organization": tenancy.current_organization_id(), "ids": ids},
        )
        return [pk for (pk,) in cursor.fetchall()]
