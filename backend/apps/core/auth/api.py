import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import caller as callers
from apps.core import tokens
from apps.core.addresses import client_address
from apps.core.api import ApiView, Public, StaffRequest, window
from apps.core.auth import actions, sessions
from apps.core.auth.actions import Entry, Origin, SessionOver
from apps.core.auth.connections import entered
from apps.core.auth.people import describe
from apps.core.auth.shapes import (
    ActivatedOut,
    ActivateIn,
    LoginIn,
    MeOut,
    PasswordIn,
    ProfileIn,
    RefreshIn,
    SessionOut,
    SignedInOut,
    TicketIn,
    TicketOut,
)
from apps.core.authentication import bearer, living_caller
from apps.core.caller import Caller
from apps.core.errors import DomainError, Forbidden
from apps.core.schema import page_schema

COOKIE = "refresh"
COOKIE_PATH = "/api/v1/auth"
_NOTHING = OpenApiResponse(description="Done; nothing to tell.")
log = logging.getLogger("clinic.security")


class OriginRefused(DomainError):
    code = "origin_refused"
    status = 403
    message = Forbidden.message


def origin_of(request: Any) -> Origin:
    return Origin(client_address(request), request.META.get("HTTP_USER_AGENT", ""))


def require_our_origin(request: Any) -> None:
    """The cookie speaks only for pages of ours."""
    if request.META.get("HTTP_ORIGIN") not in settings.ALLOWED_ORIGINS:
        raise OriginRefused


def set_cookie(response: Response, request: Any, entry: Entry, now: datetime) -> None:
    response.set_cookie(
        COOKIE,
        entry.refresh,
        max_age=int((entry.session.expires_at - now).total_seconds()),
        path=COOKIE_PATH,
        secure=request.is_secure() or settings.MODE == "production",
        httponly=True,
        samesite="Strict",
    )


def drop_cookie(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
    return response


class Login(Public):
    @extend_schema(operation_id="auth_login", request=LoginIn, responses=SignedInOut)
    def post(self, request: Request) -> Response:
        """Log in with a user name or e-mail. All failures look alike: 401 `bad_credentials`; too many: 429."""
        given, now = self.read(LoginIn), timezone.now()
        entry = actions.log_in(
            login=given["login"],
            password=given["password"],
            organization_id=given.get("organization"),
            origin=origin_of(request),
            now=now,
        )
        response = Response({"access": entry.access, "user": entry.user})
        if given["with_refresh"]:
            response.data["refresh"] = entry.refresh
        else:
            set_cookie(response, request, entry, now)
        return response


class Refresh(Public):
    @extend_schema(operation_id="auth_refresh", request=RefreshIn, responses=SignedInOut)
    def post(self, request: Request) -> Response:
        """A new access token. The refresh token works once; its reuse ends the session."""
        given, now = self.read(RefreshIn).get("refresh"), timezone.now()
        token = given or request.COOKIES.get(COOKIE, "")
        if not given:
            require_our_origin(request)
        try:
            entry = actions.renew(token[:100], origin=origin_of(request), now=now)
        except SessionOver as error:
            answer = self.handle_exception(error)
            return answer if given else drop_cookie(answer)
        response = Response({"access": entry.access, "user": entry.user})
        if given:
            response.data["refresh"] = entry.refresh
        else:
            set_cookie(response, request, entry, now)
        return response


class Logout(Public):
    @extend_schema(operation_id="auth_logout", request=RefreshIn, responses={204: _NOTHING})
    def post(self, request: Request) -> Response:
        """End this session: that of the access token, of the token in the body, or of the cookie."""
        given = self.read(RefreshIn).get("refresh")
        session_id = self._session(request, given)
        if session_id is not None:
            actions.log_out(session_id, origin=origin_of(request), now=timezone.now())
        return drop_cookie(Response(status=204))

    def _session(self, request: Request, given: str | None) -> UUID | None:
        try:
            claims = bearer(request)
        except AuthenticationFailed:
            claims = None
        if claims is not None:
            return claims.session_id
        if given:
            return actions.session_of_token(given)
        if COOKIE not in request.COOKIES:
            return None
        require_our_origin(request)
        return actions.session_of_token(request.COOKIES[COOKIE])


class Activate(Public):
    @extend_schema(operation_id="auth_activate", request=ActivateIn, responses=ActivatedOut)
    def post(self, request: Request) -> Response:
        """Set the password by a one-time link. The link works once; all sessions of the person end."""
        user = actions.activate(
            **self.read(ActivateIn), origin=origin_of(request), now=timezone.now()
        )
        return Response({"login": user.login})


class OwnAccount(ApiView):
    """What everybody may who has logged in, platform staff included."""

    permission = write_permission = "self"

    def check_permissions(self, request: Any) -> None:
        caller = request.auth
        if caller is not None and caller.organization_id is None and caller.user.is_staff:
            return
        super().check_permissions(request)


class Me(OwnAccount):
    @extend_schema(operation_id="auth_me", responses=MeOut)
    def get(self, request: StaffRequest) -> Response:
        """The person, his roles and branches, and what he may."""
        return self.answer(describe(self.caller))

    @extend_schema(operation_id="auth_change_me", request=ProfileIn, responses=MeOut)
    def patch(self, request: StaffRequest) -> Response:
        """Change one's own language or theme."""
        actions.change_profile(self.caller, self.read(ProfileIn))
        return self.answer(describe(self.caller))


class Sessions(OwnAccount):
    @extend_schema(operation_id="auth_sessions", responses=page_schema(SessionOut, "SessionPage"))
    def get(self, request: StaffRequest) -> Response:
        """One's own living sessions, the newest first."""
        rows = sessions.living(timezone.now()).filter(user=request.user).order_by("-created_at")
        current = self.caller.session_id
        shown = [
            {name: getattr(row, name) for name in _SESSION} | {"current": row.pk == current}
            for row in rows[:200]
        ]
        return self.answer(window(shown))


_SESSION = ("id", "created_at", "last_used_at", "expires_at", "address", "user_agent")


class OneSession(OwnAccount):
    @extend_schema(operation_id="auth_end_session", responses={204: _NOTHING})
    def delete(self, request: StaffRequest, pk: UUID) -> Response:
        """End one of one's own sessions; its sockets close too."""
        actions.end_session(self.caller, pk, now=timezone.now())
        return self.answer(None, status=204)


class SocketTicket(ApiView):
    write_permission: ClassVar[str] = "self"

    @extend_schema(operation_id="auth_socket_ticket", request=TicketIn, responses=TicketOut)
    def post(self, request: StaffRequest) -> Response:
        """A ticket of 30 seconds for the socket of one branch."""
        branch = self.read(TicketIn)["branch"]
        if not self.caller.sees_branch(branch.pk):
            raise Forbidden
        caller = self.caller
        claims = tokens.Claims(caller.user.pk, caller.session_id, caller.organization_id, branch.pk)
        ticket = tokens.issue("socket", claims, now=timezone.now(), lasts=tokens.SOCKET)
        return self.answer(
            {
                "ticket": ticket,
                "expires_in": int(tokens.SOCKET.total_seconds()),
                "url": f"{socket_address(request)}?branch={branch.pk}",
            }
        )


def socket_address(request: Any) -> str:
    if settings.PUBLIC_WS_URL:
        return str(settings.PUBLIC_WS_URL)
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"{'wss' if request.is_secure() else 'ws'}://{host}:{settings.WS_PORT}/ws/calendar"


class Detached(Public):
    """Knows who asks, but holds no transaction while it works: for what waits for a password to be hashed."""

    permission: ClassVar[str] = "self"

    @contextmanager
    def known(self, request: Any) -> Iterator[Caller]:
        try:
            claims = bearer(request)
        except AuthenticationFailed:
            claims = None
        if claims is None:
            raise SessionOver
        with entered(claims.organization_id):
            caller = living_caller(claims, client_address(request))
        if caller is None:
            raise SessionOver
        if not caller.may(self.permission) and not (
            caller.organization_id is None and caller.user.is_staff
        ):
            raise PermissionDenied
        token = callers.current.set(caller)
        try:
            yield caller
        finally:
            callers.current.reset(token)


class Password(Detached):
    @extend_schema(
        operation_id="auth_change_password",
        request=PasswordIn,
        responses={204: _NOTHING},
        auth=[{"access": []}],  # type: ignore[list-item]
    )
    def post(self, request: Request) -> Response:
        """Change one's own password. All other sessions end."""
        with self.known(request) as caller:
            actions.change_password(
                caller, **self.read(PasswordIn), origin=origin_of(request), now=timezone.now()
            )
        return Response(status=204)
