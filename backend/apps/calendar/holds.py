"""A place kept for five minutes: for whoever has the key, and nobody else.

A hold takes time as an appointment does, so the same constraint decides who gets it. It ends by itself: from
``expires_at`` on nobody respects it (see ``occupancy.claim``), and no process has to live for that. A doorbell sweeps up
what is left and tells the screens.
"""

from datetime import datetime, timedelta

from django.db import transaction

from apps.calendar import free, occupancy, overbooking
from apps.calendar.events import HoldEnded, HoldTaken
from apps.calendar.models import Hold
from apps.calendar.place import Place
from apps.core import contention, outbox
from apps.core.events import Event, record
from apps.core.models import Membership
from apps.core.models.user import User

LASTS = timedelta(minutes=5)
MOST = 5
BELL = "hold"
AGAIN = timedelta(seconds=5)


@transaction.atomic(savepoint=False)
def keep(*, key: str, where: Place, buffers: tuple[int, int], by: User, now: datetime) -> Hold:
    """``take`` for somebody who fills in a form. He keeps no more than ``MOST`` places at once, however many forms he
    opened: the one that he asked for the longest ago is given back, so that he is never kept from his work by what he
    left behind. Offers to those who wait are not counted."""
    _one_after_another(by)
    rows = Hold.objects.filter(by=by, offers__isnull=True, expires_at__gt=now).exclude(key=key)
    for old in rows.order_by("-expires_at", "-pk")[MOST - 1 :]:
        give_back(hold=old, by=by)
    return take(key=key, where=where, buffers=buffers, by=by, now=now)


@transaction.atomic(savepoint=False)
def take(
    *,
    key: str,
    where: Place,
    buffers: tuple[int, int] = (0, 0),
    lasts: timedelta = LASTS,
    by: User,
    now: datetime,
) -> Hold:
    """Keep this place, instead of the one that the key kept; the same place again: for another five minutes."""
    before, after = buffers
    told = {
        "branch_id": where.branch_id,
        "employee_id": where.employee_id,
        "chair_id": where.chair_id,
        "starts_at": where.starts_at,
        "ends_at": where.ends_at,
        "buffer_before": before,
        "buffer_after": after,
        "expires_at": now + lasts,
    }
    Hold.objects.bulk_create(  # two presses at once: the second waits for the first
        [Hold(key=key, by=by, **told)],
        update_conflicts=True,
        unique_fields=["organization", "by", "key"],
        update_fields=list(told),
    )
    hold: Hold = Hold.objects.get(by=by, key=key)
    wants = occupancy.for_hold(hold, where.room_id)
    taken = overbooking.exchange(wants, holds=[hold.pk], by=by)
    if taken:
        raise occupancy.SlotTaken(details=free.explain(hold, taken, wants))
    outbox.ring(BELL, hold.expires_at)
    _record(HoldTaken, hold, by)
    return hold


def _one_after_another(by: User) -> None:
    """Of two requests of one person the second counts what the first has taken."""
    rows = Membership.objects.filter(user=by)
    contention.hold({Membership: rows.values_list("pk", flat=True)})


def of(key: str | None, by: User) -> Hold | None:
    """His own. One that has ended is none."""
    return Hold.objects.filter(by=by, key=key).first() if key else None


@transaction.atomic(savepoint=False)
def give_back(*, hold: Hold, by: User | None) -> None:
    _end(hold, by)
    _record(HoldEnded, hold, by)


def sweep(now: datetime) -> None:
    """Take off what is over, in this tenant. One that somebody is changing is left to the bell of its new end; one that
    somebody lies over who is being changed just now, to another bell."""
    rows = Hold.objects.select_for_update(of=("self",), skip_locked=True)
    for hold in rows.filter(expires_at__lte=now).order_by("pk"):
        try:
            with transaction.atomic():
                give_back(hold=hold, by=None)
        except contention.Contended:
            outbox.ring(BELL, now + AGAIN)


def _end(hold: Hold, by: User | None) -> None:
    overbooking.exchange(holds=[hold.pk], by=by)
    # A claim that came after its end has taken its rows away, and raised nobody.
    overbooking.settle_in(occupancy.for_hold(hold, occupancy.exclusive_room(hold)), by=by)
    hold.delete()


def _record(event: type[Event], hold: Hold, by: User | None) -> None:
    data = {
        "employee_id": str(hold.employee_id),
        "starts_at": hold.starts_at.isoformat(),
        "ends_at": hold.ends_at.isoformat(),
        "expires_at": hold.expires_at.isoformat(),
    }
    record(event(id=hold.pk, branch_id=hold.branch_id, by=by, data=data))
