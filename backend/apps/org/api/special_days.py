"""Holidays, blocked days and days with other hours."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.core.api import In, ListIn, Out, PatchIn, StaffRequest, TenantKey, TenantViewSet, page_of
from apps.core.api.fields import Clock
from apps.core.api.periods import Day
from apps.core.errors import Forbidden
from apps.core.schema import page_schema
from apps.org import special_days
from apps.org.models import Branch, SpecialDay


class SpecialDayListIn(ListIn):
    size = serializers.IntegerField(min_value=1, max_value=200, default=200)
    year = serializers.IntegerField(min_value=1900, max_value=2199, required=False)
    branch = TenantKey(
        Branch.objects, required=False, help_text="Those of this branch and of all branches."
    )


class SpecialDayIn(In):
    branch = TenantKey(
        Branch.objects,
        required=False,
        allow_null=True,
        help_text="Empty: all branches. The day of a branch wins over that of all.",
    )
    date = Day()
    name = serializers.CharField(max_length=120, help_text="A holiday, or the reason.")
    opens = Clock(required=False, allow_null=True, help_text="Empty: closed the whole day.")
    closes = Clock(required=False, allow_null=True, help_text="The end is not included.")


class SpecialDayPatch(PatchIn, SpecialDayIn):
    branch = None  # type: ignore[assignment]  # a day stays where it is
    date = None  # type: ignore[assignment]


class TakeOverIn(In):
    year = serializers.IntegerField(min_value=1900, max_value=2199)
    branch = TenantKey(
        Branch.objects, required=False, allow_null=True, help_text="Empty: all branches."
    )


class SpecialDayOut(Out):
    id = serializers.UUIDField()
    branch = serializers.UUIDField(
        source="branch_id", allow_null=True, help_text="Empty: all branches."
    )
    date = serializers.DateField()
    name = serializers.CharField()
    opens = Clock(allow_null=True, help_text="Empty: closed.")
    closes = Clock(allow_null=True)
    holiday = serializers.CharField(
        allow_blank=True, help_text="Key of the state's list, when it was taken from there."
    )
    version = serializers.IntegerField()

    def to_representation(self, instance: SpecialDay) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return shown | {"name": special_days.spoken(instance.date, instance.name)}


class TakenOverOut(Out):
    created = serializers.IntegerField(help_text="How many days were added.")
    items = SpecialDayOut(many=True, help_text="Those days.")


class SpecialDayViewSet(TenantViewSet):
    """Days unlike their weekday: holidays, blocked days, other hours."""

    queryset = SpecialDay.objects.none()
    serializer_class = SpecialDayOut
    permission = "structure:read"
    write_permission = "structure:write"

    def rows(self) -> Any:
        rows = SpecialDay.objects.order_by("date", "branch_id", "id")
        if self.reach.all:
            return rows
        return rows.filter(Q(branch__isnull=True) | Q(branch__in=self.reach.branches))

    def own(self, pk: UUID) -> SpecialDay:
        """A day that the caller may change: that of all branches only whoever may in all of them."""
        day: SpecialDay = self.one(self.rows(), pk)
        self.require(day.branch_id)
        return day

    def require(self, branch_id: UUID | None) -> None:
        if not self.reach.covers(branch_id):
            raise Forbidden

    @extend_schema(
        parameters=[SpecialDayListIn], responses=page_schema(SpecialDayOut, "SpecialDayPage")
    )
    def list(self, request: StaffRequest) -> Response:
        """Special days, by date."""
        query = self.read(SpecialDayListIn)
        rows = self.rows()
        if "year" in query:
            rows = rows.filter(date__year=query["year"])
        if "branch" in query:
            rows = rows.filter(Q(branch__isnull=True) | Q(branch=query["branch"]))
        return self.answer(page_of(rows, query, lambda items: SpecialDayOut(items, many=True).data))

    @extend_schema(request=SpecialDayIn, responses={201: SpecialDayOut})
    def create(self, request: StaffRequest) -> Response:
        """Close a day, or give it other hours. Appointments of that day stay as they are."""
        told = self.read(SpecialDayIn)
        self.require(told["branch"].pk if told.get("branch") else None)
        return self.show(special_days.create_special_day(**told, by=request.user), status=201)

    @extend_schema(request=SpecialDayPatch, responses=SpecialDayOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Another name or other hours; branch and date stay."""
        told = self.read(SpecialDayPatch)
        return self.show(special_days.change_special_day(self.own(pk), **told, by=request.user))

    @extend_schema(responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Make the day one like any other."""
        special_days.delete_special_day(self.own(pk), by=request.user)
        return self.answer(None, status=204)

    @extend_schema(request=TakeOverIn, responses=TakenOverOut)
    @action(detail=False, methods=["post"], url_path="take-over")
    def take_over(self, request: StaffRequest) -> Response:
        """Close the days off of the country in a year, where nothing else was said of the day. May be repeated."""
        told = self.read(TakeOverIn)
        branch = told.get("branch")
        self.require(branch.pk if branch else None)
        days = special_days.take_over(year=told["year"], branch=branch, by=request.user)
        return self.answer({"created": len(days), "items": SpecialDayOut(days, many=True).data})
