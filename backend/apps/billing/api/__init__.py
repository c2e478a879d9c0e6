from apps.billing.api.invoices import InvoiceViewSet
from apps.billing.api.payments import PaymentViewSet
from apps.billing.api.shifts import RegisterViewSet, ShiftViewSet

__all__ = ["InvoiceViewSet", "PaymentViewSet", "RegisterViewSet", "ShiftViewSet"]
