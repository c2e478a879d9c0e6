"""Whoever lies over time that is given back rises, whatever two people do in the same moment. Each race is run once more
as a control with nobody held: then it is lost."""

from threading import Lock
from time import sleep
from typing import Any

import pytest
from django.db import connection

from apps.calendar import audit, occupancy, overbooking
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import URL, at, body
from apps.calendar.tests.test_races import deadlocks
from apps.core import contention
from apps.core.tenancy import tenant
from testing.clinics import Clinic, build_clinic
from testing.races import together

held_or_not = pytest.mark.parametrize("held", [True, False], ids=["held", "control"])


class Meeting:
    """Two people come to the same point, or the second one waits for a lock of the first."""

    def __init__(self) -> None:
        self.came = 0
        self.lock = Lock()

    def come(self) -> None:
        with self.lock:
            self.came += 1
        for _turn in range(500):
            if self.came >= 2 or self._is_somebody_waiting():
                return
            sleep(0.01)

    @staticmethod
    def _is_somebody_waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock')"
            )
            return bool(cursor.fetchone()[0])


@pytest.fixture
def clinic(committed_db: str) -> Clinic:
    return build_clinic()


def booked(clinic: Clinic, hour: int, minute: int, minutes: int = 30, **more: Any) -> Any:
    r = clinic.client("branch_admin").post(URL, body(clinic, at(hour, minute), minutes, **more))
    assert r.status_code == 201, r.content
    return r.json()


def canceling(clinic: Clinic, row: Any) -> Any:
    told = {"version": row["version"], "by": "patient", "code": "busy"}
    client = clinic.client("registrar")
    return lambda: client.post(f"{URL}/{row['id']}/cancel", told).status_code


def nobody_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contention, "hold", lambda rows, own=None: None)


@held_or_not
def test_two_give_back_the_halves_of_what_somebody_lay_over(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    halves = [booked(clinic, 10, 0), booked(clinic, 10, 30)]
    booked(clinic, 10, 15, patient=str(clinic.patient2.pk), overbook_reason="x")
    release, given_back = occupancy.release, Meeting()

    def releasing(**what: Any) -> Any:
        over = release(**what)
        given_back.come()
        return over

    monkeypatch.setattr(occupancy, "release", releasing)
    if not held:
        nobody_is_held(monkeypatch)

    assert together([canceling(clinic, half) for half in halves]) == [200, 200]

    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert (audit.left_lying() == []) == held
        assert Appointment.objects.filter(is_overbooked=True).exists() != held


@held_or_not
def test_time_is_given_back_while_somebody_is_being_laid_over_it(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    beneath = booked(clinic, 10, 0)
    manager = clinic.client("branch_admin")
    over = body(clinic, at(10, 15), patient=str(clinic.patient2.pk), overbook_reason="x")
    release, lay_over = occupancy.release, overbooking.lay_over
    before, after = Meeting(), Meeting()

    def releasing(*, appointments: Any, **more: Any) -> Any:
        if not appointments:  # a booking gives nothing back
            return release(**more)
        before.come()
        gone = release(appointments=appointments, **more)
        after.come()
        return gone

    def laying_over(taken: Any) -> None:
        before.come()
        lay_over(taken)
        after.come()

    monkeypatch.setattr(occupancy, "release", releasing)
    monkeypatch.setattr(overbooking, "lay_over", laying_over)
    if not held:
        nobody_is_held(monkeypatch)

    def booking() -> int:
        return int(manager.post(URL, over).status_code)

    assert together([canceling(clinic, beneath), booking]) == [200, 201]

    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert (audit.left_lying() == []) == held


def test_two_who_lie_over_each_other_change_at_once_and_neither_locks_the_other_out(
    clinic: Clinic,
) -> None:
    """Each lies over the other's chair or doctor, and holds what the other needs."""
    chair, chair2 = str(clinic.chair.pk), str(clinic.chair2.pk)
    doctor2, patient2 = str(clinic.doctor2.pk), str(clinic.patient2.pk)
    for hour in range(9, 13):
        one = booked(clinic, hour, 0, chair=chair)
        two = booked(clinic, hour, 0, chair=chair2, employee=doctor2, patient=patient2)
        manager = clinic.client("branch_admin")
        later = {"ends_at": at(hour, 45).isoformat(), "overbook_reason": "x"}
        crossed = [(one, {"chair": chair2}), (two, {"employee": str(clinic.doctor.pk)})]
        for row, place in crossed:
            r = manager.patch(f"{URL}/{row['id']}", {"version": 1} | place | later)
            assert r.json()["is_overbooked"], r.content
        answers = together([canceling(clinic, row | {"version": 2}) for row, _place in crossed])
        assert set(answers) <= {200, 409}  # the one who rose meanwhile was seen at an older version
        assert 200 in answers
    assert deadlocks() == 0
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == audit.left_lying() == []
