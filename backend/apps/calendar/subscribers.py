from apps.calendar import holds, waiting
from apps.calendar.events import AppointmentRestored
from apps.core import outbox
from apps.core.events import on

outbox.on_bell(holds.BELL, holds.sweep)


@on(AppointmentRestored)
def forget_that_it_waited(event: AppointmentRestored) -> None:
    waiting.drop_for(event.id, event.by)
