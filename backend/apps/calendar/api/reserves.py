from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.calendar import reserves
from apps.calendar.api.pauses import ReserveIn, ReserveOut, ReservePage, ReservePatch, RulesIn
from apps.calendar.models import Reserve
from apps.core import versions
from apps.core.api import StaffRequest, TenantViewSet, page_of


class ReserveViewSet(TenantViewSet):
    """Reserves: hours of the grid kept for emergencies or for new patients. The day shows them."""

    queryset = Reserve.objects.none()
    serializer_class = ReserveOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[RulesIn], responses=ReservePage)
    def list(self, request: StaffRequest) -> Response:
        """The reserves of a branch; with `employee` his own and those of everybody."""
        query = self.read(RulesIn)
        rows = self._rows().filter(branch_id=query["branch"]).order_by("starts", "id")
        if "employee" in query:
            rows = rows.filter(Q(employee_id=query["employee"]) | Q(employee__isnull=True))
        return self.answer(page_of(rows, query, lambda some: ReserveOut(some, many=True).data))

    @extend_schema(request=ReserveIn, responses={201: ReserveOut})
    def create(self, request: StaffRequest) -> Response:
        """Keep hours for some patients. Others are refused there with `reserved`."""
        data = self.read(ReserveIn)
        reserve = reserves.place_reserve(
            branch_id=data.pop("branch"),
            employee_id=data.pop("employee", None),
            **data,
            reach=self.reach,
            by=request.user,
        )
        return self.show(reserve, status=201)

    @extend_schema(request=ReservePatch, responses=ReserveOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a reserve; whoever is booked there stays. Refused: `stale`."""
        data = self.read(ReservePatch)
        reserve = versions.locked(self._rows(), pk, data.pop("version"))
        if "employee" in data:
            data["employee_id"] = data.pop("employee")
        changed = reserves.change_reserve(reserve=reserve, changes=data, by=request.user)
        return self.show(changed)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Remove a reserve."""
        reserves.remove_reserve(reserve=versions.locked(self._rows(), pk), by=request.user)
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        rows = Reserve.objects.all()
        if self.reach.all:
            return rows
        inside = Q(branch_id__in=self.reach.branches)
        if self.reach.own:
            inside |= Q(employee__user=self.caller.user)
        return rows.filter(inside)
