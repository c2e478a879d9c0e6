"""A refresh token works once.

The successor is computed from its predecessor with our key, so it need not be stored in clear: whoever shows the direct
predecessor within ten seconds (a second tab, a lost answer) gets the same successor. An older spent token is a copy in
somebody's hands; it ends the whole session. Only digests are kept.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction

from apps.core.models import RefreshToken, Session

GRACE = timedelta(seconds=10)


class Outcome(Enum):
    RENEWED = "renewed"
    UNKNOWN = "unknown"
    REUSED = "reused"


@dataclass(frozen=True)
class Rotation:
    outcome: Outcome
    session: Session | None = None
    token: str = ""


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def successor(token: str) -> str:
    key = hashlib.sha256(b"refresh successor " + settings.SECRET_KEY.encode()).digest()
    return (
        base64.urlsafe_b64encode(hmac.digest(key, token.encode(), "sha256")).rstrip(b"=").decode()
    )


@transaction.atomic
def rotate(token: str, now: datetime) -> Rotation:
    """Spend a token. Parallel calls wait for the row, so they all get the one successor."""
    row = (
        RefreshToken.objects.select_for_update(of=("self",))
        .select_related("session__user")
        .filter(digest=digest(token))
        .first()
    )
    if row is None:
        return Rotation(Outcome.UNKNOWN)
    if not _lives(row.session, now):
        return Rotation(Outcome.UNKNOWN, row.session)
    following = successor(token)
    if row.spent_at is None:
        RefreshToken.objects.create(session=row.session, digest=digest(following), created_at=now)
        row.spent_at = now
        row.save(update_fields=["spent_at"])
    elif now - row.spent_at > GRACE or not _is_unspent(following):
        return Rotation(Outcome.REUSED, row.session)
    Session.objects.filter(pk=row.session_id, ended_at=None).update(last_used_at=now)
    return Rotation(Outcome.RENEWED, row.session, following)


def _lives(session: Session, now: datetime) -> bool:
    idle = timedelta(minutes=settings.LOGIN_IDLE_MINUTES)
    return (
        session.ended_at is None
        and session.expires_at > now
        and now - session.last_used_at < idle
        and session.user.is_active
    )


def _is_unspent(token: str) -> bool:
    return RefreshToken.objects.filter(digest=digest(token), spent_at=None).exists()
