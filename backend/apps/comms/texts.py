"""What is known for the gaps of a text: of the patient, of the visit it is about, of the clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.calendar.models import Appointment
from apps.comms import placeholders
from apps.comms.models import Template
from apps.core.errors import DomainError
from apps.org.models import Branch
from apps.patients.models import Patient

LONGEST = 1600


class UnknownPlaceholder(DomainError):
    """details: ``placeholders``."""

    code = "unknown_placeholder"
    status = 400
    message = _("The text holds placeholders that do not exist.")


class NothingToFill(DomainError):
    """details: ``placeholders``."""

    code = "placeholder_empty"
    message = _("Nothing is known for some placeholders of the text, so it is not sent.")


class TooLong(DomainError):
    code = "text_too_long"
    message = _("With its placeholders filled the text is too long.")


@dataclass(frozen=True)
class Occasion:
    """About what we write: a patient, through a branch, with or without a visit."""

    patient: Patient
    branch: Branch | None
    appointment: Appointment | None = None

    def values(self) -> dict[str, str]:
        visit = self.appointment
        return known(
            first_name=self.patient.first_name,
            middle_name=self.patient.middle_name,
            branch=self.branch.name if self.branch else "",
            starts=visit.starts_at.astimezone(visit.branch.zone) if visit else None,
            doctor=visit.employee.short_name if visit else "",
        )


def known(
    *, first_name: str, middle_name: str, branch: str, starts: datetime | None, doctor: str
) -> dict[str, str]:
    """What each gap is filled with; ``starts`` is local time."""
    return {
        "_ИМЯ_ПАЦИЕНТА_": first_name,
        "_ОТЧЕСТВО_": middle_name,
        "_ФИЛИАЛ_": branch,
        "_ССЫЛКА_НА_ОНЛАЙН_ЗАПИСЬ_": settings.ONLINE_BOOKING_URL,
        "_ДАТА_ВИЗИТА_": f"{starts:%d.%m.%Y}" if starts else "",
        "_ВРЕМЯ_ВИЗИТА_": f"{starts:%H:%M}" if starts else "",
        "_ВРАЧ_": doctor,
    }


def refuse_unknown(**texts: str) -> None:
    """Field by field, so that the form shows where."""
    unknown = {field: placeholders.unknown_in(text) for field, text in texts.items()}
    fields = {
        field: [str(_("There is no placeholder %(name)s.")) % {"name": name} for name in names]
        for field, names in unknown.items()
        if names
    }
    if fields:
        names = sorted({name for found in unknown.values() for name in found})
        raise UnknownPlaceholder(fields=fields, details={"placeholders": names})


def of_template(template: Template, language: str) -> str:
    return template.text_kk if language == "kk" and template.text_kk else template.text_ru


def written(text: str, values: Mapping[str, str]) -> str:
    """The text as the patient reads it."""
    refuse_unknown(text=text)
    empty = placeholders.empty_in(text, values)
    if empty:
        raise NothingToFill(details={"placeholders": empty})
    filled = placeholders.fill(text, values)
    if len(filled) > LONGEST:
        raise TooLong
    return filled


def needs_visit(text: str) -> bool:
    return any(gap in placeholders.VISIT for gap in placeholders.found_in(text))


def next_visit(patient: Patient, now: datetime) -> Appointment | None:
    live = [Appointment.Status.BOOKED, Appointment.Status.CONFIRMED]
    return (
        Appointment.objects.filter(patient=patient, starts_at__gt=now, status__in=live)
        .select_related("branch", "employee")
        .order_by("starts_at", "id")
        .first()
    )
