from apps.core.events import Event


class PositionCreated(Event):
    resource = "positions"


class PositionChanged(Event):
    resource = "positions"


class SpecialityCreated(Event):
    resource = "specialities"


class SpecialityChanged(Event):
    resource = "specialities"


class EmployeeCreated(Event):
    resource = "employees"


class EmployeeChanged(Event):
    resource = "employees"


class ShiftCreated(Event):
    resource = "shifts"
    shown_on_day = True


class ShiftChanged(Event):
    resource = "shifts"
    shown_on_day = True


class ShiftDeleted(Event):
    resource = "shifts"
    shown_on_day = True


class RotaPainted(Event):
    """``id``: the branch; ``data`` tells whose days and which."""

    resource = "rota"
    shown_on_day = True


class RotaCopied(RotaPainted):
    pass


class AbsenceCreated(Event):
    resource = "absences"


class AbsenceChanged(Event):
    resource = "absences"


class AbsenceDeleted(Event):
    resource = "absences"
