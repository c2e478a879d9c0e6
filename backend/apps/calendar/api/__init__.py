from apps.calendar.api.appointments import AppointmentViewSet
from apps.calendar.api.breaks import BreakViewSet

__all__ = ["AppointmentViewSet", "BreakViewSet"]
