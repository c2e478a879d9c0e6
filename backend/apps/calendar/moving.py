"""A move, first as a plan: one appointment or a whole series is planned, takes its new time, and then is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.calendar import facts, segments, statuses
from apps.calendar.events import AppointmentMoved
from apps.calendar.models import Appointment
from apps.calendar.place import Place
from apps.calendar.segments import Part
from apps.core import versions
from apps.core.models.user import User
from apps.patients import care

PLACE = ("branch_id", "employee_id", "chair_id", "starts_at", "ends_at")


@dataclass(frozen=True)
class Move:
    appointment: Appointment
    place: Place
    changes: dict[str, Any]
    changed: list[str]  # as people are told
    parts: list[Part]
    old: dict[str, str]
    old_branch_id: UUID

    def write(self) -> None:
        if not versions.apply(self.appointment, self.changes):  # only its parts are other ones
            self.appointment.bump().save(update_fields=["version", "updated_at"])
        if self.parts or "segments" in self.changed:
            segments.rewrite(self.appointment, self.parts)

    def tell(self, by: User | None) -> None:
        place, appointment = self.place, self.appointment
        care.link(appointment.patient_id, place.branch_id, place.employee_id)
        facts.tell(AppointmentMoved, appointment, by, self.changed, **self.old, **opened(place))
        if self.old_branch_id != appointment.branch_id:
            facts.tell_branch(self.old_branch_id, appointment, by)


def opened(place: Place) -> dict[str, list[str]]:
    """What the journal says of reserves that a reason opened; the reason itself stands with the appointment."""
    return {"opened": list(place.opened)} if place.opened else {}


def plan(
    appointment: Appointment,
    place: Place,
    *,
    parts: Sequence[Part] | None = None,
    buffers: tuple[int, int] | None = None,
    over: str = "",
) -> Move | None:
    """None when nothing would change. ``parts``: None carries those that it has; ``buffers``: None leaves them."""
    changes: dict[str, Any] = {name: getattr(place, name) for name in PLACE}
    changed = [name for name, value in changes.items() if getattr(appointment, name) != value]
    wanted = segments.carried(appointment, place) if parts is None else list(parts)
    if parts is not None and not segments.same(wanted, segments.of(appointment)):
        changed.append("segments")
    if not changed:
        return None
    only_longer = changed == ["ends_at"] and appointment.status == Appointment.Status.IN_PROGRESS
    if appointment.status not in statuses.MOVABLE and not only_longer:
        raise statuses.AppointmentClosed(details={"status": appointment.status})
    before, after = buffers or (appointment.buffer_before, appointment.buffer_after)
    return Move(
        appointment=appointment,
        place=place,
        changes=changes
        | {"buffer_before": before, "buffer_after": after, "has_segments": bool(wanted)}
        | {"reserve_reason": over if place.opened else ""},
        changed=[name.removesuffix("_id") for name in changed],
        parts=segments.checked(wanted, place, (before, after)),
        old={
            "old_branch_id": str(appointment.branch_id),
            "old_employee_id": str(appointment.employee_id),
            "old_starts_at": appointment.starts_at.isoformat(),
        },
        old_branch_id=appointment.branch_id,
    )
