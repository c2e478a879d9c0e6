"""Another time for a patient who did not come: both appointments know of each other."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions, facts, statuses
from apps.calendar.events import AppointmentRebooked
from apps.calendar.models import Appointment
from apps.calendar.place import Place
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.user import User

S = Appointment.Status


class NotMissed(DomainError):
    """details: ``status``."""

    code = "not_missed"
    message = _("Only somebody who did not come when it was his time is booked anew.")


@transaction.atomic(savepoint=False)
def rebook(
    *, old: Appointment, marks: bool, place: Place, by: User, now: datetime, **told: Any
) -> Appointment:
    """``marks``: that he did not come is noted on the old one first, so that its time is not in the way of the new one.
    ``told``: what ``actions.book`` wants to know. The version rises in any case: whoever saw neither is stale."""
    check(old, place, now)
    if marks:
        actions.change_status(appointment=old, to=S.NO_SHOW, by=by, now=now)
    else:
        old.bump().save(update_fields=["version", "updated_at"])
    new = actions.book(
        place=place,
        origin=Appointment.Origin.REBOOK,
        origin_appointment_id=old.pk,
        by=by,
        now=now,
        **told,
    )
    to = {"to_id": str(new.pk), "to_starts_at": new.starts_at.isoformat()}
    facts.tell(AppointmentRebooked, old, by, [], **to)
    return new


def check(old: Appointment, place: Place, now: datetime) -> None:
    if old.patient_id != place.patient_id:
        raise InvalidInput(fields={"patient": [_("This is an appointment of another patient.")]})
    awaited = old.status in statuses.AWAITED and old.starts_at <= now
    if old.status != S.NO_SHOW and not awaited:
        raise NotMissed(details={"status": old.status})
