from apps.patients.api.views import PatientViewSet

__all__ = ["PatientViewSet"]
