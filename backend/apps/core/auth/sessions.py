"""A session is one log-in: it begins, is used, and ends; with it end its tokens and its sockets."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from apps.core import realtime, tokens
from apps.core.auth import refresh
from apps.core.models import RefreshToken, Session, User

TOUCH_EVERY = timedelta(minutes=5)


def organizations_of(user: User) -> list[UUID]:
    """Where he may enter now, the oldest membership first."""
    return [row[0] for row in _memberships(user.pk) if row[1]]


def belongs_elsewhere(user_id: UUID, organization_id: UUID) -> bool:
    """Has he any membership, even a suspended one, in another organisation?"""
    return any(row[0] != organization_id for row in _memberships(user_id))


def _memberships(user_id: UUID) -> list[tuple[UUID, bool]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, is_active FROM core_memberships_of(%s)", [user_id])
        return list(cursor.fetchall())


def begin(
    user: User, organization_id: UUID | None, *, address: str | None, user_agent: str, now: datetime
) -> tuple[Session, str]:
    """A new session and its first refresh token."""
    session = Session.objects.create(
        user=user,
        organization_id=organization_id,
        last_used_at=now,
        expires_at=now + timedelta(hours=settings.LOGIN_HOURS),
        address=address,
        user_agent=user_agent[:200],
    )
    token = secrets.token_urlsafe(32)
    RefreshToken.objects.create(session=session, digest=refresh.digest(token), created_at=now)
    return session, token


def claims_of(session: Session) -> tokens.Claims:
    return tokens.Claims(session.user_id, session.pk, session.organization_id)


def access_token(session: Session, now: datetime) -> str:
    return tokens.issue("access", claims_of(session), now=now, lasts=tokens.ACCESS)


def living(now: datetime) -> "QuerySet[Session]":
    idle_since = now - timedelta(minutes=settings.LOGIN_IDLE_MINUTES)
    return Session.objects.filter(
        ended_at=None, expires_at__gt=now, last_used_at__gt=idle_since, user__is_active=True
    )


def end(rows: Any, reason: str, now: datetime) -> int:
    """End these sessions; after the commit their sockets close."""
    with transaction.atomic():
        open_rows = rows.filter(ended_at=None).order_by("pk").select_for_update(of=("self",))
        ids = list(open_rows.values_list("pk", flat=True))
        Session.objects.filter(pk__in=ids).update(ended_at=now, end_reason=reason)
        transaction.on_commit(lambda: _close_sockets(ids), robust=True)
    return len(ids)


def end_of_user(
    user_id: UUID,
    reason: str,
    now: datetime,
    *,
    organization_id: UUID | None = None,
    spare: UUID | None = None,
) -> int:
    mine = Session.objects.filter(user_id=user_id)
    if organization_id is not None:
        mine = mine.filter(organization_id=organization_id)
    if spare is not None:
        mine = mine.exclude(pk=spare)
    return end(mine, reason, now)


def reopen_sockets(user_id: UUID) -> None:
    """What he may see has changed: his sockets close and come again with a new ticket."""
    rows = Session.objects.filter(user_id=user_id, ended_at=None)
    ids = list(rows.values_list("pk", flat=True)[:200])
    transaction.on_commit(lambda: _close_sockets(ids), robust=True)


def wants_touch(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is not None and now - last_used_at > TOUCH_EVERY


def touch(session_id: UUID, now: datetime) -> None:
    """The session is in use; written at most every few minutes, and never by waiting for anybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE core_session SET last_used_at = %s
            WHERE id = (SELECT id FROM core_session WHERE id = %s FOR UPDATE SKIP LOCKED)
            """,
            [now, session_id],
        )


def _close_sockets(ids: Iterable[UUID]) -> None:
    for session_id in ids:
        realtime.end_session(session_id)
