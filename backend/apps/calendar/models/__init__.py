from apps.calendar.models.appointment import (
    Appointment,
    AppointmentService,
    AppointmentStep,
    Segment,
    Series,
)
from apps.calendar.models.contact import ContactAttempt, ContactClaim
from apps.calendar.models.feed import Feed
from apps.calendar.models.hold import Hold
from apps.calendar.models.occupancy import Occupancy
from apps.calendar.models.pauses import Break, BreakKind, BreakRule, Reserve
from apps.calendar.models.view import SavedView
from apps.calendar.models.waiting import Offer, WaitingContact, WaitingEntry, WaitingService

__all__ = [
    "Appointment",
    "AppointmentService",
    "AppointmentStep",
    "Break",
    "BreakKind",
    "BreakRule",
    "ContactAttempt",
    "ContactClaim",
    "Feed",
    "Hold",
    "Occupancy",
    "Offer",
    "Reserve",
    "SavedView",
    "Segment",
    "Series",
    "WaitingContact",
    "WaitingEntry",
    "WaitingService",
]
