from apps.visits.api.views import VisitViewSet

__all__ = ["VisitViewSet"]
