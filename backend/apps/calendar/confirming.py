"""Calling the people of a day: who is called now, and what came of it.

A result is a step of the appointment as anybody takes it, by the same verbs with the same refusals. What was heard on the
telephone counts only beside what was known before: ``seen`` is the latest attempt that the caller saw on his screen.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import actions, facts, statuses, waiting
from apps.calendar.events import ContactBegun, ContactLeft, ContactMade
from apps.calendar.models import Appointment, ContactAttempt, ContactClaim
from apps.core import inserts, versions
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.user import User
from apps.core.versions import Stale

S = Appointment.Status
R = ContactAttempt.Result
AHEAD = (S.BOOKED, S.CONFIRMED)
CALL = timedelta(minutes=5)
"""So long a claim lasts when nobody says how the call ended."""
REST = timedelta(minutes=30)
"""So long somebody who was not reached is left alone."""


class InCall(DomainError):
    """details: ``by``, ``ends_at``."""

    code = "in_call"
    message = _("A colleague is calling this patient.")


@transaction.atomic(savepoint=False)
def begin_call(*, appointment: Appointment, by: User, now: datetime) -> ContactClaim:
    """Colleagues see that the patient is being called."""
    _check_ahead(appointment)
    claim = _claim_of(appointment)
    if claim and claim.by_id != by.pk and claim.ends_at > now:
        raise InCall(details={"by": claim.by.short_name, "ends_at": claim.ends_at})
    claim = claim or ContactClaim(appointment=appointment)
    claim.by, claim.ends_at = by, now + CALL
    claim.save()
    facts.tell(ContactBegun, appointment, by, [])
    return claim


@transaction.atomic(savepoint=False)
def leave_call(*, appointment: Appointment, by: User) -> None:
    """The call was not made after all; that of a colleague goes on."""
    gone, _rows = ContactClaim.objects.filter(appointment=appointment, by=by).delete()
    if gone:
        facts.tell(ContactLeft, appointment, by, [])


@transaction.atomic(savepoint=False)
def note_result(
    *,
    appointment: Appointment,
    seen: UUID | None,
    result: str,
    call_back_at: datetime | None = None,
    note: str = "",
    code: str = Appointment.CancelCode.OTHER,
    to_waiting: bool = False,
    by: User,
    now: datetime,
) -> ContactAttempt:
    """Reached: confirmed for this time. Declined: canceled by the patient with ``code`` and ``note``, and ``to_waiting``: on the
    waiting list for another time. The others come up again."""
    _check_seen(appointment, seen)
    _check_ahead(appointment)
    _check_told(appointment, result, call_back_at, note, now)
    attempt = ContactAttempt(
        appointment=appointment,
        by=by,
        at=now,
        result=result,
        call_back_at=call_back_at,
        note=note,
    )
    inserts.insert([attempt])
    ContactClaim.objects.filter(appointment=appointment).delete()
    if result == R.REACHED and appointment.status == S.BOOKED:
        actions.change_status(appointment=appointment, to=S.CONFIRMED, by=by, now=now)
    elif result == R.REACHED:  # moved since he confirmed, perhaps
        versions.apply(appointment, {"confirmed_for": appointment.starts_at})
    elif result == R.DECLINED:
        actions.cancel(
            appointment=appointment,
            canceled_by=Appointment.CanceledBy.PATIENT,
            code=code,
            reason=note,
            by=by,
            now=now,
        )
        if to_waiting:
            waiting.take_in([appointment], note, by)
    told = {"call_back_at": call_back_at.isoformat()} if call_back_at else {}
    facts.tell(ContactMade, appointment, by, ["contact"], result=result, **told)
    return attempt


def _claim_of(appointment: Appointment) -> ContactClaim | None:
    rows = ContactClaim.objects.filter(appointment=appointment)
    return rows.select_related("by").first()  # type: ignore[no-any-return]


def _check_ahead(appointment: Appointment) -> None:
    if appointment.status not in AHEAD:
        raise statuses.IllegalStatus(
            details={"from": appointment.status, "to": S.CONFIRMED, "allowed": []}
        )


def _check_seen(appointment: Appointment, seen: UUID | None) -> None:
    """A colleague who called meanwhile has heard something else, perhaps."""
    attempts = ContactAttempt.objects.filter(appointment=appointment).select_related("by")
    last = attempts.order_by("-at", "-id").first()
    if last and last.pk != seen:
        details: dict[str, Any] = {
            "version": appointment.version,
            "changed": ["contact"],
            "by": last.by.short_name,
            "at": last.at,
            "result": last.result,
        }
        raise Stale(details=details)


def _check_told(
    appointment: Appointment,
    result: str,
    call_back_at: datetime | None,
    note: str,
    now: datetime,
) -> None:
    if result == R.CALL_BACK:
        if call_back_at is None:
            raise InvalidInput(fields={"call_back_at": [_("Say when to call back.")]})
        if not now < call_back_at < appointment.starts_at:
            text = _("Choose a time between now and the appointment.")
            raise InvalidInput(fields={"call_back_at": [text]})
    elif call_back_at is not None:
        raise InvalidInput(fields={"call_back_at": [_("This belongs to a call back alone.")]})
    if result == R.OTHER and not note:
        raise InvalidInput(fields={"note": [_("Say in words what it was.")]})
