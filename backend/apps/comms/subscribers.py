"""A booking writes its confirmation into the outbox, in the booking's own transaction."""

from django.utils import timezone

from apps.calendar.events import (
    AppointmentBooked,
    AppointmentCanceled,
    AppointmentMoved,
    AppointmentRestored,
    AppointmentStatusChanged,
)
from apps.calendar.models import Appointment
from apps.comms import actions
from apps.core.events import on


@on(AppointmentBooked)
def confirm(event: AppointmentBooked) -> None:
    if event.data["status"] != Appointment.Status.BOOKED:
        return  # a draft is nobody's promise yet
    actions.confirm_booking(appointment_id=event.id, by=event.by, now=timezone.now())


@on(AppointmentStatusChanged)
def confirm_a_draft(event: AppointmentStatusChanged) -> None:
    if event.data["from"] == Appointment.Status.DRAFT:
        actions.confirm_booking(appointment_id=event.id, by=event.by, now=timezone.now())


@on(AppointmentRestored)
def confirm_what_came_back(event: AppointmentRestored) -> None:
    """Once and for all: if it was confirmed before, nothing is written."""
    actions.confirm_booking(appointment_id=event.id, by=event.by, now=timezone.now())


@on(AppointmentMoved)
def tell_the_new_time(event: AppointmentMoved) -> None:
    actions.rewrite_waiting(appointment_id=event.id, by=event.by, now=timezone.now())


@on(AppointmentCanceled)
def do_not_confirm(event: AppointmentCanceled) -> None:
    actions.cancel_waiting(occasion_id=event.id, by=event.by, now=timezone.now())
