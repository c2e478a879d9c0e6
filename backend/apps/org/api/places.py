"""Branches, their rooms, chairs and devices. Nothing is deleted here: what is no longer used becomes inactive."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.core.api import StaffRequest, TenantViewSet, page_of
from apps.core.errors import Forbidden
from apps.core.permissions import Scope
from apps.core.schema import page_schema
from apps.org import actions
from apps.org.api.shapes import (
    BranchIn,
    BranchOut,
    BranchPatch,
    ChairIn,
    ChairListIn,
    ChairOut,
    ChairPatch,
    DeviceIn,
    DeviceOut,
    DevicePatch,
    PlaceListIn,
    RoomIn,
    RoomListIn,
    RoomOut,
    RoomPatch,
)
from apps.org.models import Branch, Chair, Device, Room


def within(rows: Any, reach: Scope, path: str) -> Any:
    """The rows whose branch (at ``path``) the caller's permission reaches."""
    return rows if reach.all else rows.filter(**{f"{path}__in": reach.branches})


class PlaceViewSet(TenantViewSet):
    permission = "structure:read"
    write_permission = "structure:write"

    def require(self, branch_id: UUID) -> None:
        if not self.caller.may("structure:write", branch_id):
            raise Forbidden

    def page(self, rows: Any, query: dict[str, Any]) -> Response:
        if "is_active" in query:
            rows = rows.filter(is_active=query["is_active"])
        return self.answer(
            page_of(rows, query, lambda items: self.get_serializer(items, many=True).data)
        )


class BranchViewSet(PlaceViewSet):
    queryset = Branch.objects.none()
    serializer_class = BranchOut

    def rows(self) -> Any:
        return within(Branch.objects.order_by("position", "name", "id"), self.reach, "pk")

    @extend_schema(parameters=[PlaceListIn], responses=page_schema(BranchOut, "BranchPage"))
    def list(self, request: StaffRequest) -> Response:
        """The branches that the caller may see."""
        return self.page(self.rows(), self.read(PlaceListIn))

    @extend_schema(request=BranchIn, responses={201: BranchOut})
    def create(self, request: StaffRequest) -> Response:
        """Open a branch; needs the right in the whole organisation."""
        if not self.reach.all:
            raise Forbidden
        return self.show(actions.create_branch(**self.read(BranchIn), by=request.user), status=201)

    @extend_schema(responses=BranchOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One branch."""
        return self.show(self.one(self.rows(), pk))

    @extend_schema(request=BranchPatch, responses=BranchOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a branch. `is_active: false` closes it; it is never deleted."""
        branch = self.one(self.rows(), pk)
        return self.show(actions.change_branch(branch, **self.read(BranchPatch), by=request.user))


class RoomViewSet(PlaceViewSet):
    queryset = Room.objects.none()
    serializer_class = RoomOut

    def rows(self) -> Any:
        rows = Room.objects.order_by("branch__position", "position", "name", "id")
        return within(rows, self.reach, "branch")

    @extend_schema(parameters=[RoomListIn], responses=page_schema(RoomOut, "RoomPage"))
    def list(self, request: StaffRequest) -> Response:
        """Rooms, of one branch or of all that the caller may see."""
        query = self.read(RoomListIn)
        rows = self.rows().filter(branch=query["branch"]) if "branch" in query else self.rows()
        return self.page(rows, query)

    @extend_schema(request=RoomIn, responses={201: RoomOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a room to a branch."""
        told = self.read(RoomIn)
        self.require(told["branch"].pk)
        return self.show(actions.create_room(**told, by=request.user), status=201)

    @extend_schema(request=RoomPatch, responses=RoomOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a room. `is_active: false` takes it out of use; it is never deleted."""
        room = self.one(self.rows(), pk)
        return self.show(actions.change_room(room, **self.read(RoomPatch), by=request.user))


class ChairViewSet(PlaceViewSet):
    queryset = Chair.objects.none()
    serializer_class = ChairOut

    def rows(self) -> Any:
        rows = Chair.objects.select_related("room").order_by(
            "room__branch__position", "room__position", "room__name", "position", "name", "id"
        )
        return within(rows, self.reach, "room__branch")

    @extend_schema(parameters=[ChairListIn], responses=page_schema(ChairOut, "ChairPage"))
    def list(self, request: StaffRequest) -> Response:
        """Chairs, of one room, of one branch or of all that the caller may see."""
        query = self.read(ChairListIn)
        rows = self.rows()
        if "room" in query:
            rows = rows.filter(room=query["room"])
        if "branch" in query:
            rows = rows.filter(room__branch=query["branch"])
        return self.page(rows, query)

    @extend_schema(request=ChairIn, responses={201: ChairOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a chair to a room."""
        told = self.read(ChairIn)
        self.require(told["room"].branch_id)
        return self.show(actions.create_chair(**told, by=request.user), status=201)

    @extend_schema(request=ChairPatch, responses=ChairOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a chair. `is_active: false` takes it out of use; it is never deleted."""
        chair = self.one(self.rows(), pk)
        return self.show(actions.change_chair(chair, **self.read(ChairPatch), by=request.user))


class DeviceViewSet(PlaceViewSet):
    queryset = Device.objects.none()
    serializer_class = DeviceOut

    def rows(self) -> Any:
        rows = Device.objects.order_by("branch__position", "position", "name", "id")
        return within(rows, self.reach, "branch")

    @extend_schema(parameters=[RoomListIn], responses=page_schema(DeviceOut, "DevicePage"))
    def list(self, request: StaffRequest) -> Response:
        """Devices, of one branch or of all that the caller may see. Each serves one appointment at a time."""
        query = self.read(RoomListIn)
        rows = self.rows().filter(branch=query["branch"]) if "branch" in query else self.rows()
        return self.page(rows, query)

    @extend_schema(request=DeviceIn, responses={201: DeviceOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a device to a branch."""
        told = self.read(DeviceIn)
        self.require(told["branch"].pk)
        return self.show(actions.create_device(**told, by=request.user), status=201)

    @extend_schema(request=DevicePatch, responses=DeviceOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Change a device. `is_active: false` takes it out of use; it is never deleted."""
        device = self.one(self.rows(), pk)
        return self.show(actions.change_device(device, **self.read(DevicePatch), by=request.user))
