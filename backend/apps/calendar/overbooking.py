"""Time laid over somebody else's, by those who may and with a reason.

What another has is written down without keeping anybody away (``exclusive = false``), all the rest as ever. When time is
given back, the same transaction raises whoever lay over it and fits now, oldest first. Never a patient over himself.

Two locks make this strict: whoever lays over others holds them to the end, and whoever gives time back holds what held
it and all that lies over it. So of the two one comes first, and the other sees him (docs/decisions/laying-over.md).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.calendar import facts, occupancy
from apps.calendar.events import AppointmentSettled
from apps.calendar.models import Appointment, Break, Hold, Occupancy
from apps.calendar.occupancy import Want
from apps.core import contention, tenancy, versions
from apps.core.models.user import User
from apps.core.tenancy import TenantModel
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


def settle_in(places: Sequence[Want], *, by: User | None) -> None:
    """Whoever lies over others there and need not any more."""
    rows = Occupancy.objects.filter(exclusive=False)
    over = {
        pk
        for place in places
        for pk in rows.filter(
            resource_id=place.resource_id,
            during__overlap=DateTimeTZRange(place.starts_at, place.ends_at),
        ).values_list("appointment_id", flat=True)
    }
    if over:
        contention.hold({Appointment: over})
        _take((), over, by)


def settle_all() -> int:
    """Every night, in every organisation: a net below the verbs. How many appointments there were."""
    left = 0
    for organization in Organization.objects.all():
        with tenancy.tenant(organization.pk):
            rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
            rows = rows.filter(is_overbooked=True).order_by("pk")
            over = list(rows.values_list("pk", flat=True))
            _take((), over, by=None)
            left += len(over)
    return left


def _take(wants: Sequence[Want], over: Collection[UUID], by: User | None) -> list[Want]:
    rising = _rising(over, wants) if over else []
    taken = occupancy.claim([*wants, *rising])
    risen = _risen(rising, taken)
    lost = taken
    while over and lost:  # whoever stood back for one that did not get it may have his turn
        rising = _rising(over, ())
        lost = occupancy.claim(rising)
        risen |= _risen(rising, lost)
    if risen:
        _settle(risen, by)
    return [want for want in taken if want.instead_of is None]


def _risen(rising: Sequence[Want], lost: Sequence[Want]) -> set[UUID]:
    """Whose rows are as exclusive as any now; those that lay over others are forgotten."""
    risen = [want for want in rising if want not in lost]
    if risen:
        occupancy.forget([want.instead_of for want in risen if want.instead_of])
    return {want.appointment_id for want in risen if want.appointment_id}


def lay_over(taken: Sequence[Want]) -> None:
    """Write down what lies over time of others. It keeps nobody away; those others are held, so that none of them
    gives his time back without seeing it."""
    occupancy.lay_over(taken)
    own = {want.appointment_id for want in taken if want.appointment_id}
    beneath: contention.Rows = {Appointment: set(), Break: set(), Hold: set()}
    for model, pk in (found for row in lying(own) for found in _under(row)):
        beneath[model].add(pk)
    contention.hold(beneath, own={Appointment: own})
    rows = lying(own)
    firm = {row["id"] for row in rows if any(pk in beneath[model] for model, pk in _under(row))}
    if any(row["id"] not in firm for row in rows):  # gone before it was held
        raise contention.Contended(contention.together({Appointment: own}, beneath))


def lies(appointment: Appointment, *, over: str, taken: bool) -> None:
    """Note whether it lies over others, and why."""
    state = {"is_overbooked": taken, "overbook_reason": over if taken else ""}
    if state != {name: getattr(appointment, name) for name in state}:
        for name, value in state.items():
            setattr(appointment, name, value)
        appointment.save(update_fields=[*state])


def _under(row: dict[str, Any]) -> list[tuple[type[TenantModel], UUID]]:
    """Whose time it is that this row of ``lying`` lies over."""
    if row["over_from"] is None:
        return []
    if row["over_appointment"]:
        return [(Appointment, row["over_appointment"])]
    if row["over_break"]:
        return [(Break, row["over_break"])]
    kept = Occupancy.objects.filter(hold__isnull=False, resource_id=row["resource_id"])
    kept = kept.filter(during__overlap=DateTimeTZRange(row["starts_at"], row["ends_at"]))
    return [(Hold, pk) for pk in kept.values_list("hold_id", flat=True)]


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
