"""Rivals on the real database, where commits are real: the constraint decides, and without it the same test fails."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.calendar import audit
from apps.calendar.tests.helpers import URL, at, body
from apps.core.tenancy import tenant
from apps.patients.models import Patient
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic
from testing.races import size, together

RIVALS = 50


def rivals(clinic: Clinic, count: int) -> list[Any]:
    """As many clients, each with a patient of his own, so that only the doctor is wanted by all."""
    with tenant(clinic.pk):
        patients = [
            Patient(
                card_number=number, last_name=f"N{number}", first_name="A", branch=clinic.branch
            )
            for number in range(1, count + 1)
        ]
        Patient.objects.bulk_create(patients)
    return [(clinic.client("registrar"), patient) for patient in patients]


def race(clinic: Clinic, count: int) -> Counter[int]:
    def booking(client: Any, patient: Any, serial: int) -> Any:
        wanted = body(clinic, at(10, serial % 3 * 5), 40, patient=str(patient.pk))
        return lambda: client.post(URL, wanted).status_code

    pairs = rivals(clinic, count)
    return Counter(together([booking(*pair, serial) for serial, pair in enumerate(pairs)]))


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_of_fifty_rivals_for_one_place_one_wins(committed_db: str) -> None:
    clinic = build_clinic()

    answers = race(clinic, RIVALS)

    assert answers == {201: 1, 409: RIVALS - 1}
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_control_without_the_constraint_several_win(committed_db: str) -> None:
    with psycopg.connect(owner_address(committed_db), autocommit=True) as owner:
        owner.execute("ALTER TABLE calendar_occupancy DROP CONSTRAINT occupancy_no_overlap")
    clinic = build_clinic()

    answers = race(clinic, RIVALS)

    assert answers[201] > 1
    with tenant(clinic.pk):
        assert audit.overlaps()


def test_two_steps_of_one_version_one_wins(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    row = desk.post(URL, body(clinic)).json()
    step = {"status": "confirmed", "version": 1}

    answers = together(
        [lambda: desk.post(f"{URL}/{row['id']}/status", step).status_code for _ in range(8)]
    )

    assert Counter(answers) == {200: 1, 409: 7}


def test_a_break_races_bookings_and_never_lies_over_one(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    for hour in range(9, 9 + size(3, 10)):
        pause = {k: v for k, v in body(clinic, at(hour), 60).items() if k != "patient"}
        wanted = body(clinic, at(hour, 15))
        answers = together(
            [
                lambda pause=pause: desk.post("/api/v1/calendar/breaks", pause).status_code,
                lambda wanted=wanted: desk.post(URL, wanted).status_code,
            ]
        )
        assert sorted(answers) == [201, 409]
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


@pytest.mark.proof
def test_sixteen_people_at_random_never_leave_an_overlap(committed_db: str) -> None:
    _crowd(people=16, actions=60)


def test_a_few_people_at_random_never_leave_an_overlap(committed_db: str) -> None:
    _crowd(people=6, actions=8)


def _crowd(people: int, actions: int) -> None:
    clinic = build_clinic()
    pairs = rivals(clinic, people)
    ids: list[str] = []

    def work(serial: int) -> Counter[int]:
        client, patient = pairs[serial]
        dice = random.Random(serial)
        answers: Counter[int] = Counter()
        for _ in range(actions):
            answers[_at_random(clinic, client, patient, dice, ids)] += 1
        return answers

    totals = sum(together([lambda s=s: work(s) for s in range(people)]), Counter())

    assert set(totals) <= {200, 201, 400, 409}, totals  # 400: an end before its beginning
    assert totals[201] and totals[200]
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def _at_random(
    clinic: Clinic, client: Any, patient: Any, dice: random.Random, ids: list[str]
) -> int:
    start = at(9) + timedelta(minutes=15 * dice.randrange(20))
    doctor = dice.choice([clinic.doctor, clinic.doctor2])
    wanted = body(
        clinic,
        start,
        dice.choice([15, 30, 60]),
        patient=str(patient.pk),
        employee=str(doctor.pk),
        chair=str(dice.choice([clinic.chair, clinic.chair2]).pk),
    )
    if not ids or dice.random() < 0.4:
        r = client.post(URL, wanted)
        if r.status_code == 201:
            ids.append(r.json()["id"])
        return int(r.status_code)
    pk = dice.choice(ids)
    version = client.get(f"{URL}/{pk}").json()["version"]
    kind = dice.choice(["move", "move", "resize", "cancel", "restore"])
    if kind == "cancel":
        reason = {"version": version, "by": "clinic", "reason": "x"}
        return int(client.post(f"{URL}/{pk}/cancel", reason).status_code)
    if kind == "restore":
        return int(client.post(f"{URL}/{pk}/restore", {"version": version}).status_code)
    names = ["ends_at"] if kind == "resize" else ["starts_at", "ends_at", "employee", "chair"]
    change = {name: wanted[name] for name in names}
    return int(client.patch(f"{URL}/{pk}", {"version": version} | change).status_code)
