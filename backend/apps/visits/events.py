from apps.core.events import Event


class VisitOpened(Event):
    """data: ``appointment`` (id or null), ``employee_id``."""

    resource = "visits"
    shown_on_day = True


class VisitEdited(Event):
    """data: ``version``, ``changed`` (names of sections, never their text)."""

    resource = "visits"


class VisitCompleted(Event):
    """The doctor has signed. data: ``version``, ``changed``, ``appointment``, ``employee_id``, ``signed_at``, ``total``
    and ``works`` [{``id``, ``service_id``, ``employee_id``, ``tooth``, ``quantity``, ``amount``}]."""

    resource = "visits"
    shown_on_day = True


class VisitCanceled(Event):
    """The booking of a visit in which nothing was written has been taken back. data: ``version``, ``changed``."""

    resource = "visits"
    shown_on_day = True
