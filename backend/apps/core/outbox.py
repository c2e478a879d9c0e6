"""Whatever leaves the process is a row first, written in the transaction that caused it; a worker does the call.

The way of a row: waiting → sending (attempt and lease written, committed) → the call, outside of any transaction →
done | failed | waiting again (refused for now) | unknown (nobody knows whether it arrived). What is unknown, and what
a dead worker left behind when its lease ran out, is asked about and never called again blindly.

Every row that still has to do something has a doorbell, a platform row that says only whose, of which kind and when.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from psycopg.types.json import Jsonb

from apps.core import tenancy
from apps.core.ids import uuid7
from apps.core.models.outbox import Doorbell, OutboxMessage

log = logging.getLogger(__name__)
State = OutboxMessage.State

LEASE = timedelta(seconds=60)
ASK_AFTER = timedelta(seconds=30)
PAUSE = timedelta(
    seconds=30
)  # an organisation whose provider fails leaves the worker to the others for so long
FIRST_RETRY = timedelta(
    seconds=65
)  # longer than the minute of `called_at` limits, so that each call is counted
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 12
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Outcome(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    BUSY = "busy"  # refused for now: nothing arrived
    UNCLEAR = "unclear"  # no answer, or one that says nothing
    ABSENT = "absent"  # answer to `ask`: it never arrived
    NOT_YET = "not_yet"  # all is well, come back later


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    reference: str = ""
    error: str = ""  # a word for the program; never a text, a phone or a key


@dataclass(frozen=True)
class Drop:
    """Not at all any more."""

    reason: str


class Handler(ABC):
    """Knows one kind of message. ``prepare`` and ``finish`` run inside the tenant, the calls outside of everything."""

    kind: ClassVar[str]

    def closed_until(self, now: datetime) -> datetime | None:
        """When the whole organisation may call again, e.g. within its limit per minute; None: now."""
        return None

    def held_until(self, row: OutboxMessage, now: datetime) -> datetime | None:
        """When this row may go, e.g. after the quiet hours of its recipient; None: now. Asked before every call."""
        return None

    @abstractmethod
    def prepare(self, row: OutboxMessage, now: datetime) -> Any:
        """What the call needs, read in the transaction that claims the row; or ``Drop``."""

    @abstractmethod
    def send(self, request: Any) -> Answer: ...

    @abstractmethod
    def ask(self, request: Any) -> Answer: ...

    @abstractmethod
    def finish(self, row: OutboxMessage, now: datetime) -> None:
        """The row has a new state; the handler's own records follow in the same transaction."""


_handlers: dict[str, Handler] = {}
_chores: dict[str, Callable[[datetime], None]] = {}


def register(handler: Handler) -> None:
    _handlers[handler.kind] = handler


def on_bell(kind: str, chore: Callable[[datetime], None]) -> None:
    """What is due and calls nobody: done inside the tenant, in the transaction that answers the bell."""
    _chores[kind] = chore


_POST = """
WITH intent AS (
    INSERT INTO core_outboxmessage (id, organization_id, kind, unique_key, payload, state, due_at,
                                    attempts, reference, error, created_at)
    VALUES (%(id)s, %(org)s, %(kind)s, %(key)s, %(payload)s, 'waiting', %(due_at)s, 0, '', '', now())
    ON CONFLICT (organization_id, kind, unique_key) DO NOTHING
    RETURNING id
), bell AS (
    INSERT INTO core_doorbell (id, organization_id, kind, due_at)
    SELECT %(bell)s, %(org)s, %(kind)s, %(due_at)s FROM intent
)
SELECT id FROM intent
"""


def post(kind: str, payload: dict[str, Any], *, due_at: datetime, unique_key: str) -> UUID | None:
    """Store the intent and ring, in the transaction of the cause. None: this very intent is stored already."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "id": uuid7(),
            "bell": uuid7(),
            "org": tenancy.current_organization_id(),
            "kind": kind,
            "key": unique_key,
            "payload": Jsonb(payload),
            "due_at": due_at,
        }
        cursor.execute(_POST, values)
        row = cursor.fetchone()
    return row[0] if row else None


def ring(kind: str, due_at: datetime) -> None:
    Doorbell.objects.create(
        organization_id=tenancy.current_organization_id(), kind=kind, due_at=due_at
    )


def hold_waiting(kind: str, unique_key: str) -> bool:
    """Is it still waiting? Then no worker takes it before our transaction ends."""
    rows = OutboxMessage.objects.filter(kind=kind, unique_key=unique_key, state=State.WAITING)
    return rows.select_for_update().first() is not None


def cancel(kind: str, unique_key: str, now: datetime) -> bool:
    """Take it back, if it is not on its way."""
    rows = OutboxMessage.objects.filter(kind=kind, unique_key=unique_key, state=State.WAITING)
    return rows.update(state=State.CANCELED, finished_at=now) == 1


# --- the worker


def process_due(now: datetime, *, most: int = 500, seconds: float = 20.0) -> int:
    """Answer doorbells until none is due. Any number of workers may do so at once. Returns the calls made."""
    began, calls = time.monotonic(), 0

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    for _ in range(most):
        if clock() - now > timedelta(seconds=seconds):
            break
        taken = _take(clock())
        if taken is None:
            break
        if taken.claim is not None:
            calls += 1
            _call(taken.organization_id, taken.claim, clock)
    return calls


@dataclass(frozen=True)
class _Claim:
    row: OutboxMessage
    handler: Handler
    request: Any
    is_question: bool


@dataclass(frozen=True)
class _Taken:
    organization_id: UUID
    claim: _Claim | None


def _take(now: datetime) -> _Taken | None:
    """One short transaction: a doorbell that nobody else holds, then a row of that organisation."""
    with transaction.atomic():
        bell = _locked(Doorbell.objects.filter(due_at__lte=now).order_by("due_at", "id")).first()
        if bell is None:
            return None
        bell.delete()
        with tenancy.tenant(bell.organization_id):
            return _Taken(bell.organization_id, _claim(bell.kind, now))


def _locked(rows: Any) -> Any:
    return rows.select_for_update(skip_locked=True, of=("self",))


def _claim(kind: str, now: datetime) -> _Claim | None:
    if kind in _chores:
        _chores[kind](now)
        return None
    handler = _handlers.get(kind)
    if handler is None:
        log.error("no handler", extra={"kind": kind})
        return None
    until = handler.closed_until(now)
    if until is not None:
        ring(kind, until)
        _postpone_bells(kind, now, until)
        return None
    due = Q(state__in=[State.WAITING, State.UNKNOWN], due_at__lte=now)
    left_behind = Q(state=State.SENDING, lease_until__lte=now)
    rows = OutboxMessage.objects.filter(due | left_behind, kind=kind).order_by("due_at", "id")
    row = _locked(rows).first()
    if row is None:
        return None
    is_question = row.state != State.WAITING
    try:
        with transaction.atomic():
            held = None if is_question else handler.held_until(row, now)
            request = None if held else handler.prepare(row, now)
    except Exception:
        log.exception("outbox row cannot be prepared", extra={"kind": kind, "row": str(row.pk)})
        held, request = None, Drop("broken")
    if held:
        _wait(row, held)
        return None
    if isinstance(request, Drop):
        _settle(row, State.UNKNOWN if is_question else State.FAILED, now, error=request.reason)
        handler.finish(row, now)
        return None
    return _lease(row, handler, request, is_question, now)


def _lease(
    row: OutboxMessage, handler: Handler, request: Any, is_question: bool, now: datetime
) -> _Claim:
    row.state, row.attempts, row.lease_until = State.SENDING, row.attempts + 1, now + LEASE
    if not is_question:
        row.called_at = now
    row.save(update_fields=["state", "attempts", "lease_until", "called_at"])
    ring(row.kind, row.lease_until)  # should we die, somebody finds it
    return _Claim(row, handler, request, is_question)


def _call(organization_id: UUID, claim: _Claim, clock: Callable[[], datetime]) -> None:
    call = claim.handler.ask if claim.is_question else claim.handler.send
    try:
        answer = call(claim.request)
    except Exception as error:
        log.exception("outbox call broke", extra={"kind": claim.row.kind, "row": str(claim.row.pk)})
        answer = Answer(Outcome.UNCLEAR, error=type(error).__name__)
    with tenancy.tenant(organization_id):
        _record(claim, answer, clock())


def _record(claim: _Claim, answer: Answer, now: datetime) -> None:
    mine = OutboxMessage.objects.filter(
        pk=claim.row.pk, state=State.SENDING, attempts=claim.row.attempts
    )
    row = mine.select_for_update().first()
    if row is None:
        return  # our lease ran out and another worker asks already
    outcome, is_last = answer.outcome, row.attempts >= MOST_ATTEMPTS
    if outcome is Outcome.ACCEPTED:
        _settle(row, State.DONE, now, reference=answer.reference)
    elif outcome is Outcome.REFUSED or (
        outcome is Outcome.BUSY and is_last and not claim.is_question
    ):
        _settle(row, State.FAILED, now, error=answer.error)
    elif outcome is Outcome.ABSENT:
        _wait(row, now)
    elif outcome is Outcome.NOT_YET and is_last:
        _settle(row, State.DONE, now)
    elif outcome in (Outcome.BUSY, Outcome.NOT_YET) and not claim.is_question:
        _wait(row, now + _pause_after(row.attempts), answer.error)
    elif is_last:
        _settle(row, State.UNKNOWN, now, error=answer.error)
    else:
        pause = _pause_after(row.attempts) if claim.is_question else ASK_AFTER
        _wait(row, now + pause, answer.error, State.UNKNOWN)
    if outcome in (Outcome.BUSY, Outcome.UNCLEAR):
        _postpone_bells(row.kind, now, now + PAUSE)
    claim.handler.finish(row, now)


def _wait(row: OutboxMessage, until: datetime, error: str = "", state: str = State.WAITING) -> None:
    row.state, row.due_at, row.lease_until, row.error = state, until, None, error[:200]
    row.save(update_fields=["state", "due_at", "lease_until", "error"])
    ring(row.kind, until)


def _settle(
    row: OutboxMessage, state: str, now: datetime, *, reference: str = "", error: str = ""
) -> None:
    row.state, row.finished_at, row.lease_until = state, now, None
    row.due_at = row.due_at if state != State.UNKNOWN else NEVER
    row.reference, row.error = reference[:120], error[:200]
    row.save(update_fields=["state", "finished_at", "lease_until", "due_at", "reference", "error"])


def _pause_after(attempts: int) -> timedelta:
    return min(FIRST_RETRY * 2 ** max(attempts - 1, 0), LONGEST_RETRY)


def _postpone_bells(kind: str, now: datetime, until: datetime) -> None:
    bells = Doorbell.objects.filter(
        organization_id=tenancy.current_organization_id(), kind=kind, due_at__lte=now
    )
    Doorbell.objects.filter(pk__in=list(_locked(bells).values_list("pk", flat=True))).update(
        due_at=until
    )
