"""Rivals on the real database, where commits are real: the constraint decides, and without it the same test fails."""

from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection

from apps.calendar import audit
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import URL, at, body
from apps.core.models import Membership
from apps.core.tenancy import tenant
from apps.patients.models import Patient
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic, make_user
from testing.races import size, together

RIVALS = size(50, 200)


def rivals(clinic: Clinic, count: int) -> list[Any]:
    """As many clerks, each with a patient of his own, so that only the doctor is wanted by all."""
    with tenant(clinic.pk):
        patients = [
            Patient(
                card_number=number, last_name=f"N{number}", first_name="A", branch=clinic.branch
            )
            for number in range(1, count + 1)
        ]
        Patient.objects.bulk_create(patients)
    return [(_clerk(clinic), patient) for patient in patients]


def _clerk(clinic: Clinic) -> Any:
    with tenant(clinic.pk):
        user = make_user("registrar")
        Membership.objects.create(user=user, role="registrar")
    return clinic.client_of(user)


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


def test_of_many_rivals_for_one_place_one_wins(committed_db: str) -> None:
    clinic = build_clinic()

    answers = race(clinic, RIVALS)

    assert answers == {201: 1, 409: RIVALS - 1}
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_sixty_four_different_places_at_once_are_all_booked(committed_db: str) -> None:
    clinic = build_clinic()
    doctors = [str(clinic.doctor.pk), str(clinic.doctor2.pk)]
    pairs = rivals(clinic, 64)

    def booking(client: Any, patient: Any, serial: int) -> Any:
        start = at(9) + timedelta(minutes=15 * (serial // 2))
        wanted = body(clinic, start, 15, patient=str(patient.pk), employee=doctors[serial % 2])
        return lambda: client.post(URL, wanted).status_code

    answers = Counter(together([booking(*pair, n) for n, pair in enumerate(pairs)]))

    assert answers == {201: 64}
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_of_fifty_who_may_overbook_one_has_it_and_the_others_lie_over_it(committed_db: str) -> None:
    clinic = build_clinic()
    patients = [patient for _client, patient in rivals(clinic, 50)]
    manager = clinic.client("branch_admin")

    def booking(patient: Any, serial: int) -> Any:
        wanted = body(clinic, at(10, serial % 3 * 5), 40, patient=str(patient.pk))
        return lambda: manager.post(URL, wanted | {"overbook_reason": "x"}).status_code

    answers = Counter(together([booking(one, serial) for serial, one in enumerate(patients)]))

    assert answers == {201: 50}
    assert deadlocks() == 0
    with tenant(clinic.pk):
        rows = Appointment.objects.filter(is_overbooked=False)
        assert rows.count() == 1
        assert audit.overlaps() == audit.adrift() == []
        _cancel(manager, rows.get())
        assert Appointment.objects.filter(is_overbooked=False, status="booked").count() == 1
        assert audit.overlaps() == audit.adrift() == []


def test_series_that_cross_each_other_are_booked_whole_or_not_at_all(committed_db: str) -> None:
    clinic = build_clinic()
    pairs = rivals(clinic, 8)

    def booking(serial: int) -> Any:
        client, patient = pairs[serial]
        wanted = body(clinic, at(10) + timedelta(days=serial % 4), patient=str(patient.pk))
        rule = {"rule": "days", "every": 1, "count": 5}
        return lambda: client.post("/api/v1/calendar/series", wanted | rule).status_code

    answers = Counter(together([booking(serial) for serial in range(8)]))

    assert set(answers) <= {201, 409} and answers[201] >= 1
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert Appointment.objects.count() == 5 * answers[201]
        assert audit.overlaps() == audit.adrift() == []


def _cancel(client: Any, row: Appointment) -> None:
    told = {"version": row.version, "by": "patient", "code": "busy"}
    assert client.post(f"{URL}/{row.pk}/cancel", told).status_code == 200


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
