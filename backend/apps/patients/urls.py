from rest_framework.routers import SimpleRouter

from apps.patients.api import PatientViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("patients", PatientViewSet, basename="patients")
urlpatterns = router.urls
