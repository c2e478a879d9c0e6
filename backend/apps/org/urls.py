from django.urls import include, path
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
router.register("branches", BranchViewSet, basename="branches")
router.register("rooms", RoomViewSet, basename="rooms")
router.register("chairs", ChairViewSet, basename="chairs")
calendar = SimpleRouter(trailing_slash=False, use_regex_path=False)
calendar.register("special-days", SpecialDayViewSet, basename="special-days")
calendar.register("devices", DeviceViewSet, basename="devices")

_org = [
    path("settings", Settings.as_view(), name="settings"),
    path("settings/own", OwnSettings.as_view(), name="own-settings"),
    path("branches/<uuid:pk>/settings", BranchSettings.as_view(), name="branch-settings"),
    *router.urls,
]
urlpatterns = [path("org/", include(_org)), path("calendar/", include(calendar.urls))]
