from rest_framework.routers import SimpleRouter

from apps.warehouse.api import ItemViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("warehouse/items", ItemViewSet, basename="items")
urlpatterns = router.urls
