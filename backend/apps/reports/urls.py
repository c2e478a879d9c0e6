from typing import Any

from django.urls import include, path

from apps.reports.api import ReportViewSet


def report(action: str) -> Any:
    return ReportViewSet.as_view({"get": action}, basename="reports")


_reports = [
    path("revenue", report("revenue")),
    path("revenue/rows", report("revenue_rows")),
    path("debts", report("debts")),
    path("appointments", report("appointments")),
    path("appointments/rows", report("appointment_rows")),
    path("dashboard", report("dashboard")),
]
urlpatterns = [path("reports/", include(_reports))]
