"""Time laid over somebody else's, by those who may and with a reason.

What another has is written down without keeping anybody away (``exclusive = false``), all the rest as ever. When time is
given back, the same transaction raises whoever lay over it and fits now, oldest first. Never a patient over himself.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from apps.calendar import facts, occupancy
from apps.calendar.events import AppointmentSettled
from apps.calendar.models import Appointment
from apps.calendar.occupancy import Want
from apps.core import tenancy, versions
from apps.core.models.user import User
from apps.org.models import Organization

LYING = """
SELECT id, appointment_id, kind, resource_id, starts_at, ends_at, over_appointment, over_break, over_from, over_to
FROM calendar_lying(%s::uuid[])
"""


def exchange(
    wants: Sequence[Want] = (),
    *,
    appointments: Iterable[UUID] = (),
    breaks: Iterable[UUID] = (),
    holds: Iterable[UUID] = (),
    by: User | None,
) -> list[Want]:
    """Give back what these hold and take ``wants``; returns what of these belongs to others. Whoever lay over the time
    that was given back rises in the same sorted statement, behind the wants of those who gave it."""
    over = occupancy.release(appointments=appointments, breaks=breaks, holds=holds)
    return _take(wants, over, by)


def settle_all() -> int:
    """Every night, in every organisation: whoever still lies over nothing. Two may have given back at once, each half of
    what somebody lay over, and neither saw the other. How many appointments there were."""
    left = 0
    for organization in Organization.objects.all():
        with tenancy.tenant(organization.pk):
            rows = Appointment.objects.select_for_update(of=("self",)).filter(is_overbooked=True)
            over = list(rows.order_by("pk").values_list("pk", flat=True))
            _take((), over, by=None)
            left += len(over)
    return left


def _take(wants: Sequence[Want], over: Collection[UUID], by: User | None) -> list[Want]:
    rising = _rising(over, wants) if over else []
    taken = occupancy.claim([*wants, *rising])
    risen = [want for want in rising if want not in taken]
    if risen:
        occupancy.forget([want.instead_of for want in risen if want.instead_of])
        _settle({want.appointment_id for want in risen if want.appointment_id}, by)
    return [want for want in taken if want.instead_of is None]


def lying(appointments: Collection[UUID]) -> list[dict[str, Any]]:
    """What these lie over: a row for each piece of another's time; one of a row that lies over nothing."""
    with connection.cursor() as cursor:
        cursor.execute(LYING, [list(appointments)])
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rising(appointments: Collection[UUID], wants: Sequence[Want]) -> list[Want]:
    """What lies over nothing any more, oldest appointment first, each only where no earlier one of these wants to be."""
    chosen: list[Want] = []
    rows = [row for row in lying(appointments) if row["over_from"] is None]
    for row in sorted(rows, key=lambda row: (row["appointment_id"], row["id"])):
        want = Want(
            row["kind"],
            row["resource_id"],
            row["starts_at"],
            row["ends_at"],
            appointment_id=row["appointment_id"],
            instead_of=row["id"],
        )
        if not any(_meet(want, other) for other in (*wants, *chosen)):
            chosen.append(want)
    return chosen


def _meet(one: Want, other: Want) -> bool:
    return (
        one.resource_id == other.resource_id
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )


def _settle(appointments: Collection[UUID], by: User | None) -> None:
    """Those of them that lie over nothing any more are like any other."""
    still = {row["appointment_id"] for row in lying(appointments)}
    settled = [pk for pk in appointments if pk not in still]
    for appointment in Appointment.objects.filter(pk__in=settled).order_by("pk"):
        changed = versions.apply(appointment, {"is_overbooked": False, "overbook_reason": ""})
        facts.tell(AppointmentSettled, appointment, by, changed)


def listed(appointments: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Appointment → what it lies over, for the manager."""
    names = ("kind", "resource_id", "over_appointment", "over_break", "over_from", "over_to")
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in lying(appointments):
        if row["over_from"]:
            found.setdefault(row["appointment_id"], []).append({name: row[name] for name in names})
    return found
