from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.calendar.api import AppointmentViewSet
from apps.calendar.api.breaks import BreakRuleViewSet, BreakViewSet
from apps.calendar.api.load import LoadViewSet
from apps.calendar.api.reserves import ReserveViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("calendar/appointments", AppointmentViewSet, basename="appointments")
router.register("calendar/breaks", BreakViewSet, basename="breaks")
router.register("calendar/break-rules", BreakRuleViewSet, basename="break-rules")
router.register("calendar/reserves", ReserveViewSet, basename="reserves")


def _read(action: str) -> Any:
    return AppointmentViewSet.as_view({"get": action}, basename="appointments", detail=False)


urlpatterns = [
    path("calendar/day", _read("day")),
    path("calendar/free", _read("free")),
    path("calendar/load", LoadViewSet.as_view({"get": "list"}, basename="load", detail=False)),
    path("calendar/patients/<uuid:patient>/appointments", _read("of_patient")),
    *router.urls,
]
