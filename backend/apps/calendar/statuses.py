"""The life of an appointment: which step may follow which, and which of them hold time."""

from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment
from apps.core.errors import DomainError

S = Appointment.Status

NEXT: dict[str, tuple[S, ...]] = {
    S.DRAFT: (S.BOOKED, S.CANCELED),
    S.BOOKED: (S.CONFIRMED, S.ARRIVED, S.NO_SHOW, S.CANCELED),
    S.CONFIRMED: (S.BOOKED, S.ARRIVED, S.NO_SHOW, S.CANCELED),
    S.ARRIVED: (S.BOOKED, S.IN_PROGRESS, S.CANCELED),  # backwards only while the visit is empty
    S.IN_PROGRESS: (S.DONE,),
    S.DONE: (),
    S.NO_SHOW: (S.BOOKED,),
    S.CANCELED: (S.BOOKED,),
}
OCCUPYING = frozenset({S.BOOKED, S.CONFIRMED, S.ARRIVED, S.IN_PROGRESS, S.DONE})
GONE = frozenset({S.NO_SHOW, S.CANCELED})
MOVABLE = frozenset({S.DRAFT, S.BOOKED, S.CONFIRMED, S.ARRIVED})
AWAITED = frozenset({S.BOOKED, S.CONFIRMED})  # nobody has said yet whether the patient comes
BY_DOCTOR = frozenset({S.CONFIRMED, S.IN_PROGRESS, S.DONE})  # what somebody may set on his own ones


class IllegalStatus(DomainError):
    """details: ``from``, ``to``, ``allowed``."""

    code = "illegal_status"
    message = _("This step is not possible from the present status.")


class AppointmentClosed(DomainError):
    """details: ``status``."""

    code = "appointment_closed"
    message = _("An appointment that has begun or is over cannot be moved.")


class NotBegun(DomainError):
    """details: ``starts_at``."""

    code = "not_begun"
    message = _("Nobody has failed to come before the time of the appointment.")


def check(present: str, wanted: str) -> None:
    if wanted not in NEXT[present]:
        raise IllegalStatus(
            details={"from": present, "to": wanted, "allowed": [str(s) for s in NEXT[present]]}
        )
