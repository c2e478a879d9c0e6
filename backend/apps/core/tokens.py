"""Signed, short-lived proofs of a session. What they open is decided anew from the database on each request."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings

ACCESS = timedelta(minutes=10)
SOCKET = timedelta(seconds=30)


class BadToken(Exception):
    pass


@dataclass(frozen=True)
class Claims:
    user_id: UUID
    session_id: UUID
    organization_id: UUID | None
    branch_id: UUID | None = None


def issue(kind: str, claims: Claims, *, now: datetime, lasts: timedelta) -> str:
    body = {
        "typ": kind,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "org": str(claims.organization_id) if claims.organization_id else None,
        "branch": str(claims.branch_id) if claims.branch_id else None,
        "exp": now + lasts,
    }
    return jwt.encode(body, settings.SECRET_KEY, algorithm="HS256")


def read(kind: str, token: str) -> Claims:
    told, ends, claims = _signed(token, settings.SECRET_KEY)
    if told != kind or ends <= datetime.now(UTC).timestamp():
        raise BadToken
    return claims


@lru_cache(maxsize=4096)
def _signed(token: str, key: str) -> tuple[str, int, Claims]:
    """Its kind, its end and what it claims. A signature does not change, and a screen shows its token at every request:
    it is checked once, and only the end of the token each time. What is refused is not kept."""
    try:
        body: dict[str, Any] = jwt.decode(
            token, key, algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
        organization, branch = _uuid(body["org"]), _uuid(body["branch"])
        claims = Claims(UUID(body["sub"]), UUID(body["sid"]), organization, branch)
        return body["typ"], int(body["exp"]), claims
    except (jwt.PyJWTError, KeyError, ValueError, TypeError):
        raise BadToken from None


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None
