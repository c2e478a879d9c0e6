"""Reads of the log."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.comms.models import Message
from apps.comms.preferences import zone_of
from apps.core.api import Page, page_of

Phone = Callable[[str, UUID | None], str]


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
