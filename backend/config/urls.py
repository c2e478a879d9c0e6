from importlib import import_module

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.core import health
from config.interface import interface

DOMAINS = ("core", "org", "staff", "patients", "services", "calendar", "visits", "billing",
           "warehouse", "comms", "reports")  # fmt: skip

handler400 = "apps.core.faults.bad_request"
handler403 = "apps.core.faults.forbidden"
handler404 = "apps.core.faults.not_found"
handler500 = "apps.core.faults.broken"

# One list, so that an address is not tried, and its failure not told, domain by domain.
_domains = [one for domain in DOMAINS for one in import_module(f"apps.{domain}.urls").urlpatterns]

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include(_domains)),
    re_path(r"^api(?:/|$)", health.no_such_route),
    re_path(r"^(?!(?:static|ws|health|admin)(?:/|$)).*$", interface),
]
