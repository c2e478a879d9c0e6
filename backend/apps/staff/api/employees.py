"""The register of staff."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import (
    Color,
    In,
    ListIn,
    Out,
    PatchIn,
    Phone,
    StaffRequest,
    TenantKey,
    TenantKeys,
    TenantViewSet,
    page_of,
)
from apps.core.errors import Forbidden, InvalidInput
from apps.core.kz.order import in_kazakh_order
from apps.core.schema import page_schema
from apps.org.models import Branch
from apps.staff import actions, queries
from apps.staff.models import Employee, EmployeeService, Position, Speciality

Service: Any = EmployeeService._meta.get_field("service").remote_field.model


class EmployeeListIn(ListIn):
    q = serializers.CharField(max_length=80, required=False, help_text="Any part of the names.")
    branch = TenantKey(Branch.objects, required=False)
    position = TenantKey(Position.objects, required=False)
    speciality = TenantKey(Speciality.objects, required=False)
    treats = serializers.BooleanField(required=False, help_text="Only columns of the calendar.")
    is_active = serializers.BooleanField(required=False, help_text="Leave out for both.")


class EmployeeIn(In):
    last_name = serializers.CharField(max_length=80)
    first_name = serializers.CharField(max_length=80)
    middle_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    position = TenantKey(Position.objects)
    phone = Phone(required=False, allow_blank=True, help_text="In any form.")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    color = Color(required=False)
    user = serializers.UUIDField(
        required=False, allow_null=True, source="user_id", help_text="The account he logs in with."
    )
    branches = TenantKeys(Branch.objects, required=False, help_text="Where he works.")
    specialities = TenantKeys(Speciality.objects, required=False)
    services = TenantKeys(
        Service.objects,
        required=False,
        help_text="What he does; empty: whatever nobody is named for.",
    )


class EmployeePatch(PatchIn, EmployeeIn):
    is_active = serializers.BooleanField()


class PositionBriefOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    treats = serializers.BooleanField()


class EmployeeRowOut(Out):
    id = serializers.UUIDField()
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    short_name = serializers.CharField(help_text="`Ахметов А. Б.`")
    position = PositionBriefOut()
    color = serializers.CharField()
    phone = serializers.CharField(help_text="E.164; empty for who may not see it.")
    email = serializers.CharField(help_text="Empty for who may not see it.")
    user = serializers.UUIDField(source="user_id", allow_null=True)
    branches = serializers.ListField(child=serializers.UUIDField(), source="branch_ids")
    specialities = serializers.ListField(child=serializers.UUIDField(), source="speciality_ids")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not self.context.get("contacts"):
            shown["phone"] = shown["email"] = ""
        return shown


class EmployeeOut(EmployeeRowOut):
    services = serializers.ListField(child=serializers.UUIDField(), source="service_ids")
    left_to_others = serializers.ListField(
        child=serializers.UUIDField(),
        source="others_service_ids",
        help_text="Services that somebody is named for, but not he: whoever books him for one is warned.",
    )


class EmployeeViewSet(TenantViewSet):
    queryset = Employee.objects.none()
    serializer_class = EmployeeOut
    permission = "staff:read"
    write_permission = "staff:write"

    def get_serializer_context(self) -> dict[str, Any]:
        caller = self.caller
        contacts = caller.may("staff:write") or caller.may("users:read")
        return dict(super().get_serializer_context()) | {"contacts": contacts}

    @extend_schema(
        parameters=[EmployeeListIn], responses=page_schema(EmployeeRowOut, "EmployeePage")
    )
    def list(self, request: StaffRequest) -> Response:
        """The staff that the caller may see, by name."""
        query = self.read(EmployeeListIn)
        rows = queries.within(self.reach)
        if "branch" in query:
            rows = rows.filter(branch_links__branch=query["branch"])
        if "speciality" in query:
            rows = rows.filter(speciality_links__speciality=query["speciality"])
        if "position" in query:
            rows = rows.filter(position=query["position"])
        if "treats" in query:
            rows = rows.filter(position__treats=query["treats"])
        if "is_active" in query:
            rows = rows.filter(is_active=query["is_active"])
        rows = queries.named(rows, query["q"]) if query.get("q") else rows
        order = in_kazakh_order("last_name", "first_name")
        rows = queries.with_links(rows, services=False).order_by(*order, "id")
        context = self.get_serializer_context()
        return self.answer(
            page_of(
                rows, query, lambda items: EmployeeRowOut(items, many=True, context=context).data
            )
        )

    @extend_schema(responses=EmployeeOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One employee with branches, specialities and services."""
        return self.show(
            self.one(queries.with_links(queries.within(self.reach), services=True), pk)
        )

    @extend_schema(request=EmployeeIn, responses={201: EmployeeOut})
    def create(self, request: StaffRequest) -> Response:
        """Engage somebody. Who manages some branches names at least one of them, and no other."""
        told = self.read(EmployeeIn)
        self.require_branches(set(told.get("branches", ())))
        return self.shown(actions.create_employee(**told, by=request.user), status=201)

    @extend_schema(request=EmployeePatch, responses=EmployeeOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change an employee. `is_active: false` when he has left; he is never deleted."""
        employee = self.one(queries.with_links(queries.within(self.reach), services=False), pk)
        told = self.read(EmployeePatch)
        if "branches" in told and not self.reach.all:
            self.require_kept(set(told["branches"]), set(employee.branch_ids))
        return self.shown(actions.change_employee(employee, **told, by=request.user))

    def require_branches(self, branches: set[UUID]) -> None:
        if self.reach.all:
            return
        if not branches:
            raise InvalidInput(fields={"branches": [_("Name a branch of yours.")]})
        if branches - self.reach.branches:
            raise Forbidden

    def require_kept(self, told: set[UUID], present: set[UUID]) -> None:
        """He who manages some branches may add and remove those only."""
        if (told ^ present) - self.reach.branches:
            raise Forbidden
        self.require_branches(told & self.reach.branches)

    def shown(self, employee: Employee, status: int = 200) -> Response:
        rows = queries.with_links(Employee.objects.filter(pk=employee.pk), services=True)
        return self.show(rows.get(), status=status)
