"""The register of patients: search, quick creation, the head of the card."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.core import crypto
from apps.core.api import StaffRequest, TenantViewSet, page_of
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.core.events import viewed
from apps.core.looks import journal_search
from apps.core.schema import page_schema
from apps.org.models import Branch
from apps.patients import actions, balance, queries, search
from apps.patients.api.shapes import (
    IinOut,
    PatientCreateIn,
    PatientListIn,
    PatientOut,
    PatientPatch,
    PatientRowOut,
    show_card,
    show_rows,
)
from apps.patients.models import CareLink, Patient

HOME_ZONE = ZoneInfo("Asia/Almaty")
_Employee: Any = CareLink._meta.get_field("employee").remote_field.model


def local_today() -> date:
    """The whole country has one time."""
    return timezone.now().astimezone(HOME_ZONE).date()


class PatientViewSet(TenantViewSet):
    queryset = Patient.objects.none()
    serializer_class = PatientOut
    permission = "patients:read"
    write_permission = "patients:write"
    permissions = {"iin": "iin:read"}  # noqa: RUF012

    def patient(self, pk: UUID) -> Patient:
        found: Patient = self.one(queries.reached(Patient.objects, self.reach, self.caller), pk)
        return found

    def card(self, patient: Patient, status: int = 200) -> Response:
        shown = show_card(patient, balance.of(patient.pk), self.caller, local_today())
        return self.answer(shown, status=status)

    @extend_schema(parameters=[PatientListIn], responses=page_schema(PatientRowOut, "PatientPage"))
    def list(self, request: StaffRequest) -> Response:
        """Patients whom the caller may see, or with `q` the best matches among them."""
        query = self.read(PatientListIn)
        text = query.get("q", "")
        filters = [name for name in ("q", "archived") if query.get(name)]
        journal_search("patients", by=request.user, now=timezone.now(), filters=filters)
        if text:
            return self.answer(self.found(text, query))
        rows = queries.reached(Patient.objects, self.reach, self.caller)
        rows = rows.filter(is_archived=query["archived"]).order_by(
            *queries.ORDERINGS[query["ordering"]]
        )
        return self.answer(
            page_of(queries.rows_of(rows), query, lambda page: show_rows(page, self.caller))
        )

    def found(self, text: str, query: dict[str, Any]) -> dict[str, Any]:
        wanted = search.understand(text, contacts=self.caller.may("patients:contacts"))
        if not wanted:
            return {"items": [], "total": 0, "next": None}
        page, size = query["page"], query["size"]
        rows, total = queries.search(
            wanted, reach=self.reach, caller=self.caller, archived=query["archived"], page=page, size=size
        )  # fmt: skip
        items = show_rows(rows, self.caller)
        return {"items": items, "total": total, "next": page + 1 if page * size < total else None}

    @extend_schema(request=PatientCreateIn, responses={201: PatientOut})
    def create(self, request: StaffRequest) -> Response:
        """Register a patient. 409 `possible_duplicates` (details: `candidates`, `elsewhere`) warns of the same phone or
        the same name and birth date unless `confirm_duplicate` is sent; 409 `iin_taken` of the same IIN."""
        told = self.read(PatientCreateIn)
        branch, employee_id = self.place(told.pop("branch", None))
        patient = actions.register(
            caller=self.caller, today=local_today(), branch=branch, employee_id=employee_id, **told
        )
        return self.card(patient, status=201)

    @extend_schema(responses=PatientOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """The head of the card. Opening it is journalled."""
        found = queries.card(pk, self.reach, self.caller)
        if found is None:
            raise NotFound
        viewed("patients", pk, by=request.user, patient_id=pk)
        return self.answer(show_card(*found, self.caller, local_today()))

    @extend_schema(request=PatientPatch, responses=PatientOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a patient. An empty `iin` takes it away; `is_archived: true` archives him."""
        patient = self.patient(pk)
        told = self.read(PatientPatch)
        branch = told.get("branch")
        if branch is not None and branch.pk != patient.branch_id:
            self.place(branch)
        return self.card(actions.change(patient, caller=self.caller, today=local_today(), **told))

    @extend_schema(responses=IinOut)
    @action(detail=True, methods=["get"])
    def iin(self, request: StaffRequest, pk: UUID) -> Response:
        """The full IIN. Each look is journalled."""
        patient = self.patient(pk)
        value = crypto.unseal(patient, "iin_sealed")
        if value is None:
            raise NotFound
        viewed("patients", patient.pk, by=request.user, patient_id=patient.pk, what="iin")
        return self.answer({"iin": value})

    def place(self, branch: Branch | None) -> tuple[Branch | None, UUID | None]:
        """Where a new patient belongs, and to whom when the caller treats him himself."""
        reach = self.reach
        if reach.all or (branch is not None and branch.pk in reach.branches):
            return branch, None
        if branch is None and len(reach.branches) == 1:
            return Branch.objects.get(pk=next(iter(reach.branches))), None
        if not reach.own:
            if branch is not None:
                raise Forbidden
            raise InvalidInput(fields={"branch": [_("Choose a branch.")]})
        return self.own_place(branch)

    def own_place(self, branch: Branch | None) -> tuple[Branch, UUID]:
        employee = _Employee.objects.filter(user=self.caller.user, is_active=True).first()
        if employee is None:
            raise Forbidden
        mine = Branch.objects.filter(pk__in=employee.branch_links.values("branch"), is_active=True)
        if branch is None:
            branch = mine.order_by("position", "id").first()
        elif not mine.filter(pk=branch.pk).exists():
            raise Forbidden
        if branch is None:
            raise InvalidInput(fields={"branch": [_("Choose a branch.")]})
        return branch, employee.pk
