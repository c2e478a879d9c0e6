"""The day of a branch or of one doctor on paper: a sheet for each doctor, those without appointments by name."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calendar import day as days
from apps.calendar import handouts, place
from apps.calendar.models import Appointment
from apps.core.caller import Caller
from apps.core.errors import InvalidInput
from apps.core.kz.phone import format_phone
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.staff import queries
from apps.staff.models import Employee

TEMPLATE = "calendar/handouts/day.typ"
MOST = 1000  # rows, which are laid out in half a second
_MASK = "•"
_LEFT_OUT = {Appointment.Status.DRAFT, Appointment.Status.CANCELED}
_TOO_MANY = gettext_lazy("Too many appointments for one print; choose a doctor.")


def data(
    *,
    branch: Branch,
    day: date,
    employee_id: UUID | None,
    caller: Caller,
    reach: Scope,
    now: datetime,
    language: str | None,
) -> dict[str, Any]:
    shown = orjson.loads(days.produce(branch=branch, day=day, caller=caller, reach=reach))
    items = [one for one in shown["items"] if one["status"] not in _LEFT_OUT]
    columns, doctor = shown["columns"], ""
    if employee_id is not None:
        columns = [one for one in columns if one["employee_id"] == str(employee_id)]
        items = [one for one in items if one["employee_id"] == str(employee_id)]
        doctor = columns[0]["name"] if columns else _idle_name(employee_id, branch, caller, reach)
    if len(items) > MOST:
        raise InvalidInput(fields={"branch": [_TOO_MANY]})
    with handouts.spoken(language) as spoken:
        sheets = [_sheet(column, items, branch) for column in columns]
        phones = any(row["phone"] for sheet in sheets for row in sheet["rows"])
        return {
            "language": spoken,
            "title": _("Schedule for the day"),
            "branch": branch.name,
            "day": handouts.written(day),
            "special": shown["special_day"],
            "doctor": doctor,
            "printed": _("Printed on {moment}").format(
                moment=f"{now.astimezone(branch.zone):%d.%m.%Y %H:%M}"
            ),
            "page": _("Page {page} of {pages}"),
            "heads": _heads(phones),
            "sheets": [sheet for sheet in sheets if sheet["rows"]],
            "idle": [sheet["name"] for sheet in sheets if not sheet["rows"]],
            "idle_title": _("No appointments"),
            "nothing": _("There are no appointments on this day."),
        }


def _heads(phones: bool) -> list[dict[str, str]]:
    heads = {
        "time": _("Time"),
        "patient": _("Patient"),
        "phone": _("Phone number"),
        "services": _("Services"),
        "note": _("Note"),
        "status": _("Status"),
    }
    return [{"key": key, "text": text} for key, text in heads.items() if phones or key != "phone"]


def _idle_name(employee_id: UUID, branch: Branch, caller: Caller, reach: Scope) -> str:
    """Of a doctor who has nothing to do here on this day; whose day one may not see does not exist."""
    if reach.covers(branch.pk):
        known = queries.within(caller.scope("staff:read"))
    else:
        known = Employee.objects.filter(user=caller.user)
    found = known.filter(pk=employee_id).first()
    if found is None:
        raise InvalidInput(fields={"employee": [place.UNKNOWN]})
    return str(found.short_name)


def _sheet(column: dict[str, Any], items: list[dict[str, Any]], branch: Branch) -> dict[str, Any]:
    shifts = [_span(shift, branch) for shift in column["shifts"]]
    return {
        "name": column["name"],
        "about": [text for text in (column["speciality"], column["room"], *shifts) if text],
        "rows": [
            _row(item, branch) for item in items if item["employee_id"] == column["employee_id"]
        ],
    }


def _row(item: dict[str, Any], branch: Branch) -> dict[str, str]:
    return {
        "time": _span(item, branch),
        "patient": item["patient_full_name"],
        "card": f"№ {item['card_number']}",
        "phone": "" if _MASK in item["phone"] else format_phone(item["phone"]),
        "services": item["services_text"],
        "note": item["note"],
        "status": str(Appointment.Status(item["status"]).label),
    }


def _span(of: dict[str, Any], branch: Branch) -> str:
    ends = (datetime.fromisoformat(of[name]) for name in ("starts_at", "ends_at"))
    return "–".join(handouts.clock(end, branch.zone) for end in ends)
