from apps.org.api.places import BranchViewSet, ChairViewSet, DeviceViewSet, RoomViewSet
from apps.org.api.settings import BranchSettings, OwnSettings, Settings

__all__ = [
    "BranchSettings",
    "BranchViewSet",
    "ChairViewSet",
    "DeviceViewSet",
    "OwnSettings",
    "RoomViewSet",
    "Settings",
]
