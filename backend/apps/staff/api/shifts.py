"""The weekly rota."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import (
    In,
    ListIn,
    Out,
    PatchIn,
    StaffRequest,
    TenantKey,
    TenantViewSet,
    page_of,
)
from apps.core.api.fields import Clock
from apps.core.errors import Forbidden
from apps.core.schema import page_schema
from apps.org.models import Branch, Chair, Room
from apps.staff import actions
from apps.staff.models import Employee, Shift


class WorkShiftListIn(ListIn):
    size = serializers.IntegerField(min_value=1, max_value=200, default=200)
    branch = TenantKey(Branch.objects, required=False)
    employee = TenantKey(Employee.objects, required=False)
    date_from = serializers.DateField(required=False, help_text="In force on or after this day.")
    date_to = serializers.DateField(required=False, help_text="In force on or before this day.")


class ShiftPartIn(In):
    room = TenantKey(Room.objects, required=False, allow_null=True)
    chair = TenantKey(
        Chair.objects, required=False, allow_null=True, help_text="A chair of that room."
    )
    weekday = serializers.IntegerField(min_value=1, max_value=7, help_text="1 Monday … 7 Sunday.")
    cycle_weeks = serializers.IntegerField(
        min_value=1, max_value=2, required=False, help_text="1: every week; 2: every other."
    )
    cycle_week = serializers.IntegerField(
        min_value=0,
        max_value=1,
        required=False,
        help_text="Of two weeks: 0 is the one of Monday, 1 January 2024, and so on.",
    )
    starts = Clock(help_text="Local time of the branch.")
    ends = Clock(help_text="The end is not included.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(
        required=False, allow_null=True, help_text="The last day; empty: until changed."
    )


class WorkShiftIn(ShiftPartIn):
    employee = TenantKey(Employee.objects)
    branch = TenantKey(Branch.objects)


class WorkShiftPatch(PatchIn, ShiftPartIn):
    pass


class WorkShiftOut(Out):
    id = serializers.UUIDField()
    employee = serializers.UUIDField(source="employee_id")
    branch = serializers.UUIDField(source="branch_id")
    room = serializers.UUIDField(source="room_id", allow_null=True)
    chair = serializers.UUIDField(source="chair_id", allow_null=True)
    weekday = serializers.IntegerField(help_text="1 Monday … 7 Sunday.")
    cycle_weeks = serializers.IntegerField(help_text="1: every week; 2: every other.")
    cycle_week = serializers.IntegerField(help_text="Which of two weeks; 0 when every week.")
    starts = Clock()
    ends = Clock()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class ShiftViewSet(TenantViewSet):
    queryset = Shift.objects.none()
    serializer_class = WorkShiftOut
    permission = "staff:read"
    write_permission = "staff:write"

    def rows(self) -> Any:
        rows = Shift.objects.select_related("employee", "branch", "room", "chair")
        return rows if self.reach.all else rows.filter(branch__in=self.reach.branches)

    @extend_schema(
        parameters=[WorkShiftListIn], responses=page_schema(WorkShiftOut, "WorkShiftPage")
    )
    def list(self, request: StaffRequest) -> Response:
        """Weekly shifts in force within the given days."""
        query = self.read(WorkShiftListIn)
        rows = self.rows().select_related(None).order_by("weekday", "starts", "id")
        if "branch" in query:
            rows = rows.filter(branch=query["branch"])
        if "employee" in query:
            rows = rows.filter(employee=query["employee"])
        if "date_from" in query:
            rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=query["date_from"]))
        if "date_to" in query:
            rows = rows.filter(valid_from__lte=query["date_to"])
        return self.answer(page_of(rows, query, lambda items: WorkShiftOut(items, many=True).data))

    @extend_schema(request=WorkShiftIn, responses={201: WorkShiftOut})
    def create(self, request: StaffRequest) -> Response:
        """Give somebody a weekly shift; refused where it meets another one of his."""
        told = self.read(WorkShiftIn)
        if not self.reach.covers(told["branch"].pk):
            raise Forbidden
        return self.show(actions.create_shift(**told, by=request.user), status=201)

    @extend_schema(request=WorkShiftPatch, responses=WorkShiftOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a shift; person and branch stay."""
        shift = self.one(self.rows(), pk)
        return self.show(actions.change_shift(shift, **self.read(WorkShiftPatch), by=request.user))

    @extend_schema(responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Take a shift off the rota."""
        actions.delete_shift(self.one(self.rows(), pk), by=request.user)
        return Response(status=204)
