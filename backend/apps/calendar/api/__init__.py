from apps.calendar.api.appointments import AppointmentViewSet

__all__ = ["AppointmentViewSet"]
