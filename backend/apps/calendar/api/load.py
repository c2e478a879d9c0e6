"""How full the days are: for the month, and for the picker of a date."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import day, place, rota
from apps.calendar.models import Appointment
from apps.core.api import In, Out, StaffRequest, TenantViewSet, etag
from apps.core.api.periods import Period
from apps.core.errors import InvalidInput


class LoadIn(Period, In):
    """At most 62 days of a branch."""

    longest_days = 62
    days_required = True

    branch = serializers.UUIDField(help_text="The branch.")


class LoadCellOut(Out):
    employee_id = serializers.UUIDField(help_text="The doctor.")
    date = serializers.DateField(help_text="The day.")
    shift_minutes = serializers.IntegerField(help_text="Working time without the breaks.")
    booked_minutes = serializers.IntegerField(help_text="Minutes booked; may be more.")
    appointments = serializers.IntegerField(help_text="How many are booked.")


class LoadDayOut(Out):
    date = serializers.DateField(help_text="The day.")
    is_open = serializers.BooleanField(help_text="False: the branch is closed.")
    special_day = serializers.CharField(
        allow_blank=True, help_text="A holiday or other hours; mostly empty."
    )
    shift_minutes = serializers.IntegerField(help_text="Of all its doctors.")
    booked_minutes = serializers.IntegerField(help_text="Of all its doctors.")
    appointments = serializers.IntegerField(help_text="Of all its doctors.")


class LoadPersonOut(Out):
    employee_id = serializers.UUIDField(help_text="The doctor.")
    name = serializers.CharField(help_text="Last name and initials.")
    color = serializers.CharField(help_text="`#rrggbb`.")
    speciality = serializers.CharField(help_text="His speciality, or position.")


class PeriodOut(Out):
    branch_id = serializers.UUIDField(help_text="The branch.")
    from_ = serializers.DateField(help_text="The first day.")
    to = serializers.DateField(help_text="The last day.")

    def get_fields(self) -> dict[str, Any]:
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class DaysLoadOut(PeriodOut):
    employees = serializers.ListField(child=LoadPersonOut(), help_text="In the alphabet's order.")
    days = serializers.ListField(child=LoadDayOut(), help_text="Each day of the period.")
    items = serializers.ListField(
        child=LoadCellOut(), help_text="Days of doctors on which they work or are booked."
    )


class LoadViewSet(TenantViewSet):
    """How full the days of a branch are."""

    queryset = Appointment.objects.none()
    serializer_class = DaysLoadOut
    permission = "appointments:read"
    permissions: ClassVar = {}

    @extend_schema(parameters=[LoadIn], responses=DaysLoadOut)
    def list(self, request: StaffRequest) -> Response:
        """Minutes worked and booked, per doctor and day; a doctor sees his own. Send the ETag back: unchanged is 304."""
        query = self.read(LoadIn)
        state = day.state(query["branch"])
        if state is None or not (self.reach.own or self.reach.covers(query["branch"])):
            raise InvalidInput(fields={"branch": [place.UNKNOWN]})
        branch, first, last = state.branch, query["from"], query["to"]
        tag = etag.make(
            "load", self.caller.version, branch.pk, branch.version, state.counter, first, last
        )
        return self.tagged(
            tag,
            lambda: rota.load(
                branch=branch, first=first, last=last, caller=self.caller, reach=self.reach
            ),
        )
