from rest_framework.routers import SimpleRouter

from apps.billing.api import (
    InvoiceViewSet,
    PaymentViewSet,
    RegisterViewSet,
    ShiftViewSet,
)

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("billing/invoices", InvoiceViewSet, basename="invoices")
router.register("billing/payments", PaymentViewSet, basename="payments")
router.register("billing/registers", RegisterViewSet, basename="registers")
router.register("billing/shifts", ShiftViewSet, basename="cash-shifts")
urlpatterns = router.urls
