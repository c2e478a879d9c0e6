from apps.org.api.places import BranchViewSet, ChairViewSet, RoomViewSet
from apps.org.api.settings import BranchSettings, OwnSettings, Settings

__all__ = [
    "BranchSettings",
    "BranchViewSet",
    "ChairViewSet",
    "OwnSettings",
    "RoomViewSet",
    "Settings",
]
