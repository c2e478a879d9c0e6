"""All who did not come are marked at once, and it is taken back at once."""

from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from apps.calendar import audit, missed
from apps.calendar.models import Appointment, AppointmentStep, Occupancy
from apps.calendar.tests.helpers import URL, at, body

MISSED = "/api/v1/calendar/missed"


@pytest.fixture
def day(desk: Any, clinic: Any, it_is: Any) -> list[dict[str, Any]]:
    """Three of the morning, the second of whom had confirmed; it is one o'clock."""
    rows = []
    for hour, patient in enumerate((clinic.patient, clinic.patient2, clinic.patient)):
        told = body(clinic, at(9 + hour), patient=str(patient.pk))
        rows.append(desk.post(URL, told).json())
    second = {"version": 1, "status": "confirmed"}
    rows[1] = desk.post(f"{URL}/{rows[1]['id']}/status", second).json()
    it_is(at(13))
    return rows


def told(clinic: Any, rows: list[dict[str, Any]], *names: str) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "appointments": [
            {"appointment": row["id"], "version": row["version"]} | {n: row[n] for n in names}
            for row in rows
        ],
    }


def back(clinic: Any, marked: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, Any]:
    was = {row["id"]: row["status"] for row in before}
    return told(clinic, [row | {"status": was[row["id"]]} for row in marked], "status")


def test_all_of_them_in_one_step_and_back_in_one_step(
    desk: Any, clinic: Any, day: Any, in_tenant: Any
) -> None:
    r = desk.post(MISSED, told(clinic, day))
    assert r.status_code == 200, r.content
    marked = r.json()["items"]
    assert [row["status"] for row in marked] == ["no_show"] * 3, r.content
    assert r.json()["refused"] == []
    with in_tenant():
        assert not Occupancy.objects.filter(appointment__isnull=False).exists()

    undone = desk.post(f"{MISSED}/undo", back(clinic, marked, day))
    assert undone.status_code == 200, undone.content
    assert [row["status"] for row in undone.json()["items"]] == ["booked", "confirmed", "booked"]
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []
        assert Occupancy.objects.filter(appointment__isnull=False).count() == 6


def test_who_was_changed_has_come_or_is_still_ahead_is_named_and_the_others_are_marked(
    desk: Any, clinic: Any, day: Any
) -> None:
    later = desk.post(URL, body(clinic, at(17))).json()
    desk.post(f"{URL}/{day[0]['id']}/status", {"version": 1, "status": "arrived"})
    came = desk.get(f"{URL}/{day[0]['id']}").json()
    desk.patch(f"{URL}/{day[1]['id']}", {"version": 2, "note": "звонил"})

    r = desk.post(MISSED, told(clinic, [came, *day[1:], later]))

    assert [row["id"] for row in r.json()["items"]] == [day[2]["id"]]
    refused = {one["appointment"]: one["code"] for one in r.json()["refused"]}
    changed = {one["code"]: one["details"] for one in r.json()["refused"]}["stale"]
    assert (changed["by"], changed["changed"]) == (desk.user.short_name, ["note"])
    assert refused == {
        day[1]["id"]: "stale",
        later["id"]: "not_begun",
        came["id"]: "illegal_status",
    }
    assert {one["patient_name"] for one in r.json()["refused"]} == {
        row["patient_name"] for row in (came, day[1])
    }


def test_nothing_comes_back_when_one_of_the_places_is_taken(
    desk: Any, clinic: Any, day: Any, in_tenant: Any
) -> None:
    marked = desk.post(MISSED, told(clinic, day)).json()["items"]
    desk.post(URL, body(clinic, at(10), patient=str(clinic.patient.pk)))

    r = desk.post(f"{MISSED}/undo", back(clinic, marked, day))

    assert (r.status_code, r.json()["code"]) == (409, "series_conflicts")
    assert [one["index"] for one in r.json()["details"]["conflicts"]] == [1]
    with in_tenant():
        assert Appointment.objects.filter(status="no_show").count() == 3


def test_what_has_changed_since_is_not_taken_back(desk: Any, clinic: Any, day: Any) -> None:
    marked = desk.post(MISSED, told(clinic, day)).json()["items"]
    desk.post(f"{URL}/{day[0]['id']}/restore", {"version": marked[0]["version"]})
    stale = desk.post(f"{MISSED}/undo", back(clinic, marked, day))
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")

    marked[0] = desk.get(f"{URL}/{day[0]['id']}").json()
    booked = desk.post(f"{MISSED}/undo", back(clinic, marked, day))
    assert (booked.status_code, booked.json()["code"]) == (409, "illegal_status")


def test_a_doctor_says_it_of_nobody_and_a_branch_only_of_its_own(
    as_role: Any, desk: Any, clinic: Any, day: Any
) -> None:
    assert as_role("doctor").post(MISSED, told(clinic, day)).status_code == 403
    elsewhere = told(clinic, day) | {"branch": str(clinic.other_branch.pk)}
    assert as_role("owner").post(MISSED, elsewhere).status_code == 404
    twice = desk.post(MISSED, told(clinic, [day[0], day[0]]))
    assert (twice.status_code, "appointments" in twice.json()["fields"]) == (400, True)


@pytest.mark.parametrize("whole", [True, False], ids=["as it is", "control all or none"])
def test_a_refusal_in_the_middle_leaves_nothing_half_done(
    desk: Any, clinic: Any, day: Any, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """A subscriber of the second one refuses after its rows were written."""
    change, seen = missed.actions.change_status, []

    def refusing(**wanted: Any) -> Any:
        row = change(**wanted)
        seen.append(row.pk)
        if len(seen) == 2:
            raise missed.statuses.IllegalStatus
        return row

    monkeypatch.setattr(missed.actions, "change_status", refusing)
    if not whole:
        monkeypatch.setattr(missed, "transaction", SimpleNamespace(atomic=nullcontext))
    r = desk.post(MISSED, told(clinic, day))
    statuses = [desk.get(f"{URL}/{row['id']}").json()["status"] for row in day]
    assert len(r.json()["items"]) == 2
    assert (statuses.count("no_show") == 2) is whole


def test_a_day_of_them_is_read_at_once(
    desk: Any, clinic: Any, it_is: Any, django_assert_max_num_queries: Any
) -> None:
    """Besides the session and the answer: each is written, journaled and gives its time back."""
    rows = [
        desk.post(URL, body(clinic, at(9) + timedelta(minutes=15 * n), 15)).json() for n in range(8)
    ]
    it_is(at(13))
    with django_assert_max_num_queries(12 + 10 * len(rows)):
        assert len(desk.post(MISSED, told(clinic, rows)).json()["items"]) == 8


def test_the_same_press_twice_marks_once(desk: Any, clinic: Any, day: Any, in_tenant: Any) -> None:
    key = {"Idempotency-Key": "0190c0de-0000-7000-8000-00000000beef"}
    first, second = (desk.post(MISSED, told(clinic, day), headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    with in_tenant():
        assert AppointmentStep.objects.filter(status="no_show").count() == 3
