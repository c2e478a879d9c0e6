"""The private calendar of an employee: who may have one made, and what its address answers."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.calendar.api.handouts import ICS
from apps.calendar.handouts import feed
from apps.calendar.models import Feed
from apps.core import ical
from apps.core.addresses import client_address
from apps.core.api import Out, Public, StaffRequest, TenantViewSet, etag
from apps.core.errors import NotFound
from apps.core.limits import TooManyRequests, limiter
from apps.staff import queries
from apps.staff.models import Employee

_PER_SECOND = 2  # of one address, averaged over ten; programs ask every few minutes
_PER_SECOND_AND_PLACE = 20


class FeedOut(Out):
    issued_at = serializers.DateTimeField(
        allow_null=True, help_text="When the present address was made; null: there is none."
    )


class FeedMadeOut(FeedOut):
    path = serializers.CharField(
        allow_null=True,
        help_text="Shown now and never again (null in a repeated answer): put the address of the server before it.",
    )


class OfFeeds(TenantViewSet):
    queryset = Feed.objects.none()
    serializer_class = FeedOut

    def _shown(self, employee: Employee) -> Response:
        issued = Feed.objects.filter(employee=employee).values_list("issued_at", flat=True)
        return self.answer({"issued_at": issued.first()})

    def _issued(self, employee: Employee) -> Response:
        now = timezone.now()
        path = feed.issue(employee=employee, by=self.caller.user, now=now)
        response = self.answer({"issued_at": now, "path": path}, status=201)
        response.kept = {"issued_at": now, "path": None}  # type: ignore[attr-defined]
        return response

    def _revoked(self, employee: Employee) -> Response:
        feed.revoke(employee=employee, by=self.caller.user)
        return self.answer(None, status=204)


class OwnFeedViewSet(OfFeeds):
    """One's own private calendar, for who works here."""

    permission = write_permission = "self"

    @extend_schema(responses=FeedOut)
    def retrieve(self, request: StaffRequest) -> Response:
        """Is there an address, and since when? The address itself is not told again."""
        return self._shown(self._me())

    @extend_schema(request=None, responses={201: FeedMadeOut})
    def create(self, request: StaffRequest) -> Response:
        """A new address; an earlier one stops working."""
        return self._issued(self._me())

    @extend_schema(responses={204: None})
    def destroy(self, request: StaffRequest) -> Response:
        """The address stops working."""
        return self._revoked(self._me())

    def _me(self) -> Employee:
        found = queries.active_employee_of(self.caller.user)
        if found is None:
            raise NotFound
        return found


class EmployeeFeedViewSet(OfFeeds):
    """The private calendar of somebody of one's staff."""

    permission = write_permission = "staff:write"

    @extend_schema(responses=FeedOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """Is there an address, and since when?"""
        return self._shown(self._of(pk))

    @extend_schema(request=None, responses={201: FeedMadeOut})
    def create(self, request: StaffRequest, pk: UUID) -> Response:
        """A new address for him; an earlier one stops working."""
        return self._issued(self._of(pk, is_active=True))

    @extend_schema(responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """The address stops working."""
        return self._revoked(self._of(pk))

    def _of(self, pk: UUID, **more: Any) -> Employee:
        found: Employee = self.one(queries.within(self.reach).filter(**more), pk)
        return found


class FeedFile(Public):
    """Asked by calendar programs, which cannot log in: the secret in the address is the proof."""

    resource: ClassVar[str] = "feeds"

    @extend_schema(
        operation_id="feeds_file",
        parameters=[
            OpenApiParameter("secret", OpenApiTypes.STR, "path", description="The secret.")
        ],
        responses=ICS,
    )
    def get(self, request: Request, secret: str) -> Response:
        """When somebody is busy, for his own calendar program: the last 7 and the next 90 days, and nothing else. Send
        the ETag back: unchanged is 304. Whatever is wrong with an address, it is 404."""
        self._require_allowance(request, secret)
        content = feed.read(secret, timezone.now())
        answer = etag.answer(request, etag.make(content), lambda: content)
        answer.content_type = ical.KIND
        return answer

    def _require_allowance(self, request: Request, secret: str) -> None:
        """The place first: whoever guesses leaves no trace for each of his guesses."""
        wait = limiter.spend("feeds from", client_address(request) or "-", _PER_SECOND_AND_PLACE)
        wait = wait or limiter.spend("feed", feed.digest_of(secret).hex(), _PER_SECOND)
        if wait:
            raise TooManyRequests(wait)
