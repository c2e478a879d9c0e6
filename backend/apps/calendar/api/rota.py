"""The rota of a branch: who works when, painted over many days at once."""

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import rota
from apps.calendar.api.load import PeriodOut
from apps.core.api import In, Out, StaffRequest, TenantKey, TenantKeys, TenantViewSet
from apps.core.api.fields import Clock
from apps.core.api.periods import Day, Period
from apps.core.errors import Forbidden, NotFound
from apps.org.models import Branch, Chair, Room
from apps.staff import actions
from apps.staff.actions.rota import Hours
from apps.staff.models import Absence, Employee, RotaDay

SOURCES = [(word, word) for word in ("template", "rota_day", "substitution")]


class RotaIn(Period, In):
    """At most 31 days of a branch."""

    longest_days = 31
    days_required = True

    branch = TenantKey(Branch.objects)


class RotaSpanIn(In):
    starts = Clock(help_text="Local time of the branch.")
    ends = Clock(help_text="The end is not included.")
    room = TenantKey(Room.objects, required=False, allow_null=True)
    chair = TenantKey(
        Chair.objects, required=False, allow_null=True, help_text="A chair of that room."
    )


class PaintIn(In):
    branch = TenantKey(Branch.objects)
    employees = TenantKeys(Employee.objects, min_length=1, max_length=100)
    dates = serializers.ListField(
        child=Day(), min_length=1, max_length=62, help_text="Any days, not only adjoining ones."
    )
    what = serializers.ChoiceField(
        [("hours", "hours"), ("off", "off"), ("template", "template")],
        help_text="`hours`: as in `spans`; `off`: does not work; `template`: as the weekly shifts say.",
    )
    spans = RotaSpanIn(many=True, required=False, help_text="The hours, at most four stretches.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        spans = data.get("spans") or []
        if data["what"] == "hours" and not spans:
            raise serializers.ValidationError({"spans": _("Name the hours.")})
        if (data["what"] != "hours" and spans) or len(spans) > 4:
            raise serializers.ValidationError({"spans": _("At most four, and only with hours.")})
        return data


class CopyIn(Period, In):
    """Days of one person, at most 31 of them."""

    longest_days = 31
    days_required = True

    branch = TenantKey(Branch.objects)
    employee = TenantKey(Employee.objects, help_text="Whose days are copied.")
    employees = TenantKeys(Employee.objects, min_length=1, max_length=100, help_text="To whom.")
    start = Day(help_text="The first day that is made like `from`.")
    times = serializers.IntegerField(
        min_value=1, max_value=12, default=1, help_text="How many times, one after the other."
    )


class PaintedOut(Out):
    cells = serializers.IntegerField(help_text="How many days of people were written.")


class RotaSpanOut(Out):
    branch_id = serializers.UUIDField(help_text="Where; another branch is shown, not counted.")
    starts = serializers.CharField(help_text="`09:00`, local time of that branch.")
    ends = serializers.CharField(help_text="The end is not included.")
    room_id = serializers.UUIDField(allow_null=True, help_text="The room.")
    chair_id = serializers.UUIDField(allow_null=True, help_text="The chair.")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        SOURCES, help_text="What says so."
    )


class RotaDayOut(Out):
    date = serializers.DateField(help_text="The day.")
    spans = serializers.ListField(child=RotaSpanOut(), help_text="When he works.")
    is_exception = serializers.BooleanField(help_text="The rota says something of this very day.")
    is_off = serializers.BooleanField(help_text="It says that he is off.")
    minutes = serializers.IntegerField(help_text="Working time here without the breaks.")
    booked_minutes = serializers.IntegerField(
        allow_null=True, help_text="Empty for those who may not see appointments."
    )
    appointments = serializers.IntegerField(allow_null=True, help_text="How many are booked.")


class RotaPersonOut(Out):
    employee_id = serializers.UUIDField(help_text="The employee.")
    name = serializers.CharField(help_text="Last name and initials.")
    color = serializers.CharField(help_text="`#rrggbb`.")
    position = serializers.CharField(help_text="What he is.")
    is_own = serializers.BooleanField(help_text="It is the caller himself.")
    days = serializers.ListField(child=RotaDayOut(), help_text="Days of which there is anything.")


class RotaAbsenceOut(Out):
    id = serializers.UUIDField(help_text="The absence.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    employee_id = serializers.UUIDField(help_text="Who.")
    kind = serializers.ChoiceField(
        Absence.Kind.choices, allow_null=True, help_text="Empty for those who do not arrange it."
    )
    first_day = serializers.DateField(help_text="The first day.")
    last_day = serializers.DateField(help_text="The last day.")
    note = serializers.CharField(allow_blank=True, help_text="For those who arrange it.")


class RotaSpecialDayOut(Out):
    id = serializers.UUIDField(help_text="The special day.")
    branch_id = serializers.UUIDField(allow_null=True, help_text="Empty: of all branches.")
    date = serializers.DateField(help_text="The day.")
    name = serializers.CharField(help_text="A holiday, or the reason.")
    opens = serializers.CharField(allow_null=True, help_text="Empty: closed.")
    closes = serializers.CharField(allow_null=True, help_text="The end is not included.")


class RotaOut(PeriodOut):
    employees = serializers.ListField(
        child=RotaPersonOut(), help_text="Who treats comes first; then by the alphabet."
    )
    absences = serializers.ListField(child=RotaAbsenceOut(), help_text="Of these people.")
    special_days = serializers.ListField(
        child=RotaSpecialDayOut(), help_text="What is special about the branch's days."
    )


class RotaViewSet(TenantViewSet):
    """The rota: hours of people on dates."""

    queryset = RotaDay.objects.none()
    serializer_class = RotaOut
    permission = "staff:read"
    write_permission = "staff:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[RotaIn], responses=RotaOut)
    def list(self, request: StaffRequest) -> Response:
        """Who works when in a branch, why, and how full the days are."""
        query = self.read(RotaIn)
        branch: Branch = query["branch"]
        if not self.reach.covers(branch.pk):
            raise NotFound
        return self.answer(
            rota.month(
                branch=branch,
                first=query["from"],
                last=query["to"],
                branches=None if self.reach.all else sorted(self.reach.branches),
                caller=self.caller,
            )
        )

    @extend_schema(request=PaintIn, responses=PaintedOut)
    @action(detail=False, methods=["post"])
    def paint(self, request: StaffRequest) -> Response:
        """Give people hours on dates, or none, or what their shifts say; all or nothing. Appointments are not touched."""
        told = self.read(PaintIn)
        what = told.pop("what")
        spans = [Hours(**part) for part in told.pop("spans", ())]
        cells = actions.paint_rota(
            **told | {"dates": sorted(set(told["dates"]))},
            spans=None if what == "template" else spans,
            today=self._today(told["branch"]),
            by=request.user,
        )
        return self.answer({"cells": cells})

    @extend_schema(request=CopyIn, responses=PaintedOut)
    @action(detail=False, methods=["post"])
    def copy(self, request: StaffRequest) -> Response:
        """Make days like others: a week over a month, one person's over another's. Closed days are left alone."""
        told = self.read(CopyIn)
        cells = actions.copy_rota(
            first=told.pop("from"),
            last=told.pop("to"),
            **told | {"employee": told["employee"].pk},
            today=self._today(told["branch"]),
            by=request.user,
        )
        return self.answer({"cells": cells})

    def _today(self, branch: Branch) -> date:
        if not self.reach.covers(branch.pk):
            raise Forbidden
        return branch.today(timezone.now())
