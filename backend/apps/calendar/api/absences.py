"""Leave and sick leave, and the appointments that lie in them."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import absences
from apps.calendar.api.outputs import AppointmentOut
from apps.calendar.place import UNKNOWN
from apps.core import screens
from apps.core.api import In, ListIn, Out, PatchIn, StaffRequest, TenantKey, TenantViewSet, page_of
from apps.core.api.periods import Day, Period
from apps.core.errors import InvalidInput
from apps.core.schema import page_schema
from apps.staff import actions
from apps.staff.models import Absence, Employee, EmployeeBranch


class AbsenceListIn(Period, ListIn):
    employee = TenantKey(Employee.objects, required=False)


class AbsencePartIn(In):
    kind = serializers.ChoiceField(Absence.Kind.choices, help_text="Why.")
    first_day = Day(help_text="The first day.")
    last_day = Day(help_text="The last day, included; at most a year.")
    note = serializers.CharField(
        max_length=250, required=False, allow_blank=True, help_text="For those who arrange it."
    )


class AbsenceIn(AbsencePartIn):
    employee = TenantKey(Employee.objects)


class AbsencePatch(PatchIn, AbsencePartIn):
    pass


class AbsenceOut(Out):
    id = serializers.UUIDField()
    employee = serializers.UUIDField(source="employee_id")
    kind = serializers.ChoiceField(Absence.Kind.choices)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class AbsenceDetailOut(AbsenceOut):
    appointments_total = serializers.IntegerField(help_text="Live appointments in these days.")
    appointments = serializers.ListField(
        child=AppointmentOut(),
        help_text="The first 200 of them, as far as the caller sees them; they stay as they are.",
    )


class AbsenceViewSet(TenantViewSet):
    """Days on which somebody works nowhere."""

    queryset = Absence.objects.none()
    serializer_class = AbsenceOut
    permission = "staff:write"  # why somebody is away is for those who arrange it
    write_permission = "staff:write"
    permissions: ClassVar = {}

    def rows(self) -> Any:
        rows = Absence.objects.select_related("employee").order_by("first_day", "id")
        if self.reach.all:
            return rows
        links = EmployeeBranch.objects.filter(branch__in=self.reach.branches)
        return rows.filter(employee__in=links.values("employee"))

    @extend_schema(parameters=[AbsenceListIn], responses=page_schema(AbsenceOut, "AbsencePage"))
    def list(self, request: StaffRequest) -> Response:
        """Absences that touch these days, by their beginning."""
        query = self.read(AbsenceListIn)
        rows = self.rows().select_related(None)
        if "employee" in query:
            rows = rows.filter(employee=query["employee"])
        if "from" in query:
            rows = rows.filter(last_day__gte=query["from"])
        if "to" in query:
            rows = rows.filter(first_day__lte=query["to"])
        return self.answer(page_of(rows, query, lambda items: AbsenceOut(items, many=True).data))

    @extend_schema(request=AbsenceIn, responses={201: AbsenceDetailOut})
    def create(self, request: StaffRequest) -> Response:
        """Somebody will be away. Answers the appointments that lie in these days; they stay as they are."""
        told = self.read(AbsenceIn)
        links = EmployeeBranch.objects.filter(employee=told["employee"])
        if not self.reach.all and not links.filter(branch__in=self.reach.branches).exists():
            raise InvalidInput(fields={"employee": [UNKNOWN]})
        return self._detail(actions.create_absence(**told, by=request.user), status=201)

    @extend_schema(responses=AbsenceDetailOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One absence with the appointments that lie in it."""
        return self._detail(self.one(self.rows(), pk))

    @extend_schema(request=AbsencePatch, responses=AbsenceDetailOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Other days or another reason; the person stays."""
        absence = self.one(self.rows(), pk)
        told = self.read(AbsencePatch)
        return self._detail(actions.change_absence(absence, **told, by=request.user))

    @extend_schema(responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """He is there after all."""
        actions.delete_absence(self.one(self.rows(), pk), by=request.user)
        return self.answer(None, status=204)

    def _detail(self, absence: Absence, status: int = 200) -> Response:
        reach = self.caller.scope("appointments:read")
        total, rows = absences.within(absence, caller=self.caller, reach=reach)
        if rows:
            screens.seen("absence", by=self.caller.user)
        shown = AbsenceOut(absence).data
        return self.answer(
            {**shown, "appointments_total": total, "appointments": rows}, status=status
        )
