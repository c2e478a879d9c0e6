"""The HTTP side of the kernel: what every endpoint is made of."""

from apps.core.api.fields import In, Money, Out, TenantKey
from apps.core.api.lists import ListIn, Page, page_of, window
from apps.core.api.views import ApiView, Public, StaffRequest, TenantViewSet

__all__ = [
    "ApiView",
    "In",
    "ListIn",
    "Money",
    "Out",
    "Page",
    "Public",
    "StaffRequest",
    "TenantKey",
    "TenantViewSet",
    "page_of",
    "window",
]
