"""A fact is recorded once and used three times: journal, subscribers of the same transaction, browsers."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.core import caller, prepared, realtime, tenancy
from apps.core.ids import uuid7
from apps.core.models.journal import JournalEntry
from apps.core.models.user import User
from apps.core.render import encode


@dataclass(frozen=True, kw_only=True)
class Event:
    """Past tense, ids rather than objects. ``data`` holds no names, phones or texts."""

    resource: ClassVar[str] = ""  # the word of the route, the query tag and the socket
    shown_on_day: ClassVar[bool] = False  # True: the day of its branches must be read again

    id: UUID
    branch_id: UUID | None = None
    patient_id: UUID | None = None
    by: User | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


E_ = TypeVar("E_", bound=Event)
_subscribers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def on(event_type: type[E_]) -> Callable[[Callable[[E_], None]], Callable[[E_], None]]:
    """Hear of an event inside its transaction. Stay light; what leaves the process goes to the outbox."""

    def register(handler: Callable[[E_], None]) -> Callable[[E_], None]:
        _subscribers[event_type].append(handler)
        return handler

    return register


def record(event: Event) -> None:
    journal(
        event.name,
        resource=event.resource,
        object_id=event.id,
        branch_id=event.branch_id,
        patient_id=event.patient_id,
        by=event.by,
        data=event.data,
    )
    for handler in _subscribers[type(event)]:
        handler(event)
    if event.shown_on_day and event.branch_id:
        touch_day(event.branch_id)
    organization_id = tenancy.current_organization_id()
    notice: dict[str, Any] = {"resource": event.resource, "id": str(event.id)}
    if event.by is not None:
        notice["by"] = str(event.by.pk)
    if "version" in event.data:
        notice["version"] = event.data[
            "version"
        ]  # lets a browser know its own change from another's
    transaction.on_commit(
        lambda: realtime.notify(organization_id, event.branch_id, notice), robust=True
    )


_ENTRY = """
INSERT INTO core_journalentry
  (id, organization_id, at, outcome, event, resource, object_id, branch_id, patient_id, actor_id, address, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def journal(
    name: str,
    *,
    outcome: str = JournalEntry.Outcome.DONE,
    resource: str = "",
    object_id: UUID | None = None,
    branch_id: UUID | None = None,
    patient_id: UUID | None = None,
    by: User | None = None,
    data: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    with prepared.cursor() as cursor:
        cursor.execute(
            _ENTRY,
            [
                uuid7(), tenancy.current_organization_id(), timezone.now(), str(outcome), name, resource, object_id,
                branch_id, patient_id, by and by.pk, address or caller.current_address(), encode(data or {}).decode(),
            ],
        )  # fmt: skip


def viewed(
    resource: str, object_id: UUID, *, by: User, patient_id: UUID | None = None, what: str = ""
) -> None:
    """Somebody opened a card, a visit, a document or a full IIN: one journal row each."""
    journal(
        f"{resource}_viewed",
        outcome=JournalEntry.Outcome.VIEWED,
        resource=resource,
        object_id=object_id,
        patient_id=patient_id,
        by=by,
        data={"what": what} if what else {},
    )


def touch_day(*branch_ids: UUID) -> None:
    """Raise the counters of these branches as the last statement of the transaction, in sorted order."""
    tenancy.before_commit("touched days", raise_counters, branch_ids)


def raise_counters(branch_ids: Iterable[UUID]) -> None:
    with prepared.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_branchcounter (id, organization_id, branch_id, value)
            SELECT gen_random_uuid(), %s, branch_id, 1 FROM unnest(%s::uuid[]) AS branch_id
            ORDER BY branch_id
            ON CONFLICT (organization_id, branch_id)
            DO UPDATE SET value = core_branchcounter.value + 1
            """,
            [tenancy.current_organization_id(), sorted(branch_ids)],
        )
