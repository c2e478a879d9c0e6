"""Appointments of one day moved together: all of them, or none. A plan is carried out by it, and taken back by it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import statuses, together
from apps.calendar.models import Appointment
from apps.calendar.place import Place
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.user import User

MOST = 200


class AlreadyConfirmed(DomainError):
    """details: ``appointments`` [{``id``, ``starts_at``}] that were not to be moved without a word."""

    code = "already_confirmed"
    message = _("Some of these patients have confirmed their time. Nothing was moved.")


@transaction.atomic(savepoint=False)
def close(
    *,
    rows: Sequence[Appointment],
    starts: dict[UUID, datetime],
    day: tuple[datetime, datetime],
    confirmed: bool,
    find: Callable[[Appointment, dict[str, Any]], Place],
    by: User,
) -> dict[UUID, datetime]:
    """To these beginnings, within the ``day`` of the branch; returns when each began before. ``rows``: locked, as the
    caller saw them; ``confirmed``: he knows that some have confirmed. Refused: `series_conflicts`."""
    _check(rows, starts, day, confirmed)
    was = {row.pk: row.starts_at for row in rows}
    places = {
        row.pk: {"starts_at": begins, "ends_at": begins + (row.ends_at - row.starts_at)}
        for row in rows
        for begins in [starts[row.pk]]
    }
    together.move(rows=rows, places=places, find=find, by=by)
    return was


def _check(
    rows: Sequence[Appointment],
    starts: dict[UUID, datetime],
    day: tuple[datetime, datetime],
    confirmed: bool,
) -> None:
    begins, ends = day
    moments = [moment for row in rows for moment in (row.starts_at, starts[row.pk])]
    if any(not begins <= moment < ends for moment in moments):
        raise InvalidInput(fields={"moves": [_("These are moves within one day.")]})
    told = [row for row in rows if row.status == Appointment.Status.CONFIRMED]
    if told and not confirmed:
        details = [{"id": row.pk, "starts_at": row.starts_at} for row in told]
        raise AlreadyConfirmed(details={"appointments": details})
    for row in rows:
        if row.status not in statuses.MOVABLE & statuses.OCCUPYING:
            raise statuses.AppointmentClosed(details={"status": row.status})
