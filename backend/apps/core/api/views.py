"""The way of a request: transaction → tenant → living session → permission → one action → COMMIT → answer.

The transaction is opened here and not by ``ATOMIC_REQUESTS``, because here we know what to keep of a refusal, and
that a deadlock, or what somebody else holds, may be tried again.
"""

import logging
from contextlib import ExitStack
from typing import Any, ClassVar

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.core import caller as callers
from apps.core import contention, errors, limits, tenancy
from apps.core.api import etag, idempotency
from apps.core.api.printed import Printed
from apps.core.auth import sessions
from apps.core.authentication import bearer
from apps.core.caller import Caller
from apps.core.events import journal
from apps.core.models.journal import JournalEntry
from apps.core.models.user import User
from apps.core.permissions import Scope
from apps.core.render import AsItIs

log = logging.getLogger(__name__)
ATTEMPTS = 3
PATIENCE = 9  # of them, when each finds one more row that somebody holds
SAFE = {"GET", "HEAD", "OPTIONS"}


class StaffRequest(Request):
    """The request of somebody who has logged in: ``request.user``, and ``request.auth`` with his rights."""

    user: User
    auth: Caller


class Transactional(APIView):
    """Runs each request in one transaction of its tenant, retries deadlocks and contention, keeps what a refusal keeps."""

    permission: ClassVar[str] = ""  # needed to read; empty: closed
    write_permission: ClassVar[str] = ""  # needed by every other method; empty: closed
    permissions: ClassVar[dict[str, str]] = {}  # exceptions by action name
    content_negotiation_class = AsItIs

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        request.body  # noqa: B018 - read now, so that a retry can read it again
        self.first: contention.Rows = {}
        for attempt in range(1, PATIENCE + 1):
            try:
                return self._attempt(request, *args, **kwargs)
            except contention.Contended as held:
                self.first = contention.together(self.first, held.rows)
                if attempt == PATIENCE:
                    return self._busy(request, errors.Busy(), *args, **kwargs)
            except OperationalError as error:
                if attempt >= ATTEMPTS or not errors.is_retryable(error):
                    return self._busy(request, error, *args, **kwargs)
        raise AssertionError

    def _attempt(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.__dict__.pop("caller", None)
        self.refused: Caller | None = None
        self.asking: Caller | None = None
        token = callers.current.set(None)
        try:
            with transaction.atomic(), ExitStack() as self.stack:
                response: Any = super().dispatch(request, *args, **kwargs)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                response.render()  # an answer that cannot be written must not be committed
            if self.refused is not None:
                self._keep_refusal(request, self.refused)
            self._touch_session()
            if isinstance(response, Printed):
                response.lay_out()
            return response
        finally:
            callers.current.reset(token)

    def _touch_session(self) -> None:
        """Afterwards and apart, so that a long request holds no lock that a log-out would wait for."""
        now = timezone.now()
        if self.asking is not None and sessions.wants_touch(self.asking.last_used_at, now):
            try:
                with transaction.atomic():
                    sessions.touch(self.asking.session_id, now)
            except (
                DatabaseError
            ):  # the answer is committed and true; only the idle clock stays behind
                log.warning("session not touched")

    def _busy(self, request: Any, error: Exception, *args: Any, **kwargs: Any) -> Any:
        response = errors.handle(error, {})
        assert response is not None
        self.headers = self.default_response_headers
        response = self.finalize_response(self.initialize_request(request), response)
        response.render()
        return response

    def perform_authentication(self, request: Any) -> None:
        claims = bearer(request)
        if claims is not None:
            limits.require_allowance(claims)
        if claims is not None and claims.organization_id is not None:
            self.stack.enter_context(tenancy.tenant(claims.organization_id, to_the_end=True))
        super().perform_authentication(request)
        self.asking = request.auth
        callers.current.set(request.auth)

    def needed_permission(self, request: Request) -> str:
        action = getattr(self, "action", None) or (request.method or "").lower()
        if action in self.permissions:
            return self.permissions[action]
        return self.permission if request.method in SAFE else self.write_permission

    def check_permissions(self, request: Any) -> None:
        if request.auth is None:
            raise NotAuthenticated
        if getattr(self, "action", "known") is None:
            return  # a method that the route does not have: 405 follows
        needed = self.needed_permission(request)
        if not needed or not request.auth.may(needed):
            raise PermissionDenied

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.idempotency = idempotency.begin(request, self)
        contention.first(self.first)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        begun = getattr(self, "idempotency", None)
        if begun is not None and 200 <= response.status_code < 300:
            idempotency.keep(begun, response)
        self.idempotency = None
        return super().finalize_response(request, response, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, idempotency.Replay):
            return exc.response
        if isinstance(exc, OperationalError | contention.Contended):
            raise exc  # dispatch retries it, or answers 503 once the transaction has ended
        if isinstance(exc, PermissionDenied | errors.Forbidden):
            self.refused = self.asking
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            exc.auth_header = "Bearer"  # type: ignore[union-attr]
            response = errors.handle(exc, {})
            assert response is not None
            response.status_code = 401
            response.exception = True
            return response
        return super().handle_exception(exc)

    def _keep_refusal(self, request: Any, refused: Caller) -> None:
        if refused.organization_id is None:
            return
        callers.current.set(refused)
        with tenancy.tenant(refused.organization_id):
            journal(
                "refused",
                outcome=JournalEntry.Outcome.REFUSED,
                by=refused.user,
                data={"method": request.method, "route": request.resolver_match.route},
            )

    @cached_property
    def caller(self) -> Caller:
        caller: Any = self.request.auth
        if caller is None:
            raise NotAuthenticated
        return caller  # type: ignore[no-any-return]

    @property
    def reach(self) -> Scope:
        """How far the permission of this very operation reaches for the caller."""
        return self.caller.scope(self.needed_permission(self.request))

    def read(self, serializer: type[Serializer[Any]], **kwargs: Any) -> dict[str, Any]:
        """The caller's input, validated: the query string of a read, the body of a write."""
        data = (
            self.request.query_params.dict() if self.request.method in SAFE else self.request.data
        )
        checked = serializer(data=data, context={"request": self.request, "view": self}, **kwargs)
        checked.is_valid(raise_exception=True)
        return checked.validated_data  # type: ignore[no-any-return]

    def answer(self, data: Any, status: int = 200, **headers: str) -> Response:
        return Response(data, status=status, headers=headers)

    def tagged(self, tag: str, make: Any) -> Response:
        """304 when the browser already has ``tag``; else what ``make()`` returns."""
        return etag.answer(self.request, tag, make)


class ApiView(Transactional):
    """A single endpoint."""


class TenantViewSet(Transactional, GenericViewSet):
    """A resource whose whole life happens inside the caller's organisation."""

    lookup_value_converter = "uuid"
    pagination_class = None
    filter_backends = []  # noqa: RUF012 - as its base declares it

    def check_permissions(self, request: Any) -> None:
        super().check_permissions(request)
        if request.auth.organization_id is None:
            raise PermissionDenied

    def get_queryset(self) -> Any:
        rows: Any = self.queryset  # type: ignore[arg-type]
        return rows.model._default_manager.all()

    def one(self, rows: Any, pk: Any) -> Any:
        """The row of that id among ``rows``, or 404."""
        found = rows.filter(pk=pk).first()
        if found is None:
            raise errors.NotFound
        return found

    def show(self, instance: Any, status: int = 200, many: bool = False, **kwargs: Any) -> Response:
        return Response(self.get_serializer(instance, many=many, **kwargs).data, status=status)


class Public(APIView):
    """One of the few routes for anybody (their list is in the registry test). Names its own transactions."""

    authentication_classes = []  # noqa: RUF012 - as its base declares it
    permission_classes = []  # noqa: RUF012
    content_negotiation_class = AsItIs

    def read(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        checked = serializer(data=self.request.data, context={"request": self.request})
        checked.is_valid(raise_exception=True)
        return checked.validated_data  # type: ignore[no-any-return]
