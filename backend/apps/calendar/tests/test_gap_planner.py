"""The planner of gaps by itself: for the order that a day has there is no better plan, and it breaks nothing."""

import random
from collections.abc import Iterator
from itertools import count, pairwise, product
from uuid import UUID

import pytest

from apps.calendar import hours
from apps.calendar.gaps import planner
from apps.calendar.gaps.planner import Doctor, Plan, Span, Visit
from testing.races import size

CHAIR, ROOM = UUID(int=900_001), UUID(int=900_002)
NINE, EVENING = 9 * 60, 18 * 60


def visit(number: int, starts: int, minutes: int = 30, **more: object) -> Visit:
    return Visit(UUID(int=number), UUID(int=500_000 + number), starts, starts + minutes, **more)  # type: ignore[arg-type]


def doctor(*visits: Visit, busy: tuple[Span, ...] = (), number: int = 700_000) -> Doctor:
    return Doctor(UUID(int=number), ((NINE, EVENING),), busy, visits)


def one(
    day: Doctor, taken: dict[UUID, list[Span]] | None = None, least: int = 60, most: int = 60
) -> Plan:
    return planner.plan([day], taken or {}, least=least, most=most)[0]


def test_two_small_gaps_become_one_that_somebody_can_be_treated_in() -> None:
    # 9:00-9:30 free, visit, 10:00-10:30 free, lunch until the evening
    plan = one(doctor(visit(1, NINE + 30), busy=((NINE + 90, EVENING),)))
    assert plan.shifts == {UUID(int=1): -30}
    assert plan.before == planner.Gain(60, 0, 30, 2)
    assert plan.after == planner.Gain(60, 60, 60, 0, ((NINE + 30, NINE + 90),))
    assert plan.won == 60


def test_nobody_is_moved_for_ten_minutes_and_nobody_farther_than_allowed() -> None:
    nearly = doctor(visit(1, NINE + 10), busy=((NINE + 110, EVENING),))  # 10 and 70 free: 70 of use
    assert one(nearly).shifts == {}
    assert one(nearly, least=80).shifts == {UUID(int=1): -10}
    far = doctor(visit(1, NINE + 30), busy=((NINE + 90, EVENING),))
    assert one(far, most=25).shifts == {}


def test_a_place_that_a_colleagues_patient_leaves_is_not_promised_to_another() -> None:
    first = doctor(visit(1, NINE + 30, needs=(CHAIR,)), busy=((NINE + 90, EVENING),))
    second = doctor(
        visit(2, NINE + 60, needs=(CHAIR,)),
        busy=((NINE, NINE + 30), (NINE + 120, EVENING)),
        number=700_001,
    )
    assert [plan.shifts for plan in planner.plan([first, second], {}, least=60, most=60)] == [
        {UUID(int=1): -30},
        {UUID(int=2): 30},  # not to 9:30: that chair is the first patient's until he has moved
    ]
    assert one(second).shifts == {UUID(int=2): -30}


# --- random days


def _day(
    dice: random.Random, visits: int, doctors: int = 1
) -> tuple[list[Doctor], dict[UUID, list[Span]]]:
    """Doctors with breaks, buffers, two hours of shift at the least, one chair and some patients shared."""
    numbers = count(1)
    used: dict[UUID, list[Span]] = {}
    taken = {
        pk: [_span(dice, 20)] for pk in (CHAIR, ROOM, UUID(int=500_001)) if dice.random() < 0.5
    }
    for pk, spans in taken.items():
        used.setdefault(pk, []).extend(spans)
    people = []
    for number in range(doctors):
        works = hours.merged(_span(dice, 240) for _ in range(2))
        busy = hours.merged(_span(dice, 15) for _ in range(2))
        own: list[Visit] = []
        for _ in range(visits * 8):
            if len(own) == visits:
                break
            starts, least = dice.randrange(NINE, EVENING), dice.choice([20, 30, 45])
            new = visit(
                next(numbers), starts - starts % dice.choice([5, 5, 1]), least,
                before=dice.choice([0, 0, 5]), after=dice.choice([0, 10]),
                needs=dice.choice([(), (CHAIR,), (CHAIR, ROOM)]), shut=(_span(dice, 30),) if dice.random() < 0.3 else (),
            )  # fmt: skip
            wants = {new.patient: new.present} | dict.fromkeys(new.needs, new.held)
            clear = not _meets([*busy, *(other.held for other in own)], new.held)
            if clear and not any(_meets(used.get(pk, []), span) for pk, span in wants.items()):
                own.append(new)
                for pk, span in wants.items():
                    used.setdefault(pk, []).append(span)
        people.append(Doctor(UUID(int=700_000 + number), tuple(works), tuple(busy), tuple(own)))
    return people, taken


def _span(dice: random.Random, least: int) -> Span:
    starts = dice.randrange(NINE, EVENING - least, 5)
    return starts, starts + dice.randrange(least, least + 60, 5)


def _meets(spans: list[Span], span: Span) -> bool:
    return any(begins < span[1] and span[0] < ends for begins, ends in spans)


def _score(day: Doctor, shifts: dict[UUID, int], least: int) -> tuple[int, ...]:
    left = hours.without(
        hours.without(day.works, day.busy), (v.by(shifts.get(v.id, 0)).held for v in day.visits)
    )
    useful = sum(ends - begins for begins, ends in left if ends - begins >= least)
    moved = [shift for shift in shifts.values() if shift]
    minutes = sum(abs(shift) for shift in moved)
    return useful - planner.WORTH * len(moved), -len(moved), -minutes, -sum(moved)


def _all(day: Doctor, taken: dict[UUID, list[Span]], most: int) -> Iterator[dict[UUID, int]]:
    """Every way to move them that keeps their order and breaks nothing; standing still is always one."""
    visits = sorted(day.visits, key=lambda v: v.starts)
    places = [
        [
            s
            for s in range(-most, most + 1)
            if s == 0 or ((v.starts + s) % 5 == 0 and _free(v.by(s), day, taken))
        ]
        for v in visits
    ]
    for shifts in product(*places):
        moved = [v.by(s) for v, s in zip(visits, shifts, strict=True)]
        if all(a.held[1] <= b.held[0] for a, b in pairwise(moved)):
            yield {v.id: s for v, s in zip(visits, shifts, strict=True)}


def _free(there: Visit, day: Doctor, taken: dict[UUID, list[Span]]) -> bool:
    wants = {there.patient: there.present} | dict.fromkeys(there.needs, there.held)
    return (
        any(begins <= there.starts and there.ends <= ends for begins, ends in day.works)
        and not _meets([*day.busy], there.held)
        and not _meets([*there.shut], there.present)
        and not any(_meets(taken.get(pk, []), span) for pk, span in wants.items())
    )


@pytest.mark.parametrize("seed", range(size(40, 600)))
def test_no_plan_is_better_than_the_one_it_makes(seed: int) -> None:
    dice = random.Random(seed)
    (day,), taken = _day(dice, visits=dice.choice([2, 3]))
    least, most = dice.choice([30, 60, 90]), dice.choice([15, 20, 40])
    plan = one(day, taken, least, most)
    best = max(_score(day, shifts, least) for shifts in _all(day, taken, most))
    assert _score(day, plan.shifts, least) == best
    assert plan.won >= 0 and plan == one(day, taken, least, most)


def _broken(
    people: list[Doctor], plans: list[Plan], taken: dict[UUID, list[Span]], chosen: set[UUID]
) -> bool:
    """Whether two meet somewhere once the plans of ``chosen`` doctors are carried out."""
    used = {pk: list(spans) for pk, spans in taken.items()}
    for day, plan in zip(people, plans, strict=True):
        for v in day.visits:
            there = v.by(plan.shifts.get(v.id, 0) if day.id in chosen else 0)
            wants = {there.patient: there.present, day.id: there.held} | dict.fromkeys(
                there.needs, there.held
            )
            for pk, span in wants.items():
                if _meets(used.get(pk, []), span):
                    return True
                used.setdefault(pk, []).append(span)
    return False


@pytest.mark.parametrize("seed", range(size(10, 200)))
def test_of_several_doctors_any_plans_can_be_carried_out_without_the_others(seed: int) -> None:
    dice = random.Random(seed)
    people, taken = _day(dice, visits=8, doctors=4)
    plans = planner.plan(people, taken, least=60, most=90)
    assert not any(
        _broken(people, plans, taken, set(dice.sample([p.id for p in people], n))) for n in range(5)
    )


def test_control_without_the_look_at_chairs_and_patients_they_meet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planner._Day, "_is_taken", lambda *_: False)
    days = [_day(random.Random(seed), visits=8, doctors=4) for seed in range(10)]
    assert any(
        _broken(
            people, planner.plan(people, taken, least=60, most=90), taken, {p.id for p in people}
        )
        for people, taken in days
    )
