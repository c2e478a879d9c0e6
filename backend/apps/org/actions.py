"""What one may do with the organisation, its branches, rooms, chairs and devices."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core import tenancy
from apps.core.errors import InvalidInput, refuse_twin
from apps.core.events import record
from apps.core.models import User
from apps.core.versions import apply, change, locked
from apps.org import preferences
from apps.org.events import (
    BranchChanged,
    BranchCreated,
    ChairChanged,
    ChairCreated,
    DeviceChanged,
    DeviceCreated,
    RoomChanged,
    RoomCreated,
    SettingsChanged,
)
from apps.org.models import Branch, Chair, Device, Organization, Room


def own_organization() -> Any:
    return Organization.objects.filter(pk=tenancy.current_organization_id())


@transaction.atomic
def change_settings(
    *, version: int, organization: dict[str, Any], choices: dict[str, Any], by: User
) -> Organization:
    row: Any = locked(own_organization(), tenancy.current_organization_id(), version)
    changed = apply(row, organization)
    if choices:
        names = preferences.put(choices)
        if not changed:
            row.bump().save(update_fields=["version", "updated_at"])
        changed += names
    if changed:
        data = {"version": row.version, "changed": changed}
        record(SettingsChanged(id=row.pk, by=by, data=data))
    return row  # type: ignore[no-any-return]


@transaction.atomic
def change_branch_settings(
    branch: Branch, *, version: int, choices: dict[str, Any], by: User
) -> Branch:
    row: Branch = locked(Branch.objects, branch.pk, version)
    if changed := preferences.put(choices, branch=row):
        row.bump().save(update_fields=["version", "updated_at"])
        data = {"version": row.version, "changed": changed}
        record(BranchChanged(id=row.pk, branch_id=row.pk, by=by, data=data))
    return row


@transaction.atomic
def change_own_settings(*, choices: dict[str, Any], by: User) -> None:
    if changed := preferences.put(choices, user=by):
        record(SettingsChanged(id=by.pk, by=by, data={"changed": changed}))


@transaction.atomic
def create_branch(*, by: User, **fields: Any) -> Branch:
    refuse_twin(Branch.objects.filter(name=fields["name"]), "name")
    branch = Branch.objects.create(**fields)
    record(BranchCreated(id=branch.pk, by=by, data={"version": 1}))
    return branch


@transaction.atomic
def change_branch(branch: Branch, *, version: int, by: User, **changes: Any) -> Branch:
    row: Branch = locked(Branch.objects, branch.pk, version)
    if "name" in changes:
        refuse_twin(Branch.objects.filter(name=changes["name"]), "name", but=row)
    return change(row, changes, BranchChanged, by=by, branch_id=row.pk)


@transaction.atomic
def create_room(*, by: User, branch: Branch, **fields: Any) -> Room:
    refuse_twin(Room.objects.filter(branch=branch, name=fields["name"]), "name")
    room = Room.objects.create(branch=branch, **fields)
    record(RoomCreated(id=room.pk, branch_id=branch.pk, by=by, data={"version": 1}))
    return room


@transaction.atomic
def change_room(room: Room, *, version: int, by: User, **changes: Any) -> Room:
    row: Room = locked(Room.objects, room.pk, version)
    if "name" in changes:
        twins = Room.objects.filter(branch=row.branch_id, name=changes["name"])
        refuse_twin(twins, "name", but=row)
    return change(row, changes, RoomChanged, by=by, branch_id=row.branch_id)


@transaction.atomic
def create_chair(*, by: User, room: Room, **fields: Any) -> Chair:
    refuse_twin(Chair.objects.filter(room=room, name=fields["name"]), "name")
    chair = Chair.objects.create(room=room, **fields)
    record(ChairCreated(id=chair.pk, branch_id=room.branch_id, by=by, data={"version": 1}))
    return chair


@transaction.atomic
def change_chair(chair: Chair, *, version: int, by: User, **changes: Any) -> Chair:
    row: Chair = locked(Chair.objects.select_related("room"), chair.pk, version)
    branch_id = row.room.branch_id
    room = changes.get("room", row.room)
    if room.branch_id != branch_id:
        raise InvalidInput(fields={"room": [_("This room belongs to another branch.")]})
    if "name" in changes or "room" in changes:
        twins = Chair.objects.filter(room=room, name=changes.get("name", row.name))
        refuse_twin(twins, "name", but=row)
    return change(row, changes, ChairChanged, by=by, branch_id=branch_id)


@transaction.atomic
def create_device(*, by: User, branch: Branch, **fields: Any) -> Device:
    refuse_twin(Device.objects.filter(branch=branch, name=fields["name"]), "name")
    device = Device.objects.create(branch=branch, **fields)
    record(DeviceCreated(id=device.pk, branch_id=branch.pk, by=by, data={"version": 1}))
    return device


@transaction.atomic
def change_device(device: Device, *, version: int, by: User, **changes: Any) -> Device:
    row: Device = locked(Device.objects, device.pk, version)
    if "name" in changes:
        twins = Device.objects.filter(branch=row.branch_id, name=changes["name"])
        refuse_twin(twins, "name", but=row)
    return change(row, changes, DeviceChanged, by=by, branch_id=row.branch_id)
