from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.calendar.api import AppointmentViewSet
from apps.calendar.api.absences import AbsenceViewSet
from apps.calendar.api.breaks import BreakRuleViewSet, BreakViewSet
from apps.calendar.api.confirmations import ConfirmationViewSet
from apps.calendar.api.feeds import EmployeeFeedViewSet, FeedFile, OwnFeedViewSet
from apps.calendar.api.gaps import GapsViewSet
from apps.calendar.api.handouts import HandoutViewSet
from apps.calendar.api.holds import HoldViewSet
from apps.calendar.api.load import LoadViewSet
from apps.calendar.api.reserves import ReserveViewSet
from apps.calendar.api.rota import RotaViewSet
from apps.calendar.api.series import SeriesViewSet
from apps.calendar.api.slots import SlotViewSet
from apps.calendar.api.substitutions import SubstitutionViewSet
from apps.calendar.api.views import SavedViewSet
from apps.calendar.api.waiting import DayViewSet, WaitingViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("calendar/appointments", AppointmentViewSet, basename="appointments")
router.register("calendar/breaks", BreakViewSet, basename="breaks")
router.register("calendar/break-rules", BreakRuleViewSet, basename="break-rules")
router.register("calendar/reserves", ReserveViewSet, basename="reserves")
router.register("calendar/confirmations", ConfirmationViewSet, basename="confirmations")
router.register("calendar/gaps", GapsViewSet, basename="gaps")
router.register("calendar/waiting", WaitingViewSet, basename="waiting")
router.register("calendar/substitutions", SubstitutionViewSet, basename="substitutions")
router.register("calendar/series", SeriesViewSet, basename="series")
router.register("calendar/slots", SlotViewSet, basename="slots")
router.register("calendar/holds", HoldViewSet, basename="holds")
router.register("calendar/views", SavedViewSet, basename="views")

working = SimpleRouter(trailing_slash=False, use_regex_path=False)
working.register("calendar/absences", AbsenceViewSet, basename="absences")
working.register("calendar/rota", RotaViewSet, basename="rota")
working.register("calendar/load", LoadViewSet, basename="load")


def _read(action: str) -> Any:
    return AppointmentViewSet.as_view({"get": action}, basename="appointments", detail=False)


def _handout(action: str, *, detail: bool = True) -> Any:
    return HandoutViewSet.as_view({"get": action}, basename="appointments", detail=detail)


_FEED: dict[str, Any] = {"get": "retrieve", "post": "create", "delete": "destroy"}

urlpatterns = [
    path("calendar/day.pdf", _handout("day_sheet", detail=False)),
    path("calendar/appointments/<uuid:pk>/slip.pdf", _handout("slip")),
    path("calendar/appointments/<uuid:pk>/ics", _handout("ics")),
    path("calendar/feed", OwnFeedViewSet.as_view(_FEED, basename="own-feed", detail=True)),
    path("calendar/feed/<str:secret>.ics", FeedFile.as_view()),
    path(
        "calendar/employees/<uuid:pk>/feed",
        EmployeeFeedViewSet.as_view(_FEED, basename="employee-feed", detail=True),
    ),
    path("calendar/day", _read("day")),
    path("calendar/week", _read("week")),
    path("calendar/overbooked", _read("overbooked")),
    path("calendar/patients/<uuid:patient>/appointments", _read("of_patient")),
    path(
        "calendar/days/cancel",
        DayViewSet.as_view({"post": "cancel"}, basename="days", detail=False),
    ),
    *router.urls,
    *working.urls,
]
