"""A freed place is offered to one who waits: kept for him while he is asked, and for nobody else.

The hold decides that no place is offered twice; a constraint, that nobody has two open offers. An offer whose hold is over
is no offer any more, whether or not anybody has said so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.calendar import holds, planned, ranking, waiting
from apps.calendar.events import OfferDeclined, SlotOffered, WaitingContacted
from apps.calendar.models import (
    Appointment,
    ContactAttempt,
    Occupancy,
    Offer,
    WaitingContact,
    WaitingEntry,
    WaitingService,
)
from apps.calendar.place import Place
from apps.core import inserts, versions
from apps.core.errors import DomainError
from apps.core.models.user import User
from apps.org.models import Branch
from apps.staff.models import EmployeeService

LASTS = timedelta(minutes=15)  # a call, and another one
MOST = 20
Status = Offer.Status


class AlreadyOffered(DomainError):
    """details: ``starts_at``, ``expires_at``."""

    code = "already_offered"
    message = _("Another time is being offered to this patient just now.")


def candidates(
    branch: Branch, employee_id: UUID, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[ranking.Ranked]:
    """Who may be asked, best first: without those who declined this very place, are busy then, or are being asked."""
    entries = list(WaitingEntry.objects.filter(branch=branch, status__in=waiting.OPEN))
    gone = _asked(entries, employee_id, starts_at, now)
    busy = set(
        Occupancy.objects.filter(
            Occupancy.meeting(starts_at, ends_at),
            resource_id__in={employee_id, *(entry.patient_id for entry in entries)},
            hold__isnull=True,
        ).values_list("resource_id", flat=True)
    )
    if employee_id in busy:  # it is not free any more
        return []
    wanted: dict[UUID, set[UUID]] = {}
    for entry_id, service_id in WaitingService.objects.filter(entry__in=entries).values_list(
        "entry_id", "service_id"
    ):
        wanted.setdefault(entry_id, set()).add(service_id)
    freed = ranking.Freed(
        employee_id, starts_at, ends_at, branch.zone, _left_to_others(employee_id, wanted.values())
    )
    waiters = [
        ranking.Waiter(
            id=entry.pk,
            minutes=entry.minutes,
            since=entry.created_at,
            employee_id=entry.employee_id,
            services=frozenset(wanted.get(entry.pk, ())),
            first_date=entry.first_date,
            last_date=entry.last_date,
            windows=tuple(entry.windows),
            weekdays=tuple(entry.weekdays),
            priority=entry.priority,
            is_urgent=entry.is_urgent,
        )
        for entry in entries
        if entry.pk not in gone and entry.patient_id not in busy
    ]
    return ranking.rank(freed, waiters, now)[:MOST]


def _asked(
    entries: list[WaitingEntry], employee_id: UUID, starts_at: datetime, now: datetime
) -> set[UUID]:
    rows = Offer.objects.filter(entry__in=entries)
    declined = rows.filter(
        status__in=(Status.DECLINED, Status.EXPIRED), employee_id=employee_id, starts_at=starts_at
    )
    being = rows.filter(status=Status.OPEN, hold__expires_at__gt=now)
    return {*declined.values_list("entry_id", flat=True), *being.values_list("entry_id", flat=True)}


def _left_to_others(employee_id: UUID, wanted: Iterable[set[UUID]]) -> frozenset[UUID]:
    services = set().union(*wanted)
    if not services:
        return frozenset()
    rows = EmployeeService.objects.filter(service_id__in=services, employee__is_active=True)
    links = list(rows.values_list("service_id", "employee_id"))
    own = {service for service, employee in links if employee == employee_id}
    return frozenset(service for service, _employee in links if service not in own)


@transaction.atomic(savepoint=False)
def offer(*, entry: WaitingEntry, where: Place, by: User, now: datetime) -> Offer:
    """Keep this place for him. Refused: `slot_taken`, also when it is being offered to another; `already_offered`."""
    waiting.check_open(entry)
    old = _open(entry)
    if old and _is_live(old, now):
        assert old.hold
        raise AlreadyOffered(
            details={"starts_at": old.starts_at, "expires_at": old.hold.expires_at}
        )
    if old:
        _close(old, Status.EXPIRED)
    row = Offer(
        entry=entry,
        employee_id=where.employee_id,
        chair_id=where.chair_id,
        starts_at=where.starts_at,
        ends_at=where.ends_at,
        by=by,
    )
    buffers = planned.buffers(waiting.lines(entry))
    row.hold = holds.take(
        key=str(row.pk), where=where, buffers=buffers, lasts=LASTS, by=by, now=now
    )
    inserts.insert([row])
    changed = versions.apply(entry, {"status": WaitingEntry.Status.CONTACTED})
    waiting.tell(SlotOffered, entry, by, changed, **_place(row))
    return row


@transaction.atomic(savepoint=False)
def decline(*, entry: WaitingEntry, by: User, now: datetime, note: str = "") -> None:
    """He does not want it. The place, if it is still kept for him, is free for the next one."""
    waiting.check_open(entry)
    row = _open(entry)
    if row and row.hold:
        holds.give_back(hold=row.hold, by=by)
    if row:
        _close(row, Status.DECLINED)
    _write(entry, ContactAttempt.Result.DECLINED, note, by, now)
    changed = versions.apply(entry, {"status": WaitingEntry.Status.WAITING})
    waiting.tell(OfferDeclined, entry, by, changed, **(_place(row) if row else {}))


@transaction.atomic(savepoint=False)
def book(
    *, entry: WaitingEntry, where: Place, over: str = "", by: User, now: datetime
) -> Appointment:
    """Give him a time; what an open offer keeps for him is his."""
    row = _open(entry)
    hold = row.hold if row else None
    if row:
        _close(row, Status.TAKEN)
    return waiting.book(entry=entry, where=where, over=over, hold=hold, by=by, now=now)


@transaction.atomic(savepoint=False)
def contacted(*, entry: WaitingEntry, result: str, note: str = "", by: User, now: datetime) -> None:
    """Write down a call."""
    waiting.check_open(entry)
    _write(entry, result, note, by, now)
    changed = versions.apply(entry, {"status": WaitingEntry.Status.CONTACTED})
    waiting.tell(WaitingContacted, entry, by, changed, result=result)


def live(entries: Iterable[UUID], now: datetime) -> dict[UUID, Offer]:
    """Entry → its open offer."""
    rows = Offer.objects.filter(
        entry_id__in=list(entries), status=Status.OPEN, hold__expires_at__gt=now
    )
    return {row.entry_id: row for row in rows.select_related("hold")}


def _open(entry: WaitingEntry) -> Offer | None:
    rows = Offer.objects.filter(entry=entry, status=Status.OPEN).select_related("hold")
    return rows.first()


def _is_live(row: Offer, now: datetime) -> bool:
    return row.hold is not None and row.hold.expires_at > now


def _close(row: Offer, status: str) -> None:
    row.status, row.hold = status, None
    row.save(update_fields=["status", "hold"])


def _write(entry: WaitingEntry, result: str, note: str, by: User, now: datetime) -> None:
    inserts.insert([WaitingContact(entry=entry, at=now, by=by, result=result, note=note)])


def _place(row: Offer) -> dict[str, Any]:
    return {"employee_id": str(row.employee_id), "starts_at": row.starts_at.isoformat()}
