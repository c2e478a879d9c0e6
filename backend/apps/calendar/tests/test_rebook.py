"""Somebody did not come and gets another time: what both appointments know afterwards."""

from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Appointment, AppointmentStep, Occupancy
from apps.calendar.tests.helpers import URL, at, body, moment
from apps.core import permissions
from apps.core.models import JournalEntry


def again(clinic: Any, row: dict[str, Any], *, no_show: bool = True, **more: Any) -> dict[str, Any]:
    """Booked anew for this one, at three unless told otherwise."""
    told = {"appointment": row["id"], "version": row["version"], "no_show": no_show}
    return body(clinic, more.pop("start", at(15)), **{"rebook": told} | more)


@pytest.fixture
def late(booked: dict[str, Any], it_is: Any) -> dict[str, Any]:
    """It was booked for ten, and it is twenty past."""
    it_is(at(10, 20))
    return booked


def test_one_step_marks_the_old_one_and_both_know_of_each_other(
    desk: Any, clinic: Any, late: Any, in_tenant: Any
) -> None:
    r = desk.post(URL, again(clinic, late))

    assert r.status_code == 201, r.content
    new, old = (desk.get(f"{URL}/{pk}").json() for pk in (r.json()["id"], late["id"]))
    assert (new["origin"], new["origin_appointment_id"]) == ("rebook", late["id"])
    assert moment(new["origin_starts_at"]) == at(10)
    assert (old["status"], old["version"]) == ("no_show", 2)
    assert (old["rebooked"]["id"], moment(old["rebooked"]["starts_at"])) == (new["id"], at(15))
    told = old["history"][0]
    assert (told["event"], moment(told["to_starts_at"])) == ("appointment_rebooked", at(15))
    desk.post(f"{URL}/{new['id']}/cancel", {"version": 1, "by": "patient", "code": "ill"})
    assert desk.get(f"{URL}/{late['id']}").json()["rebooked"] is None
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_his_own_old_time_is_not_in_the_way(desk: Any, clinic: Any, late: Any) -> None:
    """Only when the old one is given up: otherwise he would be in two chairs at once."""
    kept = desk.post(URL, again(clinic, late, no_show=False, start=at(10, 15)))
    assert (kept.status_code, kept.json()["code"]) == (409, "slot_taken")
    assert desk.post(URL, again(clinic, late, start=at(10, 15))).status_code == 201


def test_without_the_mark_the_old_one_stays_as_it_is_but_newer(
    desk: Any, clinic: Any, late: Any
) -> None:
    assert desk.post(URL, again(clinic, late, no_show=False)).status_code == 201
    old = desk.get(f"{URL}/{late['id']}").json()
    assert (old["status"], old["version"]) == ("booked", 2)

    second = desk.post(URL, again(clinic, late, no_show=False, start=at(17)))
    assert (second.status_code, second.json()["code"]) == (409, "stale")


def test_what_was_marked_before_is_booked_anew_as_well(desk: Any, clinic: Any, late: Any) -> None:
    row = desk.post(f"{URL}/{late['id']}/status", {"version": 1, "status": "no_show"}).json()
    twice = desk.post(URL, again(clinic, row))
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_status")
    assert desk.post(URL, again(clinic, row, no_show=False)).status_code == 201


@pytest.mark.parametrize("fails", ["booking", "marking"])
def test_both_or_neither(desk: Any, clinic: Any, late: Any, in_tenant: Any, fails: str) -> None:
    row = late
    if fails == "booking":
        desk.post(URL, body(clinic, at(15), patient=str(clinic.patient2.pk)))
    else:
        row = desk.patch(f"{URL}/{late['id']}", {"version": 1, "note": "звонил"}).json()
    r = desk.post(URL, again(clinic, late))

    assert (r.status_code, r.json()["code"]) == (
        409,
        "slot_taken" if fails == "booking" else "stale",
    )
    with in_tenant():
        old = Appointment.objects.get(pk=late["id"])
        assert (old.status, old.version) == ("booked", row["version"])
        assert Occupancy.objects.filter(appointment=old).count() == 3
        assert not Appointment.objects.filter(origin="rebook").exists()
        assert not JournalEntry.objects.filter(event="appointment_rebooked").exists()


def test_the_same_press_twice_is_one_booking_and_one_step(
    desk: Any, clinic: Any, late: Any, in_tenant: Any
) -> None:
    told, key = again(clinic, late), {"Idempotency-Key": "0190c0de-0000-7000-8000-00000000abcd"}
    first, second = (desk.post(URL, told, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    with in_tenant():
        steps = AppointmentStep.objects.filter(appointment_id=late["id"], status="no_show")
        assert (steps.count(), Appointment.objects.filter(origin="rebook").count()) == (1, 1)


@pytest.mark.parametrize("status", ["draft", "arrived", "in_progress", "done", "canceled"])
def test_only_who_did_not_come_is_booked_anew(
    desk: Any, clinic: Any, late: Any, in_tenant: Any, status: str
) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=late["id"]).update(status=status)
    r = desk.post(URL, again(clinic, late, no_show=False))
    assert (r.status_code, r.json()["code"]) == (409, "not_missed")


def test_nobody_is_booked_anew_before_his_time_or_for_another(
    desk: Any, clinic: Any, booked: Any, it_is: Any
) -> None:
    it_is(at(9, 55))
    early = desk.post(URL, again(clinic, booked))
    assert (early.status_code, early.json()["code"]) == (409, "not_missed")
    it_is(at(10, 20))
    other = desk.post(URL, again(clinic, booked, patient=str(clinic.patient2.pk)))
    assert other.status_code == 400 and "patient" in other.json()["fields"]
    copy = desk.post(URL, again(clinic, booked, copy_of=booked["id"]))
    assert copy.status_code == 400 and "rebook" in copy.json()["fields"]


def test_three_people(as_role: Any, clinic: Any, rival: Any, late: Any) -> None:
    strange = as_role("registrar", clinic=rival).post(URL, again(rival, late))
    assert strange.status_code == 400 and "rebook" in strange.json()["fields"]
    away = as_role("registrar", branch=clinic.other_branch).post(URL, again(clinic, late))
    assert away.status_code == 400
    assert as_role("doctor").post(URL, again(clinic, late)).status_code == 403
    assert as_role("call_center").post(URL, again(clinic, late)).status_code == 201


def test_who_may_book_and_not_mark_cannot_mark_by_booking(
    desk: Any, clinic: Any, late: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No role is so today; the two rights are two all the same."""
    monkeypatch.setitem(permissions.MATRIX, "appointments:status", {"doctor": "own"})
    assert desk.post(URL, again(clinic, late)).status_code == 403
    assert desk.post(URL, again(clinic, late, no_show=False)).status_code == 201
