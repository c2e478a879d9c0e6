"""An appointment for the patient's own calendar: as little as the slip says."""

from django.utils.translation import gettext as _

from apps.calendar import handouts
from apps.calendar.handouts import slip
from apps.calendar.models import Appointment
from apps.calendar.statuses import GONE
from apps.core import ical


def calendar(appointment: Appointment, *, language: str | None = None) -> bytes:
    if appointment.status == Appointment.Status.DRAFT:
        raise slip.NotAgreed(details={"status": appointment.status})
    branch = appointment.branch
    host = handouts.host(branch)
    with handouts.spoken(language):
        doctor = _("Doctor: {name}").format(name=appointment.employee.full_name)
        about = [
            doctor,
            _("Phone: {phone}").format(phone=host.phone) if host.phone else "",
            *slip.notes(host.early),
        ]
        return ical.calendar(
            host.clinic,
            [
                ical.Happening(
                    uid=str(appointment.pk),
                    starts_at=appointment.starts_at,
                    ends_at=appointment.ends_at,
                    changed_at=appointment.updated_at,
                    sequence=appointment.version - 1,
                    summary=_("Appointment: {clinic}").format(clinic=host.clinic),
                    location=", ".join(part for part in (branch.name, branch.address) if part),
                    description="\n".join(line for line in about if line),
                    is_canceled=appointment.status in GONE,
                )
            ],
        )
