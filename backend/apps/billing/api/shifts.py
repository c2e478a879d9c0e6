from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.billing import actions, queries
from apps.billing.api.inputs import (
    RegisterChangeIn,
    RegisterIn,
    RegistersIn,
    ShiftCloseIn,
    ShiftOpenIn,
    ShiftsIn,
)
from apps.billing.api.outputs import CashShiftPage, RegisterOut, RegisterPage, ShiftOut
from apps.billing.api.parameters import KEY
from apps.billing.models import CashShift, Register
from apps.core import versions
from apps.core.api import StaffRequest, TenantViewSet, page_of, window
from apps.core.errors import Forbidden, InvalidInput
from apps.visits import pricing


class RegisterViewSet(TenantViewSet):
    """Cash desks of the branches."""

    queryset = Register.objects.none()
    serializer_class = RegisterOut
    permission = "structure:read"
    write_permission = "structure:write"

    @extend_schema(parameters=[RegistersIn], responses=RegisterPage)
    def list(self, request: StaffRequest) -> Response:
        """The registers, each with its open shift."""
        branch = self.read(RegistersIn).get("branch")
        if branch and not self.reach.covers(branch.pk):
            raise InvalidInput(fields={"branch": [pricing.UNKNOWN]})
        rows = self._within()
        rows = rows.filter(branch=branch) if branch else rows
        return self.answer(window(queries.register_rows(rows, self.caller)))

    @extend_schema(request=RegisterIn, responses={201: RegisterOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a register to a branch."""
        data = self.read(RegisterIn)
        if not self.reach.covers(data["branch"].pk):
            raise Forbidden
        register = actions.add_register(**data, by=request.user)
        return self._one(register.pk, status=201)

    @extend_schema(request=RegisterChangeIn, responses=RegisterOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Rename a register, or take it out of use."""
        data = self.read(RegisterChangeIn)
        register = versions.locked(self._within(), pk, data.pop("version"))
        actions.change_register(register=register, changes=data, by=request.user)
        return self._one(pk)

    def _within(self) -> Any:
        rows = Register.objects.all()
        return rows if self.reach.all else rows.filter(branch_id__in=self.reach.branches)

    def _one(self, pk: UUID, status: int = 200) -> Response:
        (row,) = queries.register_rows(Register.objects.filter(pk=pk), self.caller)
        return self.answer(row, status=status)


class ShiftViewSet(TenantViewSet):
    """Cash shifts: from the opening of a register to the count of its drawer."""

    queryset = CashShift.objects.none()
    serializer_class = ShiftOut
    permission = "shifts:read"
    write_permission = "shifts:write"
    permissions: ClassVar = {"close": "shifts:close"}
    idempotent: ClassVar = ("create", "close")

    @extend_schema(parameters=[ShiftsIn], responses=CashShiftPage)
    def list(self, request: StaffRequest) -> Response:
        """Shifts, the newest first."""
        query = self.read(ShiftsIn)
        rows = queries.shifts_within(self.reach, self.caller)
        branch = query.get("branch")
        if branch:
            if not (self.reach.own or self.reach.covers(branch.pk)):
                raise InvalidInput(fields={"branch": [pricing.UNKNOWN]})
            rows = rows.filter(register__branch=branch)
        if query["open"] is not None:
            rows = rows.filter(closed_at__isnull=query["open"])
        rows = queries.with_register(rows.order_by("-opened_at", "id"))
        return self.answer(
            page_of(rows, query, lambda page: [queries.shift_row(row, self.caller) for row in page])
        )

    @extend_schema(request=ShiftOpenIn, responses={201: ShiftOut}, parameters=[KEY])
    def create(self, request: StaffRequest) -> Response:
        """Open a shift. Refused: `shift_open` (details: who opened the present one)."""
        data = self.read(ShiftOpenIn)
        register = data["register"]
        if not self.caller.may("payments:write", register.branch_id):
            raise InvalidInput(fields={"register": [pricing.UNKNOWN]})
        if not register.is_active:
            raise InvalidInput(fields={"register": [_("This register is out of use.")]})
        shift = actions.open_shift(**data, by=request.user, now=timezone.now())
        return self._report(CashShift.objects, shift.pk, status=201)

    @extend_schema(responses=ShiftOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """The report of a shift: totals by method, and the cash that should be in the drawer."""
        return self._report(queries.shifts_within(self.reach, self.caller), pk)

    @extend_schema(request=ShiftCloseIn, responses=ShiftOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def close(self, request: StaffRequest, pk: UUID) -> Response:
        """Close one's shift, or (the manager) any of the branch, with the cash counted. Refused: `shift_closed`, `stale`."""
        data = self.read(ShiftCloseIn)
        rows = queries.shifts_within(self.reach, self.caller)
        actions.close_shift(rows=rows, pk=pk, **data, by=request.user, now=timezone.now())
        return self._report(rows, pk)

    def _report(self, rows: Any, pk: UUID, status: int = 200) -> Response:
        shift = self.one(queries.with_register(rows.all()), pk)
        return self.answer(queries.shift_report(shift, self.caller), status=status)
