"""Positions and specialities."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.core.api import In, ListIn, Out, PatchIn, StaffRequest, TenantViewSet, page_of
from apps.core.errors import Forbidden
from apps.core.schema import page_schema
from apps.staff import actions
from apps.staff.models import Position, Speciality


class StaffListIn(ListIn):
    size = serializers.IntegerField(min_value=1, max_value=200, default=200)


class PositionIn(In):
    name = serializers.CharField(max_length=80)
    treats = serializers.BooleanField(
        required=False, help_text="People of this position are columns of the calendar."
    )


class PositionPatch(PatchIn, PositionIn):
    pass


class PositionOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    treats = serializers.BooleanField(help_text="Its people are columns of the calendar.")
    version = serializers.IntegerField()


class SpecialityIn(In):
    name = serializers.CharField(max_length=80)


class SpecialityPatch(PatchIn, SpecialityIn):
    pass


class SpecialityOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField()


class OrganizationListViewSet(TenantViewSet):
    """A short list of the organisation: everybody reads it whole, whoever manages all branches changes it."""

    permission = "staff:read"
    write_permission = "staff:write"

    def page(self, rows: Any) -> Response:
        query = self.read(StaffListIn)
        return self.answer(
            page_of(rows, query, lambda items: self.get_serializer(items, many=True).data)
        )

    def require_all(self) -> None:
        if not self.reach.all:
            raise Forbidden


class PositionViewSet(OrganizationListViewSet):
    queryset = Position.objects.none()
    serializer_class = PositionOut

    @extend_schema(parameters=[StaffListIn], responses=page_schema(PositionOut, "PositionPage"))
    def list(self, request: StaffRequest) -> Response:
        """Job titles of the organisation."""
        return self.page(Position.objects.order_by("name", "id"))

    @extend_schema(request=PositionIn, responses={201: PositionOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a job title; needs the right in the whole organisation."""
        self.require_all()
        return self.show(
            actions.create_position(**self.read(PositionIn), by=request.user), status=201
        )

    @extend_schema(request=PositionPatch, responses=PositionOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a job title; needs the right in the whole organisation."""
        self.require_all()
        row = self.one(Position.objects, pk)
        return self.show(actions.change_position(row, **self.read(PositionPatch), by=request.user))


class SpecialityViewSet(OrganizationListViewSet):
    queryset = Speciality.objects.none()
    serializer_class = SpecialityOut

    @extend_schema(parameters=[StaffListIn], responses=page_schema(SpecialityOut, "SpecialityPage"))
    def list(self, request: StaffRequest) -> Response:
        """Medical specialities of the organisation."""
        return self.page(Speciality.objects.order_by("name", "id"))

    @extend_schema(request=SpecialityIn, responses={201: SpecialityOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a speciality; needs the right in the whole organisation."""
        self.require_all()
        told = self.read(SpecialityIn)
        return self.show(actions.create_speciality(**told, by=request.user), status=201)

    @extend_schema(request=SpecialityPatch, responses=SpecialityOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Rename a speciality; needs the right in the whole organisation."""
        self.require_all()
        row = self.one(Speciality.objects, pk)
        return self.show(
            actions.change_speciality(row, **self.read(SpecialityPatch), by=request.user)
        )
