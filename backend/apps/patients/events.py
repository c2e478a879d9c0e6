from apps.core.events import Event


class PatientCreated(Event):
    resource = "patients"


class PatientChanged(Event):
    resource = "patients"
