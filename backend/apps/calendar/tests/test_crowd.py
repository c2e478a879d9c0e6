"""Many people at once, at random, with everything one may do to a day; then the books of time are audited."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from apps.calendar import audit
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.calendar.tests.test_races import rivals
from apps.core.tenancy import tenant
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic
from testing.races import together

CALENDAR = "/api/v1/calendar"
# 400: an end before its beginning, or outside of hours; 403: over somebody's time without the right to
DAYS = 4
FINE = {200, 201, 204, 400, 403, 404, 409}


@dataclass
class Person:
    """Somebody at a desk. What they have made is known to everybody."""

    clinic: Clinic
    client: Any
    patient: str
    dice: random.Random
    made: dict[str, list[str]]
    answers: Counter[str] = field(default_factory=Counter)

    def works(self, actions: int) -> Counter[str]:
        for _ in range(actions):
            act = self.dice.choice(ACTS)
            answer = act(self)
            assert answer is None or answer.status_code in FINE, answer.content
            done = answer is not None and answer.status_code < 300
            self.answers[act.__name__ if done else "refused"] += 1
        return self.answers

    def wanted(self, **more: Any) -> dict[str, Any]:
        start = at(9) + timedelta(
            days=self.dice.randrange(DAYS), minutes=15 * self.dice.randrange(32)
        )
        return body(
            self.clinic,
            start,
            self.dice.choice([15, 30, 60]),
            patient=self.patient,
            employee=self.doctor(),
            chair=str(self.dice.choice([self.clinic.chair, self.clinic.chair2]).pk),
            **more,
        )

    def doctor(self) -> str:
        return str(self.dice.choice([self.clinic.doctor, self.clinic.doctor2]).pk)

    def any(self, kind: str) -> str | None:
        known = self.made[kind]
        return self.dice.choice(known) if known else None

    def keeps(self, kind: str, answer: Any) -> Any:
        if answer.status_code == 201:
            self.made[kind].append(answer.json()["id"])
        return answer

    def version(self, pk: str) -> int:
        return int(self.client.get(f"{URL}/{pk}").json()["version"])


def books(one: Person) -> Any:
    return one.keeps("appointments", one.client.post(URL, one.wanted()))


def books_over(one: Person) -> Any:
    wanted = one.wanted(overbook_reason="pain")
    return one.keeps("appointments", one.client.post(URL, wanted))


def books_with_parts(one: Person) -> Any:
    """Half of the time the doctor's, the chair for all of it, so that the doctor may work at two chairs."""
    wanted = one.wanted()
    starts, ends = wanted["starts_at"], wanted["ends_at"]
    middle = (
        parsed(starts) + timedelta(minutes=(parsed(ends) - parsed(starts)).seconds // 120)
    ).isoformat()
    parts = [
        {"role": "doctor", "employee": wanted["employee"], "starts_at": starts, "ends_at": middle},
        {"role": "chair", "chair": wanted["chair"], "starts_at": starts, "ends_at": ends},
    ]
    return one.keeps("appointments", one.client.post(URL, wanted | {"segments": parts}))


def books_a_series(one: Person) -> Any:
    rule = {"rule": "days", "every": 1, "count": 3, "skip_conflicts": one.dice.random() < 0.5}
    answer = one.client.post(f"{CALENDAR}/series", one.wanted(**rule))
    if answer.status_code == 201:
        one.made["appointments"] += [row["id"] for row in answer.json()["items"]]
    return answer


def moves(one: Person) -> Any:
    wanted = one.wanted()
    return changes(one, {n: wanted[n] for n in ("starts_at", "ends_at", "employee", "chair")})


def resizes(one: Person) -> Any:
    return changes(one, {"ends_at": one.wanted()["ends_at"]})


def changes(one: Person, change: dict[str, Any]) -> Any:
    if pk := one.any("appointments"):
        return one.client.patch(f"{URL}/{pk}", {"version": one.version(pk)} | change)
    return None


def cancels(one: Person) -> Any:
    if pk := one.any("appointments"):
        reason = {"version": one.version(pk), "by": "clinic", "reason": "x"}
        return one.client.post(f"{URL}/{pk}/cancel", reason)
    return None


def restores(one: Person) -> Any:
    if pk := one.any("appointments"):
        return one.client.post(f"{URL}/{pk}/restore", {"version": one.version(pk)})
    return None


def takes_a_break(one: Person) -> Any:
    names = ("branch", "employee", "starts_at", "ends_at")
    wanted = one.wanted()
    return one.keeps("breaks", one.client.post(f"{CALENDAR}/breaks", {n: wanted[n] for n in names}))


def ends_a_break(one: Person) -> Any:
    pk = one.any("breaks")
    return one.client.delete(f"{CALENDAR}/breaks/{pk}") if pk else None


def substitutes(one: Person) -> Any:
    absent = one.doctor()
    other = {str(one.clinic.doctor.pk), str(one.clinic.doctor2.pk)} - {absent}
    day = str(DAY + timedelta(days=one.dice.randrange(DAYS)))
    asked = {
        "branch": str(one.clinic.branch.pk),
        "absent": absent,
        "substitute": other.pop(),
        "first_day": day,
        "last_day": day,
        "unfit": "waiting",
    }
    return one.keeps("substitutions", one.client.post(f"{CALENDAR}/substitutions", asked))


def ends_a_substitution(one: Person) -> Any:
    pk = one.any("substitutions")
    return one.client.delete(f"{CALENDAR}/substitutions/{pk}") if pk else None


ACTS: list[Callable[[Person], Any]] = [
    books, books, books, books_over, books_with_parts, books_a_series, moves, moves, resizes,
    cancels, restores, takes_a_break, ends_a_break, substitutes, ends_a_substitution,
]  # fmt: skip


def parsed(text: str) -> Any:
    return at(9).fromisoformat(text)


def crowd(people: int, actions: int) -> tuple[Clinic, Counter[str]]:
    clinic = build_clinic()
    made: dict[str, list[str]] = {"appointments": [], "breaks": [], "substitutions": []}
    pairs = rivals(clinic, people)
    crew = [
        Person(
            clinic,
            clinic.client("branch_admin") if number % 2 else client,
            str(patient.pk),
            random.Random(number),
            made,
        )
        for number, (client, patient) in enumerate(pairs)
    ]
    totals = sum(together([lambda one=one: one.works(actions) for one in crew]), Counter())
    return clinic, totals


@pytest.mark.proof
def test_sixteen_people_at_random_never_leave_an_overlap(
    committed_db: str, record_property: Any
) -> None:
    clinic, totals = crowd(people=16, actions=80)

    assert {act.__name__ for act in ACTS} <= set(totals), totals
    record_property("figures", str(dict(totals)))
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == audit.left_lying() == []


def test_a_few_people_at_random_never_leave_an_overlap(committed_db: str) -> None:
    clinic, totals = crowd(people=6, actions=10)

    assert totals["books"]
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == audit.left_lying() == []


def test_control_without_the_constraint_the_crowd_overlaps(committed_db: str) -> None:
    with psycopg.connect(owner_address(committed_db), autocommit=True) as owner:
        owner.execute("ALTER TABLE calendar_occupancy DROP CONSTRAINT occupancy_no_overlap")

    clinic, _totals = crowd(people=8, actions=20)

    with tenant(clinic.pk):
        assert audit.overlaps()
