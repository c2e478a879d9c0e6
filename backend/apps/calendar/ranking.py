"""Whom to offer a freed place: who fits it, in which order, and why in words. No database here.

A signal looks at one who waits and says how much it counts and the words for it, or nothing. Other modules add their own
(``signal``): what a plan is worth, how often somebody came, whether the works of his technician are ready.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.calendar.slots import WINDOWS


@dataclass(frozen=True)
class Freed:
    employee_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    left_to_others: frozenset[UUID] = frozenset()  # services that this doctor does not do

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(self.zone).date()


@dataclass(frozen=True)
class Waiter:
    id: UUID
    minutes: int
    since: datetime
    employee_id: UUID | None = None
    services: frozenset[UUID] = frozenset()
    first_date: date | None = None
    last_date: date | None = None
    windows: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    priority: int = 1
    is_urgent: bool = False


class Point(NamedTuple):
    worth: int
    reason: str


class Ranked(NamedTuple):
    waiter: Waiter
    score: int
    reasons: tuple[str, ...]  # what counts most first


Signal = Callable[[Freed, Waiter, datetime], Point | None]
_signals: list[Signal] = []


def signal(of: Signal) -> Signal:
    _signals.append(of)
    return of


def rank(freed: Freed, waiters: Iterable[Waiter], now: datetime) -> list[Ranked]:
    """Those whom it fits, best first; of equals who waits longer. The same question has the same answer."""
    ranked = [_ranked(freed, waiter, now) for waiter in waiters if fits(freed, waiter)]
    return sorted(ranked, key=lambda one: (-one.score, one.waiter.since, one.waiter.id))


def _ranked(freed: Freed, waiter: Waiter, now: datetime) -> Ranked:
    points = [point for of in _signals if (point := of(freed, waiter, now))]
    points.sort(key=lambda point: -point.worth)
    return Ranked(
        waiter, sum(point.worth for point in points), tuple(point.reason for point in points)
    )


def fits(freed: Freed, waiter: Waiter) -> bool:
    """May he be asked at all? Long enough, the right doctor, a day and an hour that he can come."""
    return (
        waiter.minutes <= freed.minutes
        and waiter.employee_id in (None, freed.employee_id)
        and not waiter.services & freed.left_to_others
        and (waiter.first_date is None or waiter.first_date <= freed.day)
        and (waiter.last_date is None or freed.day <= waiter.last_date)
        and (not waiter.weekdays or freed.day.isoweekday() in waiter.weekdays)
        and (not waiter.windows or bool(_window_of(freed, waiter)))
    )


def _window_of(freed: Freed, waiter: Waiter) -> str:
    """The one of his that his visit, from the beginning of the place on, lies in."""
    begins = freed.starts_at.astimezone(freed.zone)
    ends = begins + timedelta(minutes=waiter.minutes)
    return next((one for one in waiter.windows if _inside(begins, ends, one)), "")


def _inside(begins: datetime, ends: datetime, window: str) -> bool:
    first, last = WINDOWS.get(window) or (window[:5], window[6:])
    upto = time.max if last == "24:00" or ends.date() > begins.date() else ends.time()
    limit = time.max if last == "24:00" else time.fromisoformat(last)
    return time.fromisoformat(first) <= begins.time() and upto <= limit


@signal
def in_pain(_freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    return Point(100, _("Acute pain.")) if waiter.is_urgent else None


@signal
def priority(_freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    if waiter.priority == 1:
        return None
    return Point(40, _("First of all.")) if waiter.priority > 1 else Point(-20, _("Can wait."))


@signal
def wants_the_doctor(freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    return Point(30, _("Wants this doctor.")) if waiter.employee_id == freed.employee_id else None


@signal
def fills_the_place(freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    if waiter.minutes == freed.minutes:
        return Point(25, _("Takes the whole time."))
    share = 20 * waiter.minutes // freed.minutes
    return Point(share, _("Takes %(minutes)s min of it.") % {"minutes": waiter.minutes})


@signal
def asked_for_the_hour(freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    if not waiter.windows:
        return None
    word = {"morning": _("Asked for the morning."), "afternoon": _("Asked for the afternoon."),
            "evening": _("Asked for the evening.")}  # fmt: skip
    window = _window_of(freed, waiter)
    return Point(15, word.get(window) or _("Asked for these hours: %(hours)s.") % {"hours": window})


@signal
def last_chance(freed: Freed, waiter: Waiter, _now: datetime) -> Point | None:
    if waiter.last_date is None or waiter.last_date - freed.day > timedelta(days=2):
        return None
    return Point(12, _("Can come until %(date)s only.") % {"date": f"{waiter.last_date:%d.%m}"})


@signal
def has_waited(_freed: Freed, waiter: Waiter, now: datetime) -> Point | None:
    days = (now - waiter.since).days
    return Point(min(days, 30), _("Days of waiting: %(days)s.") % {"days": days}) if days else None
