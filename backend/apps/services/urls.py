from rest_framework.routers import SimpleRouter

from apps.services.api import CategoryViewSet, DiagnosisViewSet, ServiceViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("services/categories", CategoryViewSet, basename="categories")
router.register("services/icd10", DiagnosisViewSet, basename="icd10")
router.register("services", ServiceViewSet, basename="services")
urlpatterns = router.urls
