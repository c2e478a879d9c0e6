"""One appointment as its drawer shows it: the row of the day, its services, its steps, and who changed what."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.calendar import statuses
from apps.calendar.models import Appointment, AppointmentService, AppointmentStep, Segment
from apps.core.caller import Caller
from apps.core.models.journal import JournalEntry

_NEWEST = 50


def of(row: dict[str, Any], caller: Caller) -> dict[str, Any]:
    people = ("employee", "branch", "chair__room", "origin_appointment")
    appointment = Appointment.objects.select_related(*people).get(pk=row["id"])
    origin = appointment.origin_appointment
    chair = appointment.chair
    can_edit = caller.may("appointments:write", appointment.branch_id)
    return row | {
        "employee_name": appointment.employee.short_name,
        "chair_name": f"{chair.room.name}, {chair.name}" if chair else None,
        "branch_name": appointment.branch.name,
        "segments": _segments(appointment),
        "reserve_reason": appointment.reserve_reason,
        "origin_starts_at": origin.starts_at if origin else None,
        "rebooked": _rebooked(appointment),
        "services": _services(appointment.pk),
        "steps": _steps(appointment.pk),
        "history": _history(appointment.pk),
        "allowed": _allowed(appointment, caller),
        "can_edit": can_edit,
    }


def _rebooked(appointment: Appointment) -> dict[str, Any] | None:
    """Looked for among those of its patient: they have an index, lineage has none."""
    rows = Appointment.objects.filter(
        patient_id=appointment.patient_id,
        origin=Appointment.Origin.REBOOK,
        origin_appointment=appointment,
    )
    held = rows.exclude(status=Appointment.Status.CANCELED).order_by("-starts_at", "-id")
    latest = held.values("id", "starts_at").first()
    return {**latest} if latest else None


def _allowed(appointment: Appointment, caller: Caller) -> list[str]:
    scope = caller.scope("appointments:status")
    following = [
        status
        for status in statuses.NEXT[appointment.status]
        if status != Appointment.Status.NO_SHOW or appointment.starts_at <= timezone.now()
    ]
    if scope.covers(appointment.branch_id):
        return [str(status) for status in following]
    if scope.own and appointment.employee.user_id == caller.user.pk:
        return [str(status) for status in following if status in statuses.BY_DOCTOR]
    return []


def _services(appointment_id: UUID) -> list[dict[str, Any]]:
    rows = AppointmentService.objects.filter(appointment_id=appointment_id).select_related(
        "service"
    )
    return [
        {
            "service_id": row.service_id,
            "code": row.service.code,
            "name": row.service.name,
            "duration_minutes": row.service.duration_minutes,
            "buffer_before": row.service.buffer_before,
            "buffer_after": row.service.buffer_after,
            "quantity": row.quantity,
            "price": row.price,
        }
        for row in rows.order_by("position")
    ]


def _segments(appointment: Appointment) -> list[dict[str, Any]]:
    if not appointment.has_segments:
        return []
    rows = Segment.objects.filter(appointment=appointment)
    return [
        {
            "role": row.role,
            "employee": row.employee_id,
            "chair": row.chair_id,
            "device": row.device_id,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "name": _name(row),
        }
        for row in rows.select_related("employee", "chair__room", "device").order_by(
            "starts_at", "id"
        )
    ]


def _name(row: Segment) -> str:
    if row.employee:
        return row.employee.short_name
    if row.chair:
        return f"{row.chair.room.name}, {row.chair.name}"
    return row.device.name if row.device else ""


def _steps(appointment_id: UUID) -> list[dict[str, Any]]:
    rows = AppointmentStep.objects.filter(appointment_id=appointment_id).select_related("by")
    return [
        {"status": row.status, "at": row.at, "by": row.by.short_name if row.by else None}
        for row in rows.order_by("at", "id")
    ]


def _history(appointment_id: UUID) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(
        object_id=appointment_id, outcome=JournalEntry.Outcome.DONE
    ).select_related("actor")
    return [
        {
            "event": row.event,
            "at": row.at,
            "by": row.actor.short_name if row.actor else None,
            "changed": row.data.get("changed", []),
            "from": row.data.get("from"),
            "to": row.data.get("to"),
            "to_starts_at": row.data.get("to_starts_at"),
        }
        for row in rows.order_by("-at", "-id")[:_NEWEST]
    ]
