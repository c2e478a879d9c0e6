from typing import Any

from django.urls import include, path
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
from apps.calendar.api.missed import MissedViewSet
from apps.calendar.api.reserves import ReserveViewSet
from apps.calendar.api.rota import RotaViewSet
from apps.calendar.api.series import SeriesViewSet
from apps.calendar.api.slots import SlotViewSet
from apps.calendar.api.substitutions import SubstitutionViewSet
from apps.calendar.api.views import SavedViewSet
from apps.calendar.api.waiting import DayViewSet, WaitingViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("appointments", AppointmentViewSet, basename="appointments")
router.register("breaks", BreakViewSet, basename="breaks")
router.register("break-rules", BreakRuleViewSet, basename="break-rules")
router.register("reserves", ReserveViewSet, basename="reserves")
router.register("confirmations", ConfirmationViewSet, basename="confirmations")
router.register("gaps", GapsViewSet, basename="gaps")
router.register("missed", MissedViewSet, basename="missed")
router.register("waiting", WaitingViewSet, basename="waiting")
router.register("substitutions", SubstitutionViewSet, basename="substitutions")
router.register("series", SeriesViewSet, basename="series")
router.register("slots", SlotViewSet, basename="slots")
router.register("holds", HoldViewSet, basename="holds")
router.register("views", SavedViewSet, basename="views")

working = SimpleRouter(trailing_slash=False, use_regex_path=False)
working.register("absences", AbsenceViewSet, basename="absences")
working.register("rota", RotaViewSet, basename="rota")
working.register("load", LoadViewSet, basename="load")


def _read(action: str) -> Any:
    return AppointmentViewSet.as_view({"get": action}, basename="appointments", detail=False)


def _handout(action: str, *, detail: bool = True) -> Any:
    return HandoutViewSet.as_view({"get": action}, basename="appointments", detail=detail)


_FEED: dict[str, Any] = {"get": "retrieve", "post": "create", "delete": "destroy"}

_calendar = [
    path("day", _read("day")),
    path("day.pdf", _handout("day_sheet", detail=False)),
    path("appointments/<uuid:pk>/slip.pdf", _handout("slip")),
    path("appointments/<uuid:pk>/ics", _handout("ics")),
    path("feed", OwnFeedViewSet.as_view(_FEED, basename="own-feed", detail=True)),
    path("feed/<str:secret>.ics", FeedFile.as_view()),
    path(
        "employees/<uuid:pk>/feed",
        EmployeeFeedViewSet.as_view(_FEED, basename="employee-feed", detail=True),
    ),
    path("week", _read("week")),
    path("overbooked", _read("overbooked")),
    path("patients/<uuid:patient>/appointments", _read("of_patient")),
    path(
        "days/cancel",
        DayViewSet.as_view({"post": "cancel"}, basename="days", detail=False),
    ),
    *router.urls,
    *working.urls,
]
urlpatterns = [path("calendar/", include(_calendar))]
