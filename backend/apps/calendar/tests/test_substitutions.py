"""One doctor for another: his hours and his patients, whole or not at all."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.calendar import audit, substitutions
from apps.calendar.models import Appointment, WaitingEntry
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url
from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.org.models import Room
from apps.staff.models import Substitution
from testing.clinics import build_clinic
from testing.races import together

SUBSTITUTIONS = "/api/v1/calendar/substitutions"


def wanted(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "absent": str(clinic.doctor.pk),
        "substitute": str(clinic.doctor2.pk),
        "branch": str(clinic.branch.pk),
        "first_day": str(DAY),
        "last_day": str(DAY + timedelta(days=2)),
        "note": "Отпуск",
    } | more


@pytest.fixture
def boss(as_role: Any) -> Any:
    return as_role("branch_admin")


@pytest.fixture
def full(desk: Any, clinic: Any) -> list[dict[str, Any]]:
    """Three appointments of the doctor in the three days, and one after them."""
    starts = [at(9), at(11), at(10) + timedelta(days=2), at(10) + timedelta(days=3)]
    chair = str(clinic.chair.pk)
    return [desk.post(URL, body(clinic, one, chair=chair)).json() for one in starts]


def doctors(clinic: Any) -> Counter[Any]:
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []
        rows = Appointment.objects.values_list("employee_id", "status")
        names = {clinic.doctor.pk: "absent", clinic.doctor2.pk: "substitute"}
        return Counter((names[employee], status) for employee, status in rows)


def test_takes_over_hours_and_patients(boss: Any, desk: Any, clinic: Any, full: Any) -> None:
    r = boss.post(SUBSTITUTIONS, wanted(clinic))

    assert r.status_code == 201, r.content
    assert (r.json()["moved"], r.json()["waiting"]) == (3, 0)
    assert r.json()["substitute_name"] == clinic.doctor2.short_name
    assert doctors(clinic) == {("substitute", "booked"): 3, ("absent", "booked"): 1}
    columns = {one["employee_id"]: one for one in desk.get(day_url(clinic)).json()["columns"]}
    assert str(clinic.doctor.pk) not in columns
    assert columns[str(clinic.doctor2.pk)]["load_minutes"] == 60
    refused = desk.post(URL, body(clinic, at(16)))
    assert refused.json()["code"] == "outside_shift"
    with tenant(clinic.pk):
        told = JournalEntry.objects.filter(event="appointment_moved")
        assert {row.data["old_employee_id"] for row in told} == {str(clinic.doctor.pk)}
        assert told.count() == 3


def test_what_does_not_fit_is_told_and_nothing_is_done(
    boss: Any, desk: Any, clinic: Any, full: Any
) -> None:
    other = body(
        clinic, at(9, 15), employee=str(clinic.doctor2.pk), patient=str(clinic.patient2.pk)
    )
    assert desk.post(URL, other).status_code == 201

    r = boss.post(SUBSTITUTIONS, wanted(clinic))

    assert (r.status_code, r.json()["code"]) == (409, "substitution_conflicts")
    (late,) = r.json()["details"]["appointments"]
    assert (late["id"], late["patient_name"]) == (full[0]["id"], full[0]["patient_name"])
    assert r.json()["details"]["fit"] == 2
    assert doctors(clinic) == {("absent", "booked"): 4, ("substitute", "booked"): 1}
    with tenant(clinic.pk):
        assert not Substitution.objects.exists()


def test_what_does_not_fit_may_go_to_the_waiting_list(
    boss: Any, desk: Any, clinic: Any, full: Any
) -> None:
    other = body(
        clinic, at(9, 15), employee=str(clinic.doctor2.pk), patient=str(clinic.patient2.pk)
    )
    desk.post(URL, other)

    r = boss.post(SUBSTITUTIONS, wanted(clinic, unfit="waiting"))

    assert (r.status_code, r.json()["moved"], r.json()["waiting"]) == (201, 2, 1)
    assert doctors(clinic) == {
        ("absent", "canceled"): 1, ("absent", "booked"): 1, ("substitute", "booked"): 3,
    }  # fmt: skip
    with tenant(clinic.pk):
        (entry,) = WaitingEntry.objects.all()
        assert str(entry.appointment_id) == full[0]["id"]


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("leave", {("absent", "booked"): 4}),
        ("waiting", {("absent", "canceled"): 3, ("absent", "booked"): 1}),
    ],
)
def test_they_may_stay_or_all_go(
    boss: Any, clinic: Any, full: Any, what: str, found: dict[Any, int]
) -> None:
    assert boss.post(SUBSTITUTIONS, wanted(clinic, appointments=what)).status_code == 201
    assert doctors(clinic) == found


def test_an_exclusive_room_goes_with_them(boss: Any, desk: Any, clinic: Any, full: Any) -> None:
    with tenant(clinic.pk):
        Room.objects.filter(pk=clinic.room.pk).update(is_exclusive=True)
    row = desk.post(URL, body(clinic, at(15), chair=str(clinic.chair.pk))).json()
    assert boss.post(SUBSTITUTIONS, wanted(clinic)).status_code == 201
    other = body(clinic, at(15), employee=str(clinic.doctor2.pk), chair=str(clinic.chair2.pk))
    refused = desk.post(URL, other | {"patient": str(clinic.patient2.pk)})
    kinds = {one["kind"] for one in refused.json()["details"]["resources"]}
    assert {"room", "employee"} <= kinds
    assert desk.get(f"{URL}/{row['id']}").json()["employee_id"] == str(clinic.doctor2.pk)


def test_parts_go_with_them(boss: Any, desk: Any, clinic: Any) -> None:
    def part(role: str, who: dict[str, str], minutes: int) -> dict[str, str]:
        ends = at(9) + timedelta(minutes=minutes)
        return {"role": role, "starts_at": at(9).isoformat(), "ends_at": ends.isoformat()} | who

    chair = str(clinic.chair.pk)
    parts = [
        part("doctor", {"employee": str(clinic.doctor.pk)}, 20),
        part("chair", {"chair": chair}, 60),
    ]
    row = desk.post(URL, body(clinic, at(9), 60, chair=chair, segments=parts))
    assert row.status_code == 201, row.content
    assert boss.post(SUBSTITUTIONS, wanted(clinic)).json()["moved"] == 1
    assert doctors(clinic) == {("substitute", "booked"): 1}
    shown = desk.get(f"{URL}/{row.json()['id']}").json()["segments"]
    assert {one["employee"] for one in shown} == {None, str(clinic.doctor2.pk)}


def test_one_that_lies_over_another_goes_on_lying(boss: Any, desk: Any, clinic: Any) -> None:
    desk.post(URL, body(clinic, at(9)))
    over = body(clinic, at(9, 15), patient=str(clinic.patient2.pk), overbook_reason="Боль")
    assert boss.post(URL, over).json()["is_overbooked"]
    assert boss.post(SUBSTITUTIONS, wanted(clinic)).json()["moved"] == 2
    assert doctors(clinic) == {("substitute", "booked"): 2}
    day = desk.get(day_url(clinic)).json()
    assert [one["is_overbooked"] for one in day["items"]] == [False, True]


def test_ends_and_leaves_the_appointments(boss: Any, desk: Any, clinic: Any, full: Any) -> None:
    made = boss.post(SUBSTITUTIONS, wanted(clinic)).json()
    (listed,) = desk.get(SUBSTITUTIONS, {"branch": clinic.branch.pk}).json()["items"]
    assert (listed["id"], listed["note"]) == (made["id"], "Отпуск")

    assert desk.delete(f"{SUBSTITUTIONS}/{made['id']}").status_code == 403
    assert boss.delete(f"{SUBSTITUTIONS}/{made['id']}").status_code == 204

    assert doctors(clinic) == {("substitute", "booked"): 3, ("absent", "booked"): 1}
    assert desk.post(URL, body(clinic, at(16))).status_code == 201


def test_what_is_over_of_it_stays(clinic: Any) -> None:
    now = datetime.now(UTC)
    today = clinic.branch.today(now)
    with tenant(clinic.pk):
        row = Substitution.objects.create(
            absent=clinic.doctor, substitute=clinic.doctor2, branch=clinic.branch,
            first_day=today - timedelta(days=3), last_day=today + timedelta(days=3),
        )  # fmt: skip
        substitutions.end(substitution=row, by=clinic.user("owner"), now=now)
        row.refresh_from_db()
        assert row.last_day == today - timedelta(days=1)


def test_bad_input_gets_a_word_at_the_field(boss: Any, clinic: Any) -> None:
    wrong = {
        "substitute": {"substitute": str(clinic.doctor.pk)},
        "absent": {"absent": str(clinic.patient.pk)},
        "branch": {"branch": str(clinic.patient.pk)},
        "first_day": {"first_day": "2024-02-30"},
        "appointments": {"appointments": "lose"},
    }
    for field, change in wrong.items():
        r = boss.post(SUBSTITUTIONS, wanted(clinic) | change)
        assert r.status_code == 400 and field in r.json()["fields"], (field, r.content)
    for last in (DAY - timedelta(days=1), DAY + timedelta(days=92)):
        r = boss.post(SUBSTITUTIONS, wanted(clinic, last_day=str(last)))
        assert "last_day" in r.json()["fields"]
    gone = wanted(clinic, first_day="2024-02-28", last_day="2024-03-01")
    assert "last_day" in boss.post(SUBSTITUTIONS, gone).json()["fields"]
    assert boss.post(SUBSTITUTIONS, wanted(clinic)).status_code == 201
    assert "first_day" in boss.post(SUBSTITUTIONS, wanted(clinic)).json()["fields"]


def test_three_people(as_role: Any, boss: Any, clinic: Any, rival: Any) -> None:
    assert as_role("registrar").post(SUBSTITUTIONS, wanted(clinic)).status_code == 403
    made = boss.post(SUBSTITUTIONS, wanted(clinic)).json()
    stranger = as_role("owner", clinic=rival)
    assert stranger.delete(f"{SUBSTITUTIONS}/{made['id']}").status_code == 404
    fields = stranger.post(SUBSTITUTIONS, wanted(clinic)).json()["fields"]
    assert {"absent", "substitute", "branch"} <= set(fields)
    away = as_role("branch_admin", branch=clinic.other_branch)
    assert away.delete(f"{SUBSTITUTIONS}/{made['id']}").status_code == 404


def test_races_bookings_with_the_substitute(committed_db: str) -> None:
    clinic = build_clinic()
    desk, boss = clinic.client("registrar"), clinic.client("branch_admin")
    for hour in range(9, 13):
        assert desk.post(URL, body(clinic, at(hour))).status_code == 201
    other = {"employee": str(clinic.doctor2.pk), "patient": str(clinic.patient2.pk)}
    rivals = [body(clinic, at(hour, 10), 20, **other) for hour in range(9, 13)]

    calls = [lambda: boss.post(SUBSTITUTIONS, wanted(clinic)).status_code]
    calls += [lambda r=r: clinic.client("registrar").post(URL, r).status_code for r in rivals]
    first, *booked = together(calls)

    assert first in (201, 409) and set(booked) <= {201, 409, 400}
    moved = doctors(clinic)
    if first == 201:
        assert moved[("substitute", "booked")] >= 4 and ("absent", "booked") not in moved
    else:
        assert moved[("absent", "booked")] == 4
    with tenant(clinic.pk):
        assert Substitution.objects.count() == (first == 201)
