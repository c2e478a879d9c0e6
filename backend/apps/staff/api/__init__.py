from apps.staff.api.employees import EmployeeViewSet
from apps.staff.api.lists import PositionViewSet, SpecialityViewSet
from apps.staff.api.shifts import ShiftViewSet

__all__ = ["EmployeeViewSet", "PositionViewSet", "ShiftViewSet", "SpecialityViewSet"]
