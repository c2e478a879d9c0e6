"""How the calendar tells what has happened to an appointment."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.calendar.models import Appointment
from apps.core import realtime, tenancy
from apps.core.events import Event, record, touch_day
from apps.core.models.user import User


def tell(
    event: type[Event], appointment: Appointment, by: User | None, changed: list[str], **more: Any
) -> None:
    data = {
        "version": appointment.version,
        "changed": changed,
        "employee_id": str(appointment.employee_id),
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "status": appointment.status,
    }
    record(
        event(
            id=appointment.pk,
            branch_id=appointment.branch_id,
            patient_id=appointment.patient_id,
            by=by,
            data=data | more,
        )
    )


def tell_branch(branch_id: UUID, appointment: Appointment, by: User | None) -> None:
    """The branch that it left must read its day again too."""
    touch_day(branch_id)
    notice = {
        "resource": "appointments",
        "id": str(appointment.pk),
        **({"by": str(by.pk)} if by else {}),
    }
    organization_id = tenancy.current_organization_id()
    transaction.on_commit(partial(realtime.notify, organization_id, branch_id, notice), robust=True)
