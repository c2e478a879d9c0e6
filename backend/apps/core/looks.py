"""Looking for people leaves a trace: one journal row per person, screen, branch and quarter of an hour.

It names the filters that were used and never what was typed, which may be a phone or an IIN.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from apps.core import caller, tenancy
from apps.core.ids import uuid7
from apps.core.models.user import User
from apps.core.render import encode

QUARTER = timedelta(minutes=15)

# What this process knows to be journalled already; a lost entry costs one statement.
_known: dict[tuple[UUID, UUID, str, UUID | None], datetime] = {}


def journal_search(
    screen: str, *, by: User, now: datetime, filters: Iterable[str], branch_id: UUID | None = None
) -> None:
    begins = now - timedelta(
        minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond
    )
    key = (tenancy.current_organization_id(), by.pk, screen, branch_id)
    if _known.get(key) == begins:
        return
    # The person is the object of the row, so the index of objects finds an earlier one.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_journalentry
              (id, organization_id, at, outcome, event, resource, object_id, branch_id, actor_id, address, data)
            SELECT %(id)s, %(organization)s, %(now)s, 'viewed', 'searched', %(screen)s, %(actor)s, %(branch)s,
                   %(actor)s, %(address)s, %(data)s
            WHERE NOT EXISTS (
              SELECT FROM core_journalentry
              WHERE organization_id = %(organization)s AND object_id = %(actor)s
                AND at >= %(begins)s AND at < %(ends)s AND event = 'searched' AND resource = %(screen)s
                AND branch_id IS NOT DISTINCT FROM %(branch)s)
            """,
            {
                "id": uuid7(),
                "organization": key[0],
                "now": now,
                "begins": begins,
                "ends": begins + QUARTER,
                "screen": screen,
                "branch": branch_id,
                "actor": by.pk,
                "address": caller.current_address(),
                "data": encode({"filters": sorted(filters)}).decode(),
            },
        )
    transaction.on_commit(lambda: _remember(key, begins), robust=True)


def _remember(key: tuple[UUID, UUID, str, UUID | None], begins: datetime) -> None:
    if len(_known) > 10_000:
        _known.clear()
    _known[key] = begins
