"""`Authorization: Bearer <access token>`: two statements, the organisation and then the living session with its grants."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from apps.core import prepared, tokens
from apps.core.addresses import client_address
from apps.core.caller import Caller
from apps.core.models.user import User
from apps.core.permissions import Grant

_NEEDED = {"id", "login", "email", "last_name", "first_name", "middle_name", "language", "theme",
           "is_active", "is_staff", "is_superuser"}  # fmt: skip
# In the order of the model: `from_db` gives out the values in that order.
_USER = tuple(f.attname for f in User._meta.concrete_fields if f.attname in _NEEDED)

_LIVING = f"""
SELECT s.last_used_at, {", ".join("u." + column for column in _USER)},
       ARRAY(SELECT m.role || ' ' || coalesce(m.branch_id::text, '')
             FROM core_membership m
             WHERE m.user_id = u.id AND m.is_active AND m.organization_id = s.organization_id)
FROM core_session s JOIN core_user u ON u.id = s.user_id
WHERE s.id = %s AND s.user_id = %s AND s.ended_at IS NULL AND s.expires_at > %s AND s.last_used_at > %s
  AND u.is_active
  AND s.organization_id IS NOT DISTINCT FROM %s::uuid
"""


def living_caller(claims: tokens.Claims, address: str | None = None) -> Caller | None:
    """The caller of a session that lives; to be asked inside the tenant, where memberships are visible."""
    now = datetime.now(UTC)
    idle_since = now - timedelta(minutes=settings.LOGIN_IDLE_MINUTES)
    with prepared.cursor() as cursor:
        cursor.execute(
            _LIVING,
            [claims.session_id, claims.user_id, now, idle_since, claims.organization_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    last_used_at, *columns, roles = row
    user = User.from_db("default", _USER, columns)
    grants = []
    for text in roles:
        role, _, branch = text.partition(" ")
        grants.append(Grant(role, UUID(branch) if branch else None))
    return Caller(
        user, claims.session_id, claims.organization_id, tuple(grants), address, last_used_at
    )


class SessionAuthentication(BaseAuthentication):
    """The view has opened the tenant that the token names before asking (see ``api.ApiView``)."""

    def authenticate(self, request: Any) -> tuple[User, Caller] | None:
        claims = bearer(request)
        if claims is None:
            return None
        caller = living_caller(claims, client_address(request))
        if caller is None:
            raise AuthenticationFailed(code="session_ended")
        if not request.META.get("HTTP_ACCEPT_LANGUAGE"):
            translation.activate(caller.user.language)
        return caller.user, caller

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


def bearer(request: Any) -> tokens.Claims | None:
    """What the request's token says. Read once a request: the view asks first, the authentication again."""
    if not hasattr(request, "claims"):
        request.claims = _read(request)
    return request.claims  # type: ignore[no-any-return]


def _read(request: Any) -> tokens.Claims | None:
    header = get_authorization_header(request).split()
    if not header or header[0].lower() != b"bearer":
        return None
    if len(header) != 2:
        raise AuthenticationFailed(code="bad_token")
    try:
        return tokens.read("access", header[1].decode())
    except (tokens.BadToken, UnicodeDecodeError):
        raise AuthenticationFailed(code="bad_token") from None
