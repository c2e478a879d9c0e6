"""Those of a day who did not come, told of together: and taken back together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.calendar import actions, statuses, undoing
from apps.calendar.models import Appointment
from apps.core import versions
from apps.core.errors import DomainError
from apps.core.models.user import User

S = Appointment.Status
MOST = 200


@transaction.atomic(savepoint=False)
def mark(
    *, rows: Sequence[Appointment], known: Mapping[UUID, int], by: User, now: datetime
) -> tuple[list[Appointment], list[tuple[Appointment, DomainError]]]:
    """Who was marked, and who was not and why. ``rows``: locked; ``known``: the versions that the caller saw. What has
    become of one of them meanwhile says nothing of the others."""
    marked, refused = [], []
    for row in rows:
        try:
            versions.check(row, known[row.pk])
            with transaction.atomic():
                actions.change_status(appointment=row, to=S.NO_SHOW, by=by, now=now)
        except DomainError as fault:
            refused.append((row, fault))
        else:
            marked.append(row)
    return marked, refused


@transaction.atomic(savepoint=False)
def take_back(
    *, rows: Sequence[Appointment], before: Mapping[UUID, str], by: User, now: datetime
) -> list[Appointment]:
    """Each into its time and to the status that it had ``before``: all of them or none."""
    for row in rows:
        if row.status != S.NO_SHOW:
            raise statuses.IllegalStatus(
                details={"from": row.status, "to": before[row.pk], "allowed": []}
            )
    for row in undoing.restore(rows=rows, by=by, now=now):
        if before[row.pk] == S.CONFIRMED:
            actions.change_status(appointment=row, to=S.CONFIRMED, by=by, now=now)
    return list(rows)
