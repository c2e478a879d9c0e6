"""What every SMS provider knows: limits of time, no redirects, and which failure means what.

The one question that matters is whether a message may have arrived. Refused by name: for good. Not reached at all: try
again. No answer, or one that cannot be read: nobody knows, so ask.
"""

import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from apps.core.outbox import Answer, Outcome

SECONDS = 5.0


@dataclass(frozen=True)
class Sms:
    id: str  # ours; the provider takes the same id once
    phone: str
    text: str


class ProviderError(Exception):
    """The provider answered, and said no."""

    def __init__(self, word: str, *, permanent: bool) -> None:
        super().__init__(word)
        self.word = word
        self.permanent = permanent


class NotReached(Exception):
    """Nothing of the request arrived."""


class Unclear(Exception):
    """It may have arrived."""


class SmsProvider(ABC):
    @abstractmethod
    def deliver(self, sms: Sms) -> str:
        """Hand it over; answers the provider's own reference."""

    @abstractmethod
    def status(self, message_id: str) -> str | None:
        """``accepted``, ``delivered`` or ``failed``; None: the provider has never seen it."""

    def send(self, sms: Sms) -> Answer:
        try:
            return Answer(Outcome.ACCEPTED, reference=self.deliver(sms))
        except ProviderError as error:
            outcome = Outcome.REFUSED if error.permanent else Outcome.BUSY
            return Answer(outcome, error=error.word)
        except NotReached:
            return Answer(Outcome.BUSY, error="not_reached")
        except Unclear as error:
            return Answer(Outcome.UNCLEAR, error=str(error))

    def ask(self, message_id: str) -> Answer:
        try:
            status = self.status(message_id)
        except (ProviderError, NotReached, Unclear):
            return Answer(Outcome.UNCLEAR, error="no_answer")
        if status is None:
            return Answer(Outcome.ABSENT)
        if status == "failed":
            return Answer(Outcome.REFUSED, error="undeliverable")
        return Answer(Outcome.ACCEPTED, reference=message_id)

    def call(self, method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with _opener.open(request, timeout=SECONDS) as reply:
                return _read(reply.read(1_000_000))
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                raise NotReached from None
            raise Unclear("no_answer") from None
        except OSError:
            raise Unclear("no_answer") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def _read(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except ValueError:
        raise Unclear("unreadable") from None
    if not isinstance(data, dict):
        raise Unclear("unreadable")
    return data


def _refusal(error: urllib.error.HTTPError) -> Exception:
    if error.code in (429, 503):
        return ProviderError("busy", permanent=False)
    if 400 <= error.code < 500:
        try:
            word = str(_read(error.read(10_000)).get("error", ""))
        except (Unclear, OSError):
            word = ""
        return ProviderError(word[:60] or f"http_{error.code}", permanent=True)
    return Unclear(f"http_{error.code}")
