from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.core import screens
from apps.core.api import StaffRequest, TenantViewSet, window
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.core.events import viewed
from apps.org.models import Branch
from apps.staff.models import EmployeeBranch
from apps.visits import access, actions, pricing, queries
from apps.visits.api.shapes import (
    DiagnosesIn,
    DiaryIn,
    VersionIn,
    VisitOut,
    VisitPage,
    VisitsIn,
    WalkInIn,
    WorksIn,
)
from apps.visits.models import Visit


class VisitViewSet(TenantViewSet):
    """Visits: the worklist of a day and the record of what happened in the chair."""

    queryset = Visit.objects.none()
    serializer_class = VisitOut
    # What was done and what it costs; the diary in it needs record:read.
    permission = "visits:prices"
    permissions: ClassVar = {
        "create": "appointments:status",
        "partial_update": "record:write",
        "diagnoses": "record:write",
        "works": "visits:write",
        "start": "visits:write",
        "sign": "visits:sign",
    }

    @extend_schema(parameters=[VisitsIn], responses=VisitPage)
    def list(self, request: StaffRequest) -> Response:
        """The visits of a day, whole: open and signed, in the order of their appointments."""
        query = self.read(VisitsIn)
        branches = self._branches(query.get("branch"))
        zone = branches[0] if branches else Branch()
        day = query.get("date") or zone.today(timezone.now())
        rows = queries.worklist(
            branches=branches,
            day=day,
            reach=self.reach,
            caller=self.caller,
            employee_id=query.get("employee"),
            status=query.get("status", ""),
            clinical=self._sees_allergies(),
        )
        screens.seen(
            "worklist",
            by=request.user,
            branch_id=query["branch"].pk if query.get("branch") else None,
            what={"date": str(day)},
        )
        return self.answer(window(rows))

    @extend_schema(request=WalkInIn, responses={201: VisitOut})
    def create(self, request: StaffRequest) -> Response:
        """Open a visit for somebody who came without an appointment."""
        data = self.read(WalkInIn)
        branch, employee = data["branch"], data["employee"]
        own = self.reach.own and employee.user_id == self.caller.user.pk
        if not (self.reach.covers(branch.pk) or own):
            raise Forbidden
        if not access.knows(self.caller, data["patient"]):
            raise InvalidInput(fields={"patient": [pricing.UNKNOWN]})
        works_here = EmployeeBranch.objects.filter(employee=employee, branch=branch).exists()
        if not (works_here and employee.is_active):
            raise InvalidInput(fields={"employee": [_("He does not work in this branch.")]})
        visit = actions.open_visit(**data, by=request.user, now=timezone.now())
        return self._detail(visit.pk, Visit.objects, status=201)

    @extend_schema(responses=VisitOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One visit. Opening it leaves a row in the journal."""
        rows = access.within(Visit.objects, self.reach, self.caller)
        response = self._detail(pk, rows)
        viewed("visits", pk, by=request.user, patient_id=response.data["patient"]["id"])
        return response

    @extend_schema(request=DiaryIn, responses=VisitOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Write sections of the diary; the others stay. Refused: `stale`, `visit_signed`."""
        data = self.read(DiaryIn)
        visit = self._editable(pk, data.pop("version"))
        actions.write_diary(visit=visit, sections=data, by=request.user)
        return self._detail(pk, Visit.objects)

    @extend_schema(request=DiagnosesIn, responses=VisitOut)
    @action(detail=True, methods=["put"])
    def diagnoses(self, request: StaffRequest, pk: UUID) -> Response:
        """Replace the diagnoses. Refused: `stale`, `visit_signed`."""
        data = self.read(DiagnosesIn)
        visit = self._editable(pk, data["version"])
        actions.set_diagnoses(visit=visit, items=data["items"], by=request.user)
        return self._detail(pk, Visit.objects)

    @extend_schema(request=WorksIn, responses=VisitOut)
    @action(detail=True, methods=["put"])
    def works(self, request: StaffRequest, pk: UUID) -> Response:
        """Replace the works done; they are priced here. Refused: `stale`, `visit_signed`."""
        data = self.read(WorksIn)
        visit = self._editable(pk, data["version"])
        rights = self._pricing(visit.branch_id)
        actions.set_works(visit=visit, items=data["items"], rights=rights, by=request.user)
        return self._detail(pk, Visit.objects)

    @extend_schema(request=None, responses=VisitOut)
    @action(detail=True, methods=["post"])
    def start(self, request: StaffRequest, pk: UUID) -> Response:
        """The patient is in the chair; the appointment goes on to "in progress"."""
        actions.start(visit=self._editable(pk, moves=True), by=request.user, now=timezone.now())
        return self._detail(pk, Visit.objects)

    @extend_schema(request=VersionIn, responses=VisitOut)
    @action(detail=True, methods=["post"])
    def sign(self, request: StaffRequest, pk: UUID) -> Response:
        """Sign as the doctor of the visit: nothing changes any more, the invoice is issued, the appointment is done."""
        visit = self._editable(pk, self.read(VersionIn)["version"], moves=True)
        actions.sign(visit=visit, by=request.user, now=timezone.now())
        return self._detail(pk, Visit.objects)

    def _editable(self, pk: UUID, version: int | None = None, *, moves: bool = False) -> Visit:
        """The visit, locked. ``moves``: its appointment will move on too."""
        rows = access.within(Visit.objects, self.reach, self.caller)
        if moves:
            actions.hold_appointment(pk)
        return actions.editable(rows, pk, version)

    def _branches(self, wanted: Branch | None) -> Sequence[Branch]:
        """The branches to look in; a branch out of reach does not exist."""
        if wanted is None:
            rows = Branch.objects.order_by("position", "id")
            if not (self.reach.all or self.reach.own):
                rows = rows.filter(pk__in=self.reach.branches)
            return list(rows)
        if not (self.reach.own or self.reach.covers(wanted.pk)):
            raise InvalidInput(fields={"branch": [pricing.UNKNOWN]})
        return [wanted]

    def _sees_allergies(self) -> bool:
        return any(self.caller.may(code) for code in ("record:read", "patients:contacts"))

    def _pricing(self, branch_id: UUID) -> pricing.Rights:
        caller = self.caller
        price = any(caller.may(code, branch_id) for code in ("services:write", "visits:prices"))
        return pricing.Rights(price, pricing.discount_cap(caller, branch_id))

    def _detail(self, pk: UUID, rows: Any, status: int = 200) -> Response:
        now: datetime = timezone.now()
        visit = (
            rows.filter(pk=pk)
            .select_related("patient", "employee", "branch", "appointment", "signed_by")
            .first()
        )
        if visit is None:
            raise NotFound
        readable = self._reaches("record:read", visit)
        shown = queries.detail(visit, now=now, clinical=readable)
        if not readable and self._sees_allergies():
            shown["patient"]["allergies"] = visit.patient.allergies
        return self.answer(shown | {"can": self._can(visit)}, status=status)

    def _can(self, visit: Visit) -> dict[str, Any]:
        is_open = visit.status == Visit.Status.OPEN
        rights = self._pricing(visit.branch_id)
        works = is_open and self._reaches("visits:write", visit)
        return {
            "diary": is_open and self._reaches("record:write", visit),
            "works": works,
            "sign": is_open
            and self.caller.may("visits:sign")
            and visit.employee.user_id == self.caller.user.pk,
            "price": works and rights.price,
            "discount_cap": rights.discount_cap if works else Decimal(0),
        }

    def _reaches(self, permission: str, visit: Visit) -> bool:
        reach = self.caller.scope(permission)
        if reach.covers(visit.branch_id):
            return True
        if not reach.own:
            return False
        if visit.employee.user_id == self.caller.user.pk:
            return True
        return access.within(Visit.objects.filter(pk=visit.pk), reach, self.caller).exists()
