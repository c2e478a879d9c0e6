from rest_framework.routers import SimpleRouter

from apps.staff.api import EmployeeViewSet, PositionViewSet, ShiftViewSet, SpecialityViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("staff/positions", PositionViewSet, basename="positions")
router.register("staff/specialities", SpecialityViewSet, basename="specialities")
router.register("staff/employees", EmployeeViewSet, basename="employees")
router.register("staff/shifts", ShiftViewSet, basename="shifts")
urlpatterns = router.urls
