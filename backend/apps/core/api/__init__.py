"""The HTTP side of the kernel: what every endpoint is made of."""

from apps.core.api.fields import Color, In, Money, Out, PatchIn, Phone, TenantKey, TenantKeys
from apps.core.api.lists import ListIn, Page, page_of, window
from apps.core.api.views import ApiView, Public, StaffRequest, TenantViewSet

__all__ = [
    "ApiView",
    "Color",
    "In",
    "ListIn",
    "Money",
    "Out",
    "Page",
    "PatchIn",
    "Phone",
    "Public",
    "StaffRequest",
    "TenantKey",
    "TenantKeys",
    "TenantViewSet",
    "page_of",
    "window",
]
