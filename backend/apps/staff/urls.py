from django.urls import include, path
from rest_framework.routers import SimpleRouter

from apps.staff.api import EmployeeViewSet, PositionViewSet, ShiftViewSet, SpecialityViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("positions", PositionViewSet, basename="positions")
router.register("specialities", SpecialityViewSet, basename="specialities")
router.register("employees", EmployeeViewSet, basename="employees")
router.register("shifts", ShiftViewSet, basename="shifts")
urlpatterns = [path("staff/", include(router.urls))]
