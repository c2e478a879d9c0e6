from apps.calendar import waiting
from apps.calendar.events import AppointmentRestored
from apps.core.events import on


@on(AppointmentRestored)
def forget_that_it_waited(event: AppointmentRestored) -> None:
    waiting.drop_for(event.id, event.by)
