from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.org.api import (
    BranchSettings,
    BranchViewSet,
    ChairViewSet,
    DeviceViewSet,
    OwnSettings,
    RoomViewSet,
    Settings,
)
from apps.org.api.special_days import SpecialDayViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("org/branches", BranchViewSet, basename="branches")
router.register("org/rooms", RoomViewSet, basename="rooms")
router.register("org/chairs", ChairViewSet, basename="chairs")
router.register("calendar/special-days", SpecialDayViewSet, basename="special-days")
router.register("calendar/devices", DeviceViewSet, basename="devices")

urlpatterns = [
    path("org/settings", Settings.as_view(), name="settings"),
    path("org/settings/own", OwnSettings.as_view(), name="own-settings"),
    path("org/branches/<uuid:pk>/settings", BranchSettings.as_view(), name="branch-settings"),
    *router.urls,
]
