from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.calendar import breaks
from apps.calendar.api.shapes import BreakChangeIn, BreakIn, BreakOut
from apps.calendar.models import Break
from apps.core import versions
from apps.core.api import StaffRequest, TenantViewSet


class BreakViewSet(TenantViewSet):
    """Breaks: time of an employee that nobody can book. The day shows them."""

    queryset = Break.objects.none()
    serializer_class = BreakOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(request=BreakIn, responses={201: BreakOut})
    def create(self, request: StaffRequest) -> Response:
        """Place a break. Refused: `break_over_appointments` with them, `slot_taken` over another break."""
        data = self.read(BreakIn)
        pause = breaks.place_break(
            branch_id=data.pop("branch"),
            employee_id=data.pop("employee"),
            **data,
            reach=self.reach,
            by=request.user,
            now=timezone.now(),
        )
        return self.show(pause, status=201)

    @extend_schema(request=BreakChangeIn, responses=BreakOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Another time or reason. Refused: `stale`, `break_over_appointments`, `slot_taken`."""
        data = self.read(BreakChangeIn)
        pause = versions.locked(self._rows(), pk, data.pop("version"))
        now = timezone.now()
        return self.show(breaks.change_break(pause=pause, changes=data, by=request.user, now=now))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Remove a break; its time is free again."""
        breaks.remove_break(pause=versions.locked(self._rows(), pk), by=request.user)
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        rows = Break.objects.all()
        return rows if self.reach.all else rows.filter(branch_id__in=self.reach.branches)
