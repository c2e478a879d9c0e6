from typing import Any

from django.urls import path

from apps.reports.api import ReportViewSet


def report(action: str) -> Any:
    return ReportViewSet.as_view({"get": action}, basename="reports")


urlpatterns = [
    path("reports/revenue", report("revenue")),
    path("reports/revenue/rows", report("revenue_rows")),
    path("reports/debts", report("debts")),
    path("reports/appointments", report("appointments")),
    path("reports/appointments/rows", report("appointment_rows")),
    path("reports/dashboard", report("dashboard")),
]
