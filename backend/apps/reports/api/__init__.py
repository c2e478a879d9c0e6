from apps.reports.api.views import ReportViewSet

__all__ = ["ReportViewSet"]
