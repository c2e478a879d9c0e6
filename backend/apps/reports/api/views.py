from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.comms.preferences import zone_of
from apps.core import screens
from apps.core.api import StaffRequest, TenantViewSet
from apps.core.errors import InvalidInput
from apps.core.permissions import Scope
from apps.core.schema import page_schema
from apps.reports import queries
from apps.reports.api import shapes
from apps.reports.models import DailyFigures
from apps.reports.queries import Slice
from apps.staff.models import Employee


class ReportViewSet(TenantViewSet):
    """Figures with the rows behind them. A manager sees his branches, a doctor what is his own."""

    queryset = DailyFigures.objects.none()
    serializer_class = shapes.RevenueOut
    permission = "ledger:read"
    permissions = {  # noqa: RUF012
        "appointments": "appointments:read",
        "appointment_rows": "appointments:read",
        "dashboard": "appointments:read",
    }

    @extend_schema(parameters=[shapes.RevenueIn], responses=shapes.RevenueOut)
    def revenue(self, request: StaffRequest) -> Response:
        """Revenue of a period by day, branch or doctor: received less refunded. Beside it billed, and owed now."""
        query = self.read(shapes.RevenueIn)
        part = self._part(self.reach, query)
        report = queries.revenue.report(part, query["from"], query["to"], query["group"])
        return self.answer(report)

    @extend_schema(parameters=[shapes.RevenueRowsIn], responses=shapes.RevenueRowsOut)
    def revenue_rows(self, request: StaffRequest) -> Response:
        """The payments and refunds behind a figure, the newest first; with `kind=invoice` what was billed."""
        query = self.read(shapes.RevenueRowsIn)
        self._seen("revenue_rows", query)
        return self.answer(queries.revenue.rows(self._part(self.reach, query), query))

    @extend_schema(parameters=[shapes.DebtsIn], responses=shapes.DebtsOut)
    def debts(self, request: StaffRequest) -> Response:
        """Patients who owe, the largest debt first."""
        query = self.read(shapes.DebtsIn)
        self._seen("debts", query)
        return self.answer(queries.debts.page(self._part(self.reach, query), query))

    @extend_schema(parameters=[shapes.AppointmentsIn], responses=shapes.AppointmentsOut)
    def appointments(self, request: StaffRequest) -> Response:
        """Appointments of a period by day and status, how full the doctors were, why visits were cancelled."""
        query = self.read(shapes.AppointmentsIn)
        part = self._part(self.reach, query)
        return self.answer(queries.appointments.report(part, query["from"], query["to"]))

    @extend_schema(
        parameters=[shapes.AppointmentRowsIn],
        responses=page_schema(shapes.AppointmentRowOut, "ReportAppointmentPage"),
    )
    def appointment_rows(self, request: StaffRequest) -> Response:
        """The appointments behind a figure, the latest first."""
        query = self.read(shapes.AppointmentRowsIn)
        self._seen("appointment_rows", query)
        return self.answer(queries.appointments.rows(self._part(self.reach, query), query))

    @extend_schema(parameters=[shapes.DashboardIn], responses=shapes.DashboardOut)
    def dashboard(self, request: StaffRequest) -> Response:
        """A day at a glance. Money is null for those who may not read the ledger of what they look at."""
        query = self.read(shapes.DashboardIn)
        branch = query.get("branch")
        day = query.get("date") or timezone.now().astimezone(zone_of(branch)).date()
        ledger = self.caller.scope("ledger:read")
        sees_money = bool(ledger) and (branch is None or ledger.own or ledger.covers(branch.pk))
        money = self._part(ledger, query) if sees_money else None
        if money:
            self._seen("dashboard", query)  # it names who owes
        return self.answer(queries.dashboard.read(self._part(self.reach, query), money, day))

    def _seen(self, screen: str, query: dict[str, Any]) -> None:
        """Rows name patients, so looking at them is written down."""
        branch = query.get("branch")
        screens.seen(screen, by=self.caller.user, branch_id=branch.pk if branch else None)

    def _part(self, scope: Scope, query: dict[str, Any]) -> Slice:
        branch, employee = query.get("branch"), query.get("employee")
        if branch is not None and not (scope.covers(branch.pk) or scope.own):
            raise InvalidInput(fields={"branch": [str(_("There is no such branch."))]})
        own = None
        if scope.own and not scope.all:
            mine = Employee.objects.filter(user=self.caller.user)
            own = mine.values_list("pk", flat=True).first()
        return Slice(
            everything=scope.all,
            branches=tuple(scope.branches),
            own=own,
            branch=branch.pk if branch else None,
            employee=employee.pk if employee else None,
        )
