from typing import ClassVar

from apps.core.events import Event


class SettingsChanged(Event):
    resource = "settings"


class BranchCreated(Event):
    resource = "branches"


class BranchChanged(Event):
    resource = "branches"
    shown_on_day: ClassVar[bool] = True


class RoomCreated(Event):
    resource = "rooms"
    shown_on_day: ClassVar[bool] = True


class RoomChanged(Event):
    resource = "rooms"
    shown_on_day: ClassVar[bool] = True


class ChairCreated(Event):
    resource = "chairs"
    shown_on_day: ClassVar[bool] = True


class ChairChanged(Event):
    resource = "chairs"
    shown_on_day: ClassVar[bool] = True


class SpecialDayCreated(Event):
    resource = "special-days"


class SpecialDayChanged(Event):
    resource = "special-days"


class SpecialDayDeleted(Event):
    resource = "special-days"


class SpecialDaysTakenOver(Event):
    resource = "special-days"


class DeviceCreated(Event):
    resource = "devices"


class DeviceChanged(Event):
    resource = "devices"
