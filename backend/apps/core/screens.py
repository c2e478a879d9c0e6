"""Wide reads (a calendar, a list, a search) leave one journal row per person, screen, branch and quarter of an hour.

Each process remembers what it has written in this quarter, so a screen that is read every second costs no statement.
"""

import time
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core import tenancy
from apps.core.events import journal
from apps.core.models.journal import JournalEntry
from apps.core.models.user import User

_QUARTER_SECONDS = 900
_Look = tuple[UUID, UUID, str, UUID | None]
_written: set[_Look] = set()
_quarter = 0


def seen(
    screen: str, *, by: User, branch_id: UUID | None = None, what: dict[str, Any] | None = None
) -> None:
    """``what``: the filter used, without names, phones or texts."""
    global _quarter
    quarter = int(time.time()) // _QUARTER_SECONDS
    if quarter != _quarter:
        _quarter = quarter
        _written.clear()
    look = (tenancy.current_organization_id(), by.pk, screen, branch_id)
    if look in _written:
        return
    journal(
        f"{screen}_viewed",
        outcome=JournalEntry.Outcome.VIEWED,
        resource=screen,
        branch_id=branch_id,
        by=by,
        data=what,
    )
    transaction.on_commit(lambda: _written.add(look))
