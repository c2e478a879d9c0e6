from django.urls import include, path
from rest_framework.routers import SimpleRouter

from apps.billing.api import (
    InvoiceViewSet,
    PaymentViewSet,
    RegisterViewSet,
    ShiftViewSet,
)

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("invoices", InvoiceViewSet, basename="invoices")
router.register("payments", PaymentViewSet, basename="payments")
router.register("registers", RegisterViewSet, basename="registers")
router.register("shifts", ShiftViewSet, basename="cash-shifts")
urlpatterns = [path("billing/", include(router.urls))]
