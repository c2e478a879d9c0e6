"""What a patient takes home: where, when, to whom. Nothing of his health, nothing that identifies him to a finder."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.calendar import handouts
from apps.calendar.models import Appointment
from apps.calendar.statuses import GONE
from apps.core.errors import DomainError
from apps.org import preferences

TEMPLATE = "calendar/handouts/slip.typ"


class NotAgreed(DomainError):
    """details: ``status``."""

    code = "not_agreed"
    message = gettext_lazy("Only an appointment that is agreed can be handed out.")


def data(
    appointment: Appointment, *, paper: str | None = None, language: str | None = None
) -> dict[str, Any]:
    if appointment.status in {*GONE, Appointment.Status.DRAFT}:
        raise NotAgreed(details={"status": appointment.status})
    branch = appointment.branch
    host = handouts.host(branch)
    starts = appointment.starts_at.astimezone(branch.zone)
    with handouts.spoken(language) as spoken:
        return {
            "language": spoken,
            "paper": paper or preferences.get("slip_paper", branch=branch),
            "title": _("Your appointment"),
            "clinic": host.clinic,
            "patient": appointment.patient.short_name,
            "day": handouts.written(starts.date()),
            "time": handouts.clock(starts, branch.zone),
            "lines": [
                {"name": name, "text": text}
                for name, text in (
                    (_("Doctor"), appointment.employee.full_name),
                    (_("Branch"), branch.name),
                    (_("Address"), branch.address),
                    (_("Phone number"), host.phone),
                )
                if text
            ],
            "notes": notes(host.early),
        }


def notes(early: int) -> list[str]:
    lines = [_("Please bring your identity card.")]
    if early:
        come = ngettext(
            "Please come {minutes} minute early.", "Please come {minutes} minutes early.", early
        )
        lines.insert(0, come.format(minutes=early))
    return [*lines, _("If you cannot come, please call us beforehand.")]
