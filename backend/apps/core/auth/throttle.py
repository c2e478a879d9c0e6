"""Brakes against guessing, counted in the database so that they survive restarts and the loss of the cache.

Failures are counted per account and address together, per account, per address, and overall. Waiting times grow; the
account's stay short, and an address from which the person has logged in before is not bound by what strangers elsewhere
do to the account, so the honest user gets in while somebody guesses. A name that nobody has is braked like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import lookup_hash
from apps.core.errors import DomainError
from apps.core.models import Throttle


class TooManyAttempts(DomainError):
    code = "throttled"
    status = 429
    message = _("Too many requests. Wait a little.")


@dataclass(frozen=True)
class Rule:
    free: int  # failures without a wait
    longest: timedelta
    forgets: timedelta  # after so long without a failure the count begins anew


PAIR = Rule(free=5, longest=timedelta(minutes=5), forgets=timedelta(minutes=30))
ACCOUNT = Rule(free=10, longest=timedelta(seconds=30), forgets=timedelta(minutes=30))
ADDRESS = Rule(free=30, longest=timedelta(minutes=15), forgets=timedelta(minutes=30))
OVERALL = Rule(free=600, longest=timedelta(seconds=5), forgets=timedelta(minutes=1))


@dataclass(frozen=True)
class Attempt:
    """Who is tried, from where. ``familiar``: he has logged in from this address before."""

    account: str
    address: str
    familiar: bool = False

    def counters(self) -> list[tuple[Rule, bytes]]:
        """In the order in which they are locked: the shared ones last and for the shortest time."""
        names = [
            (PAIR, "pair", f"{self.account} {self.address}"),
            (ACCOUNT, "account", self.account),
            (ADDRESS, "address", self.address),
            (OVERALL, "overall", ""),
        ]
        return [(rule, _digest(kind, value)) for rule, kind, value in names]

    def binding(self) -> list[bytes]:
        rules = (PAIR, ADDRESS) if self.familiar else (PAIR, ACCOUNT, ADDRESS, OVERALL)
        return [digest for rule, digest in self.counters() if rule in rules]


def _digest(kind: str, value: str) -> bytes:
    return lookup_hash(value, organization_id=None, purpose=f"throttle.{kind}")


def require_patience(attempt: Attempt, now: datetime) -> None:
    refuse_if_blocked(attempt.binding(), now)


def refuse_if_blocked(digests: Iterable[bytes], now: datetime) -> None:
    rows = Throttle.objects.filter(digest__in=list(digests), blocked_until__gt=now)
    until = max((row.blocked_until for row in rows if row.blocked_until), default=None)
    if until is not None:
        seconds = max(1, -int(-(until - now).total_seconds() // 1))
        raise TooManyAttempts(details={"seconds": seconds}, headers={"Retry-After": str(seconds)})


@transaction.atomic
def count_failure(attempt: Attempt, now: datetime) -> None:
    for rule, digest in attempt.counters():
        _count(rule, digest, now)


@transaction.atomic
def forget(attempt: Attempt) -> None:
    """He got in: what was counted against him is void; the address keeps its count."""
    pair, account, *_others = [digest for _rule, digest in attempt.counters()]
    Throttle.objects.filter(digest__in=[pair, account]).delete()


def state_of(account: str) -> Throttle | None:
    return Throttle.objects.filter(digest=_digest("account", account)).first()


def unlock(account: str) -> None:
    """Platform staff vouch for him; brakes of single addresses stay and end by themselves."""
    Throttle.objects.filter(digest=_digest("account", account)).delete()


def address_digest(address: str) -> bytes:
    return _digest("address", address)


def count_address(address: str, now: datetime) -> None:
    _count(ADDRESS, address_digest(address), now)


def _count(rule: Rule, digest: bytes, now: datetime) -> None:
    values: dict[str, Any] = {
        "digest": digest,
        "now": now,
        "forget": now - rule.forgets,
        "free": rule.free,
        "longest": rule.longest,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_throttle AS t (id, digest, failures, last_failure_at)
            VALUES (gen_random_uuid(), %(digest)s, 1, %(now)s)
            ON CONFLICT (digest) DO UPDATE SET
                failures = CASE WHEN t.last_failure_at < %(forget)s THEN 1 ELSE least(t.failures + 1, 100000) END,
                last_failure_at = %(now)s,
                blocked_until = CASE
                    WHEN t.last_failure_at >= %(forget)s AND t.failures >= %(free)s
                    THEN %(now)s + least(%(longest)s, interval '1 s' * power(2, least(t.failures - %(free)s, 20)))
                END
            """,
            values,
        )
