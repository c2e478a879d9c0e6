"""Arithmetic of a working day: shifts as instants, and what is left of them. No database here."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
T = TypeVar("T", datetime, int)  # instants, or minutes of any count


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """What the clock on the branch's wall means. An hour that the zone skips becomes the one after it."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def merged(spans: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Sorted, with touching ones made one; empty ones (a skipped hour) fall out."""
    result: list[tuple[T, T]] = []
    for begins, ends in sorted(span for span in spans if span[0] < span[1]):
        if result and begins <= result[-1][1]:
            result[-1] = (result[-1][0], max(ends, result[-1][1]))
        else:
            result.append((begins, ends))
    return result


def covers(spans: Iterable[tuple[T, T]], begins: T, ends: T) -> bool:
    return any(first <= begins and ends <= last for first, last in merged(spans))


def without(spans: Iterable[tuple[T, T]], busy: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """What is left of ``spans`` when ``busy`` is taken out."""
    left = merged(spans)
    for taken_from, taken_to in busy:
        pieces = []
        for begins, ends in left:
            pieces += [(begins, min(ends, taken_from)), (max(begins, taken_to), ends)]
        left = [(begins, ends) for begins, ends in pieces if begins < ends]
    return left


def nearest(found: Sequence[Span], wanted: datetime, count: int) -> list[Span]:
    """The next ``count`` of them; the last ones before the wanted time only when too few follow."""
    after = [span for span in found if span[0] >= wanted]
    before = [span for span in found if span[0] < wanted]
    missing = max(count - len(after), 0)
    return [*before[max(len(before) - missing, 0) :], *after[:count]]


def minutes(spans: Iterable[Span]) -> int:
    return int(sum((ends - begins for begins, ends in spans), timedelta()).total_seconds()) // 60
