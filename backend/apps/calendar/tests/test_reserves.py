"""Hours kept for emergencies or new patients: no time is taken, but not everybody is booked there."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar.models import Appointment, Reserve
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url, moment
from apps.core.models import JournalEntry

RESERVES = "/api/v1/calendar/reserves"


def reserve(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "employee": str(clinic.doctor.pk),
        "kind": "urgent",
        "weekdays": [DAY.isoweekday()],
        "starts": "12:00",
        "ends": "13:00",
        "valid_from": str(DAY),
        "reason": "Острая боль",
    } | more


@pytest.fixture
def treated(clinic: Any, in_tenant: Any) -> None:
    with in_tenant():
        long_ago = at(10) - timedelta(days=60)
        Appointment.objects.create(
            branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor, status="done",
            starts_at=long_ago, ends_at=long_ago + timedelta(minutes=30),
        )  # fmt: skip


def test_an_hour_for_emergencies_takes_emergencies_only(desk: Any, clinic: Any) -> None:
    assert desk.post(RESERVES, reserve(clinic)).status_code == 201

    refused = desk.post(URL, body(clinic, at(12, 30)))
    assert (refused.status_code, refused.json()["code"]) == (400, "reserved")
    assert refused.json()["fields"]["starts_at"]
    assert refused.json()["details"] == {"kinds": ["urgent"]}
    assert desk.post(URL, body(clinic, at(12, 30), is_urgent=True)).status_code == 201


def test_who_may_overbook_gives_a_reason_that_is_kept(
    as_role: Any, clinic: Any, in_tenant: Any
) -> None:
    as_role("registrar").post(RESERVES, reserve(clinic))
    boss = as_role("branch_admin")
    assert boss.post(URL, body(clinic, at(12))).json()["code"] == "reserved"
    asked = body(clinic, at(12), overbook_reason="Из другого города")
    assert as_role("registrar").post(URL, asked).status_code == 403
    booked = boss.post(URL, asked)
    assert (booked.status_code, booked.json()["is_overbooked"]) == (201, False)
    assert booked.json()["overbook_reason"] == ""
    url = f"{URL}/{booked.json()['id']}"
    assert boss.get(url).json()["reserve_reason"] == "Из другого города"
    with in_tenant():
        assert JournalEntry.objects.get(event="appointment_booked").data["opened"] == ["urgent"]

    longer = boss.patch(url, {"version": 1, "ends_at": at(12, 45).isoformat()})
    assert longer.status_code == 200, "it stands there already"
    away = {"version": 2, "starts_at": at(9).isoformat(), "ends_at": at(9, 30).isoformat()}
    assert boss.patch(url, away).status_code == 200
    assert boss.get(url).json()["reserve_reason"] == ""


def test_an_hour_for_new_patients_takes_new_ones_only(
    desk: Any, clinic: Any, treated: None
) -> None:
    desk.post(RESERVES, reserve(clinic, kind="new"))

    refused = desk.post(URL, body(clinic, at(12)))
    assert (refused.status_code, refused.json()["code"]) == (400, "reserved")
    newcomer = body(clinic, at(12), patient=str(clinic.patient2.pk))
    assert desk.post(URL, newcomer).status_code == 201


@pytest.mark.parametrize(
    "more",
    [
        {"weekdays": [DAY.isoweekday() % 7 + 1]},
        {"valid_from": str(DAY + timedelta(days=1))},
        {"valid_from": str(DAY - timedelta(days=9)), "valid_to": str(DAY - timedelta(days=1))},
        {"starts": "10:30", "ends": "12:00"},
        {"starts": "12:30", "ends": "13:00"},
    ],
)
def test_holds_only_in_its_hours_and_days(desk: Any, clinic: Any, more: dict[str, Any]) -> None:
    assert desk.post(RESERVES, reserve(clinic, **more)).status_code == 201
    assert desk.post(URL, body(clinic, at(12))).status_code == 201


def test_is_one_doctors_or_everybodys(desk: Any, clinic: Any) -> None:
    desk.post(RESERVES, reserve(clinic))
    other = body(clinic, at(12), employee=str(clinic.doctor2.pk))
    assert desk.post(URL, other).status_code == 201
    desk.post(RESERVES, reserve(clinic, employee=None, starts="15:00", ends="16:00"))
    other = body(clinic, at(15, 45), employee=str(clinic.doctor2.pk))
    assert desk.post(URL, other).json()["code"] == "reserved"


def test_nobody_is_moved_into_it_either(desk: Any, clinic: Any, booked: Any) -> None:
    desk.post(RESERVES, reserve(clinic))
    change = {"starts_at": at(12).isoformat(), "ends_at": at(12, 30).isoformat()}
    moved = desk.patch(f"{URL}/{booked['id']}", change | {"version": 1})
    assert (moved.status_code, moved.json()["code"]) == (400, "reserved")
    urgent = desk.patch(f"{URL}/{booked['id']}", change | {"version": 1, "is_urgent": True})
    assert urgent.status_code == 200


def test_stands_hatched_on_the_day(desk: Any, as_role: Any, clinic: Any) -> None:
    made = desk.post(RESERVES, reserve(clinic)).json()
    everybodys = desk.post(RESERVES, reserve(clinic, employee=None, kind="new")).json()
    desk.post(
        RESERVES, reserve(clinic, employee=str(clinic.doctor2.pk), starts="15:00", ends="16:00")
    )
    desk.post(RESERVES, reserve(clinic, weekdays=[DAY.isoweekday() % 7 + 1]))

    shown = desk.get(day_url(clinic)).json()["reserves"]

    assert len(shown) == 3
    first = next(one for one in shown if one["id"] == made["id"])
    assert (moment(first["starts_at"]), moment(first["ends_at"])) == (at(12), at(13))
    assert (first["employee_id"], first["kind"]) == (str(clinic.doctor.pk), "urgent")
    his = as_role("doctor").get(day_url(clinic)).json()["reserves"]
    assert {one["id"] for one in his} == {made["id"], everybodys["id"]}


def test_changes_and_goes(desk: Any, clinic: Any, in_tenant: Any) -> None:
    made = desk.post(RESERVES, reserve(clinic)).json()
    tag = desk.get(day_url(clinic)).headers["ETag"]
    change = {"version": 1, "starts": "14:00", "ends": "15:00", "employee": None}
    changed = desk.patch(f"{RESERVES}/{made['id']}", change)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["employee_id"] is None
    assert desk.get(day_url(clinic)).headers["ETag"] != tag
    assert desk.patch(f"{RESERVES}/{made['id']}", change).json()["code"] == "stale"
    assert "ends" in desk.patch(f"{RESERVES}/{made['id']}", {"version": 2, "ends": "13:00"}).json()["fields"]  # fmt: skip
    assert desk.post(URL, body(clinic, at(12))).status_code == 201
    (listed,) = desk.get(RESERVES, {"branch": clinic.branch.pk}).json()["items"]
    assert (listed["starts"], listed["weekdays"]) == ("14:00", [DAY.isoweekday()])
    assert desk.delete(f"{RESERVES}/{made['id']}").status_code == 204
    with in_tenant():
        assert not Reserve.objects.exists()


def test_three_people(as_role: Any, clinic: Any, rival: Any) -> None:
    made = as_role("registrar").post(RESERVES, reserve(clinic)).json()
    assert as_role("doctor").post(RESERVES, reserve(clinic)).status_code == 403
    assert as_role("cashier").delete(f"{RESERVES}/{made['id']}").status_code == 403
    stranger = as_role("owner", clinic=rival)
    assert stranger.delete(f"{RESERVES}/{made['id']}").status_code == 404
    assert {"branch", "employee"} <= set(stranger.post(RESERVES, reserve(clinic)).json()["fields"])
    away = as_role("registrar", branch=clinic.other_branch)
    assert away.patch(f"{RESERVES}/{made['id']}", {"version": 1, "reason": "x"}).status_code == 404
