"""Where there is room: the one search that the booking form, a refusal, the waiting list and everybody else ask.

All of it is ``calendar_slots`` in the database (migration 0010). The order is that of the branch's days, then of time, then
of the doctor, so that the same question gets the same answer and ``after`` goes on where an answer ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from apps.calendar.models import Appointment
from apps.core import prepared

Window = tuple[str, str]  # clocks on the branch's wall, `24:00` for midnight

WINDOWS: dict[str, Window] = {
    "morning": ("00:00", "12:00"),
    "afternoon": ("12:00", "17:00"),
    "evening": ("17:00", "24:00"),
}
MOST = 50


class Slot(NamedTuple):
    day: date  # of the branch
    starts_at: datetime
    ends_at: datetime
    employee_id: UUID
    branch_id: UUID
    chair_id: UUID | None  # the one of his shift, or the wanted one


class Mark(NamedTuple):
    """Where an answer ended."""

    day: date
    starts_at: datetime
    employee_id: UUID
    branch_id: UUID


@dataclass(frozen=True)
class Wanted:
    """None: any. The whole visit lies inside a shift and a window; its buffers only keep clear of others."""

    first: date
    last: date
    not_before: datetime
    minutes: int
    branches: Sequence[UUID] | None = None
    employees: Sequence[UUID] | None = None
    specialities: Sequence[UUID] | None = None
    services: Sequence[UUID] = ()
    before: int = 0
    after: int = 0
    chair: UUID | None = None
    patient: UUID | None = None
    also: Sequence[UUID] = ()  # what else must be free, a device for instance
    weekdays: Sequence[int] | None = None
    windows: Sequence[Window] | None = None
    is_urgent: bool = False
    is_new: bool = False
    hold: UUID | None = None  # one's own: not in one's way

    @property
    def reserves(self) -> list[str]:
        """Kinds of reserved hours that are for him."""
        mine = {"urgent": self.is_urgent, "new": self.is_new}
        return [kind for kind, is_so in mine.items() if is_so]


_FIND = (
    "SELECT * FROM calendar_slots(%s, %s, %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::interval, %s::interval, %s::interval, %s, %s,"
    " %s::uuid[], %s::int[], %s::time[], %s::time[], %s, %s::text[], %s, %s, %s, %s, %s, %s)"
)


def find(wanted: Wanted, *, most: int = MOST, after: Mark | None = None) -> list[Slot]:
    windows = wanted.windows
    with prepared.cursor() as cursor:
        cursor.execute(
            _FIND,
            [
                wanted.first,
                wanted.last,
                _ids(wanted.branches),
                _ids(wanted.employees),
                _ids(wanted.specialities),
                list(wanted.services),
                f"{wanted.minutes} minutes",
                f"{wanted.before} minutes",
                f"{wanted.after} minutes",
                wanted.chair,
                wanted.patient,
                list(wanted.also),
                None if wanted.weekdays is None else list(wanted.weekdays),
                None if windows is None else [begins for begins, _ends in windows],
                None if windows is None else [ends for _begins, ends in windows],
                wanted.not_before,
                wanted.reserves,
                wanted.hold,
                most,
                *(after or (None, None, None, None)),
            ],
        )
        return [Slot(*row) for row in cursor.fetchall()]


def is_new(patient_id: UUID) -> bool:
    """As a booking would say."""
    done = Appointment.objects.filter(patient_id=patient_id, status=Appointment.Status.DONE)
    return not done.exists()


def _ids(ids: Sequence[UUID] | None) -> list[UUID] | None:
    return None if ids is None else list(ids)
