from apps.staff.actions.absences import change_absence, create_absence, delete_absence
from apps.staff.actions.employees import change_employee, create_employee
from apps.staff.actions.lists import (
    change_position,
    change_speciality,
    create_position,
    create_speciality,
)
from apps.staff.actions.rota import copy_rota, paint_rota
from apps.staff.actions.shifts import change_shift, create_shift, delete_shift

__all__ = [
    "change_absence",
    "change_employee",
    "change_position",
    "change_shift",
    "change_speciality",
    "copy_rota",
    "create_absence",
    "create_employee",
    "create_position",
    "create_shift",
    "create_speciality",
    "delete_absence",
    "delete_shift",
    "paint_rota",
]
