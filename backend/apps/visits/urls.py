from rest_framework.routers import SimpleRouter

from apps.visits.api import VisitViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("visits", VisitViewSet, basename="visits")
urlpatterns = router.urls
