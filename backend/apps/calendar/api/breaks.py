from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.calendar import break_rules, breaks
from apps.calendar.api.pauses import (
    BreakChangeIn,
    BreakIn,
    BreakOut,
    BreakRuleIn,
    BreakRuleOut,
    BreakRulePage,
    BreakRulePatch,
    RulesIn,
)
from apps.calendar.models import Break, BreakRule
from apps.core import versions
from apps.core.api import StaffRequest, TenantViewSet, page_of


class BreakViewSet(TenantViewSet):
    """Breaks: time of an employee, a chair or a room that nobody can book. The day shows them."""

    queryset = Break.objects.none()
    serializer_class = BreakOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(request=BreakIn, responses={201: BreakOut})
    def create(self, request: StaffRequest) -> Response:
        """Place a break, or block a chair or a room. Refused: `break_over_appointments` with them, `slot_taken` over
        another break."""
        data = self.read(BreakIn)
        resources = {f"{name}_id": data.pop(name, None) for name in ("employee", "chair", "room")}
        pause = breaks.place_break(
            branch_id=data.pop("branch"),
            **resources,
            **data,
            reach=self.reach,
            by=request.user,
            now=timezone.now(),
        )
        return self.show(pause, status=201)

    @extend_schema(request=BreakChangeIn, responses=BreakOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Another time, kind or reason; one of a rule stands by itself from then on. Refused: `stale`,
        `break_over_appointments`, `slot_taken`."""
        data = self.read(BreakChangeIn)
        pause = versions.locked(self._rows(), pk, data.pop("version"))
        changed = breaks.change_break(
            pause=pause, changes=data, reach=self.reach, by=request.user, now=timezone.now()
        )
        return self.show(changed)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Remove a break; its time is free again. One of a rule does not come back."""
        breaks.remove_break(pause=versions.locked(self._rows(), pk), by=request.user)
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        rows = Break.objects.all()
        return rows if self.reach.all else rows.filter(branch_id__in=self.reach.branches)


class BreakRuleViewSet(TenantViewSet):
    """Recurring breaks: each stands in the calendar for the next twelve months."""

    queryset = BreakRule.objects.none()
    serializer_class = BreakRuleOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[RulesIn], responses=BreakRulePage)
    def list(self, request: StaffRequest) -> Response:
        """The rules of a branch."""
        query = self.read(RulesIn)
        rows = self._rows().filter(branch_id=query["branch"]).order_by("starts", "id")
        if "employee" in query:
            rows = rows.filter(employee_id=query["employee"])
        return self.answer(page_of(rows, query, lambda some: BreakRuleOut(some, many=True).data))

    @extend_schema(request=BreakRuleIn, responses={201: BreakRuleOut})
    def create(self, request: StaffRequest) -> Response:
        """Give somebody a recurring break: all of its twelve months, or nothing. Refused: `break_over_appointments` with
        all of them, `slot_taken` with the other breaks."""
        data = self.read(BreakRuleIn)
        rule = break_rules.place_rule(
            branch_id=data.pop("branch"),
            employee_id=data.pop("employee"),
            **data,
            reach=self.reach,
            by=request.user,
            now=timezone.now(),
        )
        return self.show(rule, status=201)

    @extend_schema(request=BreakRulePatch, responses=BreakRuleOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a rule: its future breaks are made anew, the past ones and the days changed by hand stay. Refused:
        `stale`, `break_over_appointments`, `slot_taken`."""
        data = self.read(BreakRulePatch)
        rule = versions.locked(self._rows(), pk, data.pop("version"))
        changed = break_rules.change_rule(
            rule=rule, changes=data, reach=self.reach, by=request.user, now=timezone.now()
        )
        return self.show(changed)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Remove a rule with its future breaks; those of the past stay."""
        rule = versions.locked(self._rows(), pk)
        break_rules.remove_rule(rule=rule, by=request.user, now=timezone.now())
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        rows = BreakRule.objects.all()
        if self.reach.all:
            return rows
        if self.reach.own:
            return rows.filter(employee__user=self.caller.user)
        return rows.filter(branch_id__in=self.reach.branches)
