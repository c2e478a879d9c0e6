"""The outbox's two kinds of ours: hand a message to the provider, and ask later whether it was delivered."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection

from apps.comms import preferences
from apps.comms.events import MessageStateChanged
from apps.comms.models import Message
from apps.comms.providers import PROVIDERS, Sms, SmsProvider
from apps.comms.providers.base import NotReached, ProviderError, Unclear
from apps.comms.quiet import quiet_until
from apps.core import outbox, tenancy
from apps.core.events import record
from apps.core.models import OutboxMessage
from apps.core.outbox import Answer, Drop, Handler, Outcome

State = Message.State
ASK_AFTER = timedelta(seconds=60)
# A call is written down a moment before the provider hears it, so our minute is a little longer than his.
MINUTE = timedelta(seconds=62)

# Only forward: a late answer never turns "delivered" back into "sent" (invariant 84).
_RANK = {
    State.WAITING: 0,
    State.UNKNOWN: 1,
    State.SENT: 2,
    State.FAILED: 3,
    State.DELIVERED: 4,
    State.CANCELED: 4,
}
_STATES = {
    OutboxMessage.State.DONE: State.SENT,
    OutboxMessage.State.FAILED: State.FAILED,
    OutboxMessage.State.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True)
class Request:
    provider: SmsProvider
    sms: Sms


class SmsHandler(Handler):
    kind: ClassVar = "sms"

    def closed_until(self, now: datetime) -> datetime | None:
        """The provider's limit over any 60 seconds, counted by one worker at a time."""
        _one_at_a_time(self.kind)
        limit = int(preferences.get("sms_rate_limit_per_min"))
        calls = OutboxMessage.objects.filter(kind=self.kind, called_at__gt=now - MINUTE)
        moments = calls.order_by("-called_at").values_list("called_at", flat=True)
        full = moments[limit - 1 : limit].first()
        return full + MINUTE if full else None

    def held_until(self, row: OutboxMessage, now: datetime) -> datetime | None:
        branch = _message(row).branch
        quiet = preferences.quiet_hours(branch)
        return quiet_until(now, quiet.zone, quiet.start, quiet.end)

    def prepare(self, row: OutboxMessage, now: datetime) -> Request | Drop:
        message = _message(row)
        if message.state == State.CANCELED:
            return Drop("canceled")
        return Request(_provider(), Sms(str(message.pk), message.phone, message.text))

    def send(self, request: Request) -> Answer:
        return request.provider.send(request.sms)

    def ask(self, request: Request) -> Answer:
        return request.provider.ask(request.sms.id)

    def finish(self, row: OutboxMessage, now: datetime) -> None:
        state = _STATES.get(row.state, State.WAITING)  # type: ignore[call-overload]
        _advance(_message(row), state, now, row.error)
        if row.state == OutboxMessage.State.DONE:
            outbox.post(
                SmsStatusHandler.kind,
                row.payload,
                due_at=now + ASK_AFTER,
                unique_key=row.payload["message"],
            )


class SmsStatusHandler(Handler):
    """Asking changes nothing at the provider, so an unclear answer is simply asked again."""

    kind: ClassVar = "sms_status"

    def prepare(self, row: OutboxMessage, now: datetime) -> Request:
        message = _message(row)
        return Request(_provider(), Sms(str(message.pk), message.phone, message.text))

    def send(self, request: Request) -> Answer:
        try:
            status = request.provider.status(request.sms.id)
        except (ProviderError, NotReached, Unclear):
            return Answer(Outcome.BUSY, error="no_answer")
        if status in (State.DELIVERED, State.FAILED):
            return Answer(Outcome.ACCEPTED, reference=str(status))
        return Answer(Outcome.NOT_YET)

    ask = send

    def finish(self, row: OutboxMessage, now: datetime) -> None:
        if row.state == OutboxMessage.State.DONE and row.reference:
            failed = row.reference == State.FAILED
            state = State.FAILED if failed else State.DELIVERED
            _advance(_message(row), state, now, "undeliverable" if failed else "")


def _message(row: OutboxMessage) -> Message:
    return Message.objects.select_related("branch").get(pk=row.payload["message"])  # type: ignore[no-any-return]


def _provider() -> SmsProvider:
    return PROVIDERS[preferences.get("sms_provider")]()


def _advance(message: Message, state: str, now: datetime, error: str) -> None:
    back_to_waiting = message.state == State.UNKNOWN and state == State.WAITING
    if _RANK[state] <= _RANK[message.state] and not back_to_waiting:  # type: ignore[index]
        return
    message.state, message.error = state, error if state == State.FAILED else ""
    if state == State.SENT:
        message.sent_at = now
    message.save(update_fields=["state", "error", "sent_at"])
    data: dict[str, Any] = {"state": str(state)}
    if message.error:
        data["reason"] = message.error
    record(MessageStateChanged(id=message.pk, branch_id=message.branch_id, data=data))


def _one_at_a_time(kind: str) -> None:
    name = f"{tenancy.current_organization_id()} {kind} limit"
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


outbox.register(SmsHandler())
outbox.register(SmsStatusHandler())
