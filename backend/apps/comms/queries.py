"""Reads of the log, and the one read of a booking's confirmation."""

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.calendar.models import Appointment
from apps.comms import preferences, texts
from apps.comms.models import Message, Template
from apps.comms.preferences import zone_of
from apps.core import prepared, tenancy
from apps.core.api import Page, page_of
from apps.staff.models import Employee

_NAMES = ("last_name", "first_name", "middle_name")
Phone = Callable[[str, UUID | None], str]


_ABOUT_VISIT = """
SELECT t.id, t.text_ru, t.text_kk, a.starts_at, a.patient_id, a.branch_id, p.phone, p.first_name, p.middle_name,
       b.name, b.timezone, e.last_name, e.first_name, e.middle_name,
       (SELECT value FROM org_preference r WHERE r.organization_id = t.organization_id
          AND r.key = 'sms_price_per_sms' AND r.branch_id IS NULL AND r.user_id IS NULL),
       (SELECT value FROM org_preference r WHERE r.organization_id = t.organization_id
          AND r.key = 'message_language' AND (r.branch_id IS NULL OR r.branch_id = a.branch_id)
          AND r.user_id IS NULL ORDER BY r.branch_id NULLS LAST LIMIT 1)
FROM comms_template t
JOIN calendar_appointment a ON a.organization_id = t.organization_id AND a.id = %(appointment)s
JOIN patients_patient p ON p.organization_id = t.organization_id AND p.id = a.patient_id
JOIN org_branch b ON b.organization_id = t.organization_id AND b.id = a.branch_id
JOIN staff_employee e ON e.organization_id = t.organization_id AND e.id = a.employee_id
WHERE t.organization_id = %(org)s AND t.channel = 'sms' AND t.purpose = %(purpose)s AND t.is_active
  AND p.phone <> '' AND a.starts_at > %(now)s
"""


def about_visit(appointment_id: UUID, purpose: str, now: datetime) -> dict[str, Any] | None:
    """All that a message about a coming visit needs, in one statement; None: there is nothing to write, or no text."""
    parameters: dict[str, Any] = {
        "appointment": appointment_id,
        "org": tenancy.current_organization_id(),
        "purpose": purpose,
        "now": now,
    }
    with prepared.cursor() as cursor:
        cursor.execute(_ABOUT_VISIT, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    template, text_ru, text_kk, starts, patient, branch, phone, first, middle, name, zone, *more = (
        row
    )
    *doctor, price, language = more
    language = preferences.language_of(_json(language))
    values = texts.known(
        first_name=first,
        middle_name=middle,
        branch=name,
        starts=starts.astimezone(ZoneInfo(zone)),
        doctor=Employee(**dict(zip(_NAMES, doctor, strict=True))).short_name,
    )
    return {
        "template_id": template,
        "language": language,
        "text": texts.of_template(Template(text_ru=text_ru, text_kk=text_kk), language),
        "patient_id": patient,
        "branch_id": branch,
        "phone": phone,
        "values": values,
        "price": _json(price),
    }


def has_reminder() -> bool:
    """Is there a text to remind with?"""
    return Template.objects.filter(purpose=Template.Purpose.REMINDER, is_active=True).exists()


def reminders(
    rows: QuerySet[Message], branch_id: UUID, begins: datetime, ends: datetime
) -> list[dict[str, Any]]:
    """Of these messages the reminders that tell the visits between the two as they are now."""
    visits = Appointment.objects.filter(
        branch_id=branch_id, starts_at__gte=begins, starts_at__lt=ends
    )
    times = dict(visits.values_list("pk", "starts_at"))
    found = rows.filter(purpose=Template.Purpose.REMINDER, occasion_id__in=list(times))
    return [
        {"appointment": one.occasion_id, "state": one.state, "created_at": one.created_at}
        for one in found.order_by("created_at", "id")
        if one.occasion_id and one.tells(times[one.occasion_id])
    ]


def reminders_of(appointment_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(purpose=Template.Purpose.REMINDER, occasion_id=appointment_id)


def _json(value: Any) -> Any:
    """A cursor gives JSON as text."""
    return json.loads(value) if isinstance(value, str) else value


def page_of_messages(rows: QuerySet[Message], query: dict[str, Any], phone: Phone) -> Page:
    if query.get("state"):
        rows = rows.filter(state=query["state"])
    if query.get("patient"):
        rows = rows.filter(patient_id=query["patient"])
    if query.get("from") or query.get("to"):
        rows = _within(rows, query)
    rows = _with_names(rows).order_by("-created_at", "id")
    return page_of(rows, query, lambda found: [_show(message, phone) for message in found])


def one_message(pk: UUID, phone: Phone) -> dict[str, Any]:
    return _show(_with_names(Message.objects).get(pk=pk), phone)


def _within(rows: QuerySet[Message], query: dict[str, Any]) -> QuerySet[Message]:
    zone = zone_of(None)
    if query.get("from"):
        rows = rows.filter(created_at__gte=datetime.combine(query["from"], time(), zone))
    if query.get("to"):
        after = query["to"] + timedelta(days=1)
        rows = rows.filter(created_at__lt=datetime.combine(after, time(), zone))
    return rows


def _with_names(rows: Any) -> Any:
    return rows.select_related("patient", "branch", "template", "created_by")


def _show(message: Message, phone: Phone) -> dict[str, Any]:
    patient, branch, template = message.patient, message.branch, message.template
    return {
        "id": message.pk,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
        "state": message.state,
        "error": message.error,
        "channel": message.channel,
        "purpose": message.purpose,
        "phone": phone(message.phone, message.branch_id),
        "text": message.text,
        "segments": message.segments,
        "cost": message.cost,
        "patient": {"id": patient.pk, "name": patient.full_name} if patient else None,
        "branch": {"id": branch.pk, "name": branch.name} if branch else None,
        "template": {"id": template.pk, "name": template.name} if template else None,
        "created_by": message.created_by.short_name if message.created_by else "",
    }
