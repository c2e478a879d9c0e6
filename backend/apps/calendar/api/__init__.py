from apps.calendar.api.appointments import AppointmentViewSet
from apps.calendar.api.breaks import BreakRuleViewSet, BreakViewSet

__all__ = ["AppointmentViewSet", "BreakRuleViewSet", "BreakViewSet"]
