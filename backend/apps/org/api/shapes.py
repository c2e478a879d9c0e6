"""`…In` and `…Out` of branches, rooms and chairs."""

import re
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api import Color, In, ListIn, Out, PatchIn, Phone, TenantKey
from apps.org.models import Branch, Room

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ZONES = available_timezones()


class Hours(serializers.DictField):
    """ISO weekday (``"1"`` Monday … ``"7"`` Sunday) → opening and closing time; a missing day is closed."""

    child = serializers.ListField(
        child=serializers.CharField(max_length=5), min_length=2, max_length=2
    )

    def to_internal_value(self, data: Any) -> Any:
        hours = super().to_internal_value(data)
        for weekday, (opens, closes) in hours.items():
            if weekday not in {"1", "2", "3", "4", "5", "6", "7"}:
                raise serializers.ValidationError([_("A weekday is a number from 1 to 7.")])
            if not (_CLOCK.fullmatch(opens) and (_CLOCK.fullmatch(closes) or closes == "24:00")):
                raise serializers.ValidationError([_("A time is written as 09:00.")])
            if closes != "24:00" and time.fromisoformat(opens) >= time.fromisoformat(closes):
                raise serializers.ValidationError([_("The end must be later than the beginning.")])
        return dict(sorted(hours.items()))


class BranchIn(In):
    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=250, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True, help_text="In any form.")
    timezone = serializers.CharField(
        max_length=40, required=False, help_text="IANA name, e.g. `Asia/Almaty`."
    )
    hours = Hours(
        required=False, help_text='ISO weekday → `["09:00", "20:00"]`; a missing day is closed.'
    )
    color = Color(required=False)
    position = serializers.IntegerField(
        min_value=0, max_value=32000, required=False, help_text="Place in lists, small first."
    )

    def validate_timezone(self, value: str) -> str:
        if value not in _ZONES:
            raise serializers.ValidationError([_("There is no such time zone.")])
        return value


class BranchPatch(PatchIn, BranchIn):
    is_active = serializers.BooleanField()


class BranchOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField(help_text="E.164.")
    timezone = serializers.CharField()
    hours = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text='ISO weekday → `["09:00", "20:00"]`; a missing day is closed.',
    )
    color = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class PlaceListIn(ListIn):
    size = serializers.IntegerField(min_value=1, max_value=200, default=200)
    is_active = serializers.BooleanField(required=False, help_text="Leave out for both.")


class RoomListIn(PlaceListIn):
    branch = TenantKey(Branch.objects, required=False)


class RoomIn(In):
    branch = TenantKey(Branch.objects)
    name = serializers.CharField(max_length=80)
    color = Color(required=False)
    position = serializers.IntegerField(min_value=0, max_value=32000, required=False)
    is_exclusive = serializers.BooleanField(
        required=False, help_text="One appointment at a time in the whole room, not per chair."
    )


class RoomPatch(PatchIn, RoomIn):
    branch = None  # type: ignore[assignment]  # a room stays where it is
    is_active = serializers.BooleanField()


class RoomOut(Out):
    id = serializers.UUIDField()
    branch = serializers.UUIDField(source="branch_id")
    name = serializers.CharField()
    color = serializers.CharField()
    position = serializers.IntegerField()
    is_exclusive = serializers.BooleanField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class ChairListIn(RoomListIn):
    room = TenantKey(Room.objects, required=False)


class ChairIn(In):
    room = TenantKey(Room.objects)
    name = serializers.CharField(max_length=80)
    position = serializers.IntegerField(min_value=0, max_value=32000, required=False)


class ChairPatch(PatchIn, ChairIn):
    is_active = serializers.BooleanField()


class ChairOut(Out):
    id = serializers.UUIDField()
    room = serializers.UUIDField(source="room_id")
    branch = serializers.UUIDField(source="room.branch_id")
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class DeviceIn(In):
    branch = TenantKey(Branch.objects)
    name = serializers.CharField(max_length=80)
    position = serializers.IntegerField(min_value=0, max_value=32000, required=False)


class DevicePatch(PatchIn, DeviceIn):
    branch = None  # type: ignore[assignment]  # a device stays where it is
    is_active = serializers.BooleanField()


class DeviceOut(Out):
    id = serializers.UUIDField()
    branch = serializers.UUIDField(source="branch_id")
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()
