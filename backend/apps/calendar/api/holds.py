"""Places that are kept for a while."""

from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import holds, place
from apps.calendar.api.moments import Moment
from apps.calendar.models import Hold
from apps.core.api import In, Out, StaffRequest, TenantViewSet
from apps.core.errors import NotFound


class HoldIn(In):
    key = serializers.CharField(
        max_length=64,
        help_text="Made by the caller. One key holds one place: sent again it moves, or lasts longer.",
    )
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(help_text="The doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A chair of the branch, or null."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")
    buffer_before = serializers.IntegerField(
        min_value=0, max_value=120, default=0, help_text="Minutes kept before it."
    )
    buffer_after = serializers.IntegerField(
        min_value=0, max_value=120, default=0, help_text="Minutes kept after it."
    )


class HoldOut(Out):
    id = serializers.UUIDField(help_text="To give it back.")
    key = serializers.CharField(help_text="Book with it.")
    branch_id = serializers.UUIDField(help_text="Where.")
    employee_id = serializers.UUIDField(help_text="The doctor.")
    chair_id = serializers.UUIDField(allow_null=True, help_text="The chair.")
    starts_at = serializers.DateTimeField(help_text="Begin.")
    ends_at = serializers.DateTimeField(help_text="End, not included.")
    expires_at = serializers.DateTimeField(help_text="From then on it is anybody's.")


class HoldViewSet(TenantViewSet):
    """Places that are kept for five minutes for somebody who is about to book them."""

    queryset = Hold.objects.none()
    serializer_class = HoldOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(request=HoldIn, responses={201: HoldOut})
    def create(self, request: StaffRequest) -> Response:
        """Keep a place for five minutes; nobody else gets it, and whoever has the key books it. One person keeps five at
        once: a sixth gives back the one that he asked for the longest ago. Refused: `slot_taken`, `outside_shift`."""
        data, now = self.read(HoldIn), timezone.now()
        where = place.find(
            branch_id=data["branch"],
            employee_id=data["employee"],
            chair_id=data["chair"],
            patient_id=place.NOBODY,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            is_urgent=True,  # for whom the hours are kept is asked when somebody is booked
            reach=self.reach,
            patients=None,
            outside_shift=self.caller.scope("appointments:overbook"),
            now=now,
        )
        buffers = data["buffer_before"], data["buffer_after"]
        hold = holds.keep(key=data["key"], where=where, buffers=buffers, by=request.user, now=now)
        names = (*HoldOut().fields,)
        return self.answer({name: getattr(hold, name) for name in names}, status=201)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Give it back."""
        hold = Hold.objects.filter(pk=pk, by=request.user).first()
        if hold is None:
            raise NotFound
        holds.give_back(hold=hold, by=request.user)
        return self.answer(None, status=204)
