"""Which appointments of a doctor's day to move so that the time left free is of use. No database, no clock here.

All times are whole minutes of one count. A doctor's appointments keep their order; for that order the plan is exact: a walk
over every place of every appointment that keeps the best way to each. The same day gets the same plan.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from apps.calendar import hours

Span = tuple[int, int]
GRID = 5
WORTH = 10
"""A patient is asked to come at another hour only for more useful minutes than this."""


@dataclass(frozen=True)
class Visit:
    """One that may move. ``needs``: what it takes beside the doctor, for as long as him (chair, room); ``shut``: hours
    kept for others, where it may not go."""

    id: UUID
    patient: UUID
    starts: int
    ends: int
    before: int = 0
    after: int = 0
    needs: tuple[UUID, ...] = ()
    shut: tuple[Span, ...] = ()

    @property
    def present(self) -> Span:
        """While the patient is there."""
        return self.starts, self.ends

    @property
    def held(self) -> Span:
        """While the doctor is taken."""
        return self.starts - self.before, self.ends + self.after

    def by(self, shift: int) -> "Visit":
        return replace(self, starts=self.starts + shift, ends=self.ends + shift)


@dataclass(frozen=True)
class Doctor:
    """``works``: his hours that are still ahead, merged; ``busy``: what takes him beside ``visits``, merged."""

    id: UUID
    works: tuple[Span, ...]
    busy: tuple[Span, ...]
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Gain:
    """Minutes that are free, those of them in stretches of use, the longest stretch; how many are too short; the others."""

    free: int
    useful: int
    longest: int
    gaps: int
    stretches: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Plan:
    doctor: UUID
    shifts: dict[UUID, int]  # of those that move
    before: Gain
    after: Gain

    @property
    def won(self) -> int:
        return self.after.useful - self.before.useful


def plan(
    doctors: Sequence[Doctor], taken: Mapping[UUID, Iterable[Span]], *, least: int, most: int
) -> list[Plan]:
    """One for each, in this order. ``least``: the shortest stretch of use; ``most``: the farthest that one may move;
    ``taken``: what is not to be had of chairs, rooms and patients. A place that a plan leaves stays taken for the other
    doctors, so that each plan can be carried out without the rest."""
    others: _Taken = defaultdict(list)
    for resource, spans in taken.items():
        others[resource] = [(*span, None) for span in spans]
    for doctor in doctors:
        for visit in doctor.visits:
            _occupy(others, visit, doctor.id)
    plans = []
    for doctor in doctors:
        own = _Day(doctor, others, least, most).planned()
        for visit in doctor.visits:
            if visit.id in own.shifts:
                _occupy(others, visit.by(own.shifts[visit.id]), doctor.id)
        plans.append(own)
    return plans


_Taken = dict[UUID, list[tuple[int, int, UUID | None]]]


def _occupy(taken: _Taken, visit: Visit, doctor: UUID) -> None:
    for need in visit.needs:
        taken[need].append((*visit.held, doctor))
    taken[visit.patient].append((*visit.present, doctor))


class _Day:
    """Of one doctor."""

    def __init__(self, doctor: Doctor, taken: _Taken, least: int, most: int) -> None:
        self.doctor, self.taken, self.least, self.most = doctor, taken, least, most
        self.visits = sorted(doctor.visits, key=lambda visit: (visit.starts, visit.id))
        self.open = hours.without(doctor.works, doctor.busy)
        self.closing = [ends for _begins, ends in self.open]
        self.worth = cache(self._worth)

    def planned(self) -> Plan:
        shifts = self._best()
        before = self._gain(self.visits)
        after = self._gain(visit.by(shifts.get(visit.id, 0)) for visit in self.visits)
        return Plan(self.doctor.id, shifts, before, after)

    def _gain(self, visits: Iterable[Visit]) -> Gain:
        left = hours.without(self.open, [visit.held for visit in visits])
        lengths = [ends - begins for begins, ends in left]
        return Gain(
            free=sum(lengths),
            useful=sum(length for length in lengths if length >= self.least),
            longest=max(lengths, default=0),
            gaps=sum(length < self.least for length in lengths),
            stretches=tuple(span for span in left if span[1] - span[0] >= self.least),
        )

    def _best(self) -> dict[UUID, int]:
        """The shifts of the best way through the day. A way: until when he is taken, its score, its steps backwards."""
        ways: list[_Way] = [(-_FAR, 0, None)]
        for visit in self.visits:
            reached = []
            for shift in self._shifts(visit):
                begins, ends = _shifted(visit.held, shift)
                score, steps = self._best_way(ways, begins)
                reached.append((ends, score + _price(shift), (shift, steps)))
            ways = [way for way in reached if way[1] > -_NEVER]
        _score, steps = self._best_way(ways, _FAR)
        chosen = []
        while steps:
            shift, steps = steps
            chosen.append(shift)
        return {
            visit.id: shift
            for visit, shift in zip(reversed(self.visits), chosen, strict=True)
            if shift
        }

    def _best_way(self, ways: list["_Way"], begins: int) -> tuple[int, Any]:
        """To what begins then; the earlier one of two that are as good."""
        best: tuple[int, Any] = (-2 * _NEVER, None)
        for ends, score, steps in ways:  # by their ends
            if ends > begins:
                break
            total = score + self.worth(ends, begins)
            if total > best[0]:
                best = total, steps
        return best

    def _worth(self, begins: int, ends: int) -> int:
        """Of what is free from one visit to the next."""
        useful = 0
        for first, last in self.open[bisect_right(self.closing, begins) :]:
            if first >= ends:
                break
            length = min(last, ends) - max(first, begins)
            useful += length if length >= self.least else 0
        return useful * _MINUTE

    def _shifts(self, visit: Visit) -> list[int]:
        """On the grid, ascending; its own place is always one of them."""
        first = visit.starts - self.most
        starts = range(first + -first % GRID, visit.starts + self.most + 1, GRID)
        shifts = {start - visit.starts for start in starts}
        return sorted({shift for shift in shifts if self._fits(visit, shift)} | {0})

    def _fits(self, visit: Visit, shift: int) -> bool:
        present, held = _shifted(visit.present, shift), _shifted(visit.held, shift)
        return (
            hours.covers(self.doctor.works, *present)
            and not _meets(self.doctor.busy, held)
            and not _meets(visit.shut, present)
            and not any(self._is_taken(need, held) for need in visit.needs)
            and not self._is_taken(visit.patient, present)
        )

    def _is_taken(self, resource: UUID, span: Span) -> bool:
        """By others: the visits of one doctor keep apart by their order."""
        return any(
            begins < span[1] and span[0] < ends and whose != self.doctor.id
            for begins, ends, whose in self.taken.get(resource, ())
        )


_Way = tuple[int, int, Any]
_FAR = 2**40
# One number puts plans in order: the useful minutes less what the moves must bring; then fewer moves, fewer minutes, earlier.
_SHORTER = 2**14
_MOVE = 2**30
_MINUTE = 2**40
_NEVER = 2**60


def _price(shift: int) -> int:
    return -(WORTH * _MINUTE + _MOVE + abs(shift) * _SHORTER + shift) if shift else 0


def _shifted(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _meets(spans: Iterable[Span], span: Span) -> bool:
    return any(begins < span[1] and span[0] < ends for begins, ends in spans)
