"""How much one person, one organisation and one address may ask: so many requests a second, averaged over ten.

Each process counts by itself and tells the shared store of every fiftieth of an allowance, so most requests cost no
call at all. When the store is away, the process goes on with what it knows.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from apps.core import errors
from apps.core.addresses import client_address
from apps.core.errors import DomainError
from apps.core.tokens import Claims

log = logging.getLogger(__name__)

WINDOW = 10
_STEPS = 50
_PAUSE_SECONDS = 5.0


class TooManyRequests(DomainError):
    code = "throttled"
    status = 429
    message = _("Too many requests. Wait a little.")

    def __init__(self, seconds: int) -> None:
        super().__init__(details={"seconds": seconds}, headers={"Retry-After": str(seconds)})


@dataclass
class _Count:
    own: int = 0  # not told to the store yet
    all: int = 0  # what the store last said, ours included


@dataclass
class Limiter:
    clock: Callable[[], float] = time.time
    _window: int = 0
    _counts: dict[str, _Count] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _client: Any = None
    _silent_until: float = 0.0

    def spend(self, kind: str, name: str, per_second: int) -> int:
        """Take one; 0, or the seconds to wait when the allowance is used up. A limit of 0 is none."""
        if per_second <= 0:
            return 0
        now = self.clock()
        window, allowance = int(now // WINDOW), per_second * WINDOW
        key = f"{kind}:{name}"
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts.setdefault(key, _Count())
            count.own += 1
            told = count.own if count.own >= max(1, allowance // _STEPS) else 0
            if told:
                count.own = 0
                count.all += told
        if told:
            total = self._tell(f"rate:{key}:{window}", told)
            if total is not None:
                count.all = max(count.all, total)
        if count.all + count.own <= allowance:
            return 0
        return max(1, int((window + 1) * WINDOW - now) + 1)

    def _tell(self, key: str, amount: int) -> int | None:
        if time.monotonic() < self._silent_until:
            return None
        try:
            if self._client is None:
                self._client = redis.Redis.from_url(
                    settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2
                )
            with self._client.pipeline(transaction=False) as pipe:
                total, _done = pipe.incrby(key, amount).expire(key, WINDOW * 2).execute()
            return int(total)
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("limits counted alone", extra={"reason": type(error).__name__})
            return None


limiter = Limiter()


def require_allowance(claims: Claims) -> None:
    """Of the person and of his organisation; the token is signed, so nobody spends what is another's."""
    wait = limiter.spend("user", claims.user_id.hex, settings.RATE_PER_USER)
    if not wait and claims.organization_id is not None:
        wait = limiter.spend(
            "organization", claims.organization_id.hex, settings.RATE_PER_ORGANIZATION
        )
    if wait:
        raise TooManyRequests(wait)


class AddressLimit:
    """Before anything else is done for a stranger."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            address = client_address(request) or "-"
            if wait := limiter.spend("address", address, settings.RATE_PER_ADDRESS):
                error = TooManyRequests(wait)
                body = errors.body(error.code, error.text, details=error.details)
                return JsonResponse(body, status=429, headers=error.headers)
        return self.get_response(request)
