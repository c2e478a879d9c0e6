"""The waiting list, and the doctor's day that is taken off the calendar at once."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendar import audit
from apps.calendar.models import Appointment, WaitingEntry
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url
from apps.core import screens
from apps.core.tenancy import tenant
from apps.staff.models import RotaDay
from testing.clinics import build_clinic
from testing.races import together

WAITING = "/api/v1/calendar/waiting"
CANCEL = "/api/v1/calendar/days/cancel"


def entry(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "patient": str(clinic.patient.pk),
        "minutes": 45,
        "comment": "После обеда",
    } | more


def time_for(clinic: Any, hour: int = 12, **more: Any) -> dict[str, Any]:
    wanted = body(clinic, at(hour), **more)
    return {k: wanted[k] for k in ("employee", "starts_at", "ends_at")} | {"version": 1} | more


def whole_day(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "employee": str(clinic.doctor.pk),
        "date": str(DAY),
        "reason": "Заболел",
    } | more


def listed(client: Any, clinic: Any, **query: Any) -> list[dict[str, Any]]:
    r = client.get(WAITING, {"branch": clinic.branch.pk} | query)
    assert r.status_code == 200, r.content
    return r.json()["items"]  # type: ignore[no-any-return]


def test_a_patient_waits(desk: Any, clinic: Any) -> None:
    made = desk.post(WAITING, entry(clinic))
    assert made.status_code == 201, made.content
    desk.post(WAITING, entry(clinic, patient=str(clinic.patient2.pk), is_urgent=True))

    urgent, first = listed(desk, clinic)

    assert first == made.json()
    assert (first["patient_id"], first["minutes"]) == (str(clinic.patient.pk), 45)
    assert (first["status"], first["employee_id"]) == ("waiting", None)
    assert urgent["is_urgent"]


def test_who_can_come_any_day_says_no_weekdays(desk: Any, clinic: Any) -> None:
    wishes = {"weekdays": [], "windows": [], "services": [], "first_date": None, "last_date": None}

    made = desk.post(WAITING, entry(clinic, **wishes))

    assert made.status_code == 201, made.content
    some = desk.patch(f"{WAITING}/{made.json()['id']}", {"version": 1, "weekdays": [6]})
    assert some.json()["weekdays"] == [6]
    again = desk.patch(f"{WAITING}/{made.json()['id']}", {"version": 2, **wishes})
    assert again.status_code == 200, again.content
    assert again.json()["weekdays"] == []


def test_gets_a_time_with_what_was_planned(desk: Any, clinic: Any, in_tenant: Any) -> None:
    planned = [{"service": str(clinic.service2.pk), "quantity": 2}]
    was = desk.post(URL, body(clinic, services=planned, note="Боится", source="online")).json()
    canceled = desk.post(f"{URL}/{was['id']}/cancel", {"version": 1, "by": "clinic", "reason": "x"})
    assert canceled.status_code == 200, canceled.content
    made = desk.post(WAITING, entry(clinic, appointment=was["id"])).json()
    assert made["services_text"] == was["services_text"]

    booked = desk.post(f"{WAITING}/{made['id']}/book", time_for(clinic))

    assert booked.status_code == 201, booked.content
    row = booked.json()
    assert (row["services_text"], row["note"], row["source"]) == (
        was["services_text"], "Боится", "online",
    )  # fmt: skip
    assert listed(desk, clinic) == []
    (done,) = listed(desk, clinic, status="scheduled")
    assert (done["scheduled_id"], done["version"]) == (row["id"], 2)
    with in_tenant():
        appointment = Appointment.objects.get(pk=row["id"])
        assert (appointment.origin, str(appointment.origin_appointment_id)) == (
            "waiting",
            was["id"],
        )
    again = desk.post(f"{WAITING}/{made['id']}/book", time_for(clinic, 15, version=2))
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


def test_a_refused_booking_leaves_him_waiting(desk: Any, clinic: Any, booked: Any) -> None:
    made = desk.post(WAITING, entry(clinic, patient=str(clinic.patient2.pk))).json()
    r = desk.post(f"{WAITING}/{made['id']}/book", time_for(clinic, 10))
    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    assert listed(desk, clinic) == [made]
    night = desk.post(f"{WAITING}/{made['id']}/book", time_for(clinic, 6))
    assert night.json()["code"] == "outside_shift"


def test_is_called_changed_and_taken_off(desk: Any, clinic: Any) -> None:
    made = desk.post(WAITING, entry(clinic)).json()
    change = {"version": 1, "status": "contacted", "comment": "Перезвонит", "minutes": 60}
    called = desk.patch(f"{WAITING}/{made['id']}", change).json()
    assert (called["status"], called["comment"], called["minutes"]) == (
        "contacted",
        "Перезвонит",
        60,
    )
    assert desk.patch(f"{WAITING}/{made['id']}", change).json()["code"] == "stale"
    forged = desk.patch(f"{WAITING}/{made['id']}", {"version": 2, "status": "scheduled"})
    assert "status" in forged.json()["fields"]

    assert desk.delete(f"{WAITING}/{made['id']}").status_code == 204
    assert listed(desk, clinic) == []
    assert [one["status"] for one in listed(desk, clinic, status="all")] == ["canceled"]
    back = desk.patch(f"{WAITING}/{made['id']}", {"version": 3, "status": "waiting"})
    assert back.json()["status"] == "waiting"


def test_who_may_read_sees_the_phone_as_far_as_he_may(as_role: Any, clinic: Any) -> None:
    as_role("registrar").post(WAITING, entry(clinic))
    assert listed(as_role("registrar"), clinic)[0]["phone"] == clinic.patient.phone
    assert "•" in listed(as_role("cashier"), clinic)[0]["phone"]
    assert listed(as_role("doctor"), clinic) == []
    as_role("registrar").post(WAITING, entry(clinic, employee=str(clinic.doctor.pk)))
    assert len(listed(as_role("doctor"), clinic)) == 1
    assert as_role("cashier").post(WAITING, entry(clinic)).status_code == 403


def test_a_stranger_finds_nothing(as_role: Any, clinic: Any, rival: Any) -> None:
    made = as_role("registrar").post(WAITING, entry(clinic)).json()
    stranger = as_role("owner", clinic=rival)
    assert listed(stranger, clinic) == []
    assert stranger.delete(f"{WAITING}/{made['id']}").status_code == 404
    r = stranger.post(WAITING, entry(clinic, employee=str(clinic.doctor.pk)))
    assert {"branch", "patient", "employee"} <= set(r.json()["fields"])
    r = stranger.post(CANCEL, whole_day(clinic))
    assert {"branch", "employee"} <= set(r.json()["fields"])


def test_the_list_costs_the_same_however_long(desk: Any, clinic: Any) -> None:
    def cost() -> int:
        screens._written.clear()
        with CaptureQueriesContext(connection) as seen:
            listed(desk, clinic)
        return len(seen)

    desk.post(WAITING, entry(clinic, employee=str(clinic.doctor.pk)))
    one = cost()
    for _ in range(20):
        desk.post(WAITING, entry(clinic, employee=str(clinic.doctor.pk)))
    assert cost() == one


@pytest.fixture
def full(desk: Any, clinic: Any) -> list[dict[str, Any]]:
    """Three appointments of the doctor, one of a colleague, one of the next day."""
    service = [{"service": str(clinic.service2.pk)}]
    rows = [desk.post(URL, body(clinic, at(hour), services=service)).json() for hour in (9, 11, 15)]
    desk.post(URL, body(clinic, at(12), employee=str(clinic.doctor2.pk)))
    desk.post(URL, body(clinic, at(10) + timedelta(days=1)))
    return rows


def test_a_canceled_day_goes_to_the_waiting_list(
    desk: Any, clinic: Any, full: Any, in_tenant: Any
) -> None:
    desk.post(f"{URL}/{full[0]['id']}/status", {"status": "confirmed", "version": 1})

    r = desk.post(CANCEL, whole_day(clinic))

    assert r.status_code == 200, r.content
    assert (r.json()["total"], r.json()["is_blocked"]) == (3, False)
    waiting = listed(desk, clinic)
    assert {one["appointment_id"] for one in waiting} == {one["id"] for one in full}
    assert {one["services_text"] for one in waiting} == {full[0]["services_text"]}
    day = desk.get(day_url(clinic)).json()
    states = Counter((one["employee_id"], one["status"]) for one in day["items"])
    assert states == {
        (str(clinic.doctor.pk), "canceled"): 3,
        (str(clinic.doctor2.pk), "booked"): 1,
    }
    with in_tenant():
        gone = Appointment.objects.filter(status="canceled")
        assert {(a.canceled_by, a.cancel_code, a.cancel_reason) for a in gone} == {
            ("clinic", "doctor_absent", "Заболел")
        }
        assert Appointment.objects.filter(status="booked").count() == 2
        assert audit.overlaps() == audit.adrift() == []
    assert desk.post(CANCEL, whole_day(clinic)).json()["total"] == 0
    assert len(listed(desk, clinic)) == 3


def test_the_same_key_cancels_once(desk: Any, clinic: Any, full: Any) -> None:
    first = desk.post(CANCEL, whole_day(clinic), headers={"Idempotency-Key": "one"})
    again = desk.post(CANCEL, whole_day(clinic), headers={"Idempotency-Key": "one"})
    assert first.json() == again.json() and first.json()["total"] == 3


def test_a_blocked_day_is_off(as_role: Any, clinic: Any, full: Any, in_tenant: Any) -> None:
    assert as_role("registrar").post(CANCEL, whole_day(clinic, block=True)).status_code == 403
    boss = as_role("branch_admin")
    assert boss.post(CANCEL, whole_day(clinic, block=True)).json()["is_blocked"] is True
    refused = as_role("registrar").post(URL, body(clinic, at(16)))
    assert refused.json()["code"] == "outside_shift"
    with in_tenant():
        (off,) = RotaDay.objects.all()
        assert (off.date, off.starts) == (DAY, None)
    assert boss.post(CANCEL, whole_day(clinic, block=True)).status_code == 200


def test_what_has_begun_stays(desk: Any, clinic: Any, full: Any, in_tenant: Any) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=full[0]["id"]).update(status="in_progress")
    assert desk.post(CANCEL, whole_day(clinic)).json()["total"] == 2


def test_a_day_that_is_over_or_far_is_refused(desk: Any, clinic: Any) -> None:
    for day in ("2024-02-29", "2099-01-01", "9999-12-31"):
        r = desk.post(CANCEL, whole_day(clinic, date=day))
        assert r.status_code == 400 and "date" in r.json()["fields"]
    assert "reason" in desk.post(CANCEL, whole_day(clinic, reason=" ")).json()["fields"]


def test_restoring_takes_him_off_the_list(desk: Any, clinic: Any, full: Any) -> None:
    desk.post(CANCEL, whole_day(clinic))
    r = desk.post(f"{URL}/{full[0]['id']}/restore", {"version": 2})
    assert r.status_code == 200, r.content
    assert full[0]["id"] not in {one["appointment_id"] for one in listed(desk, clinic)}
    assert len(listed(desk, clinic)) == 2


def test_two_people_cancel_a_day_once(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    for hour in range(9, 15):
        assert desk.post(URL, body(clinic, at(hour))).status_code == 201

    calls = [clinic.client("registrar") for _ in range(4)]
    answers = together([lambda c=c: c.post(CANCEL, whole_day(clinic)).json() for c in calls])

    assert sorted(one["total"] for one in answers) == [0, 0, 0, 6]
    with tenant(clinic.pk):
        assert WaitingEntry.objects.count() == 6
        assert audit.adrift() == []


def test_who_cancels_one_may_keep_him_waiting_for_another_time(
    desk: Any, as_role: Any, clinic: Any, booked: Any
) -> None:
    told = {"version": 1, "by": "patient", "code": "busy", "reason": "После пяти", "to_waiting": True}  # fmt: skip
    cancel = f"{URL}/{booked['id']}/cancel"
    assert as_role("doctor").post(cancel, told).status_code == 403
    assert desk.post(cancel, told | {"code": "schedule"}).status_code == 400
    assert listed(desk, clinic) == []

    assert desk.post(cancel, told).json()["status"] == "canceled"

    (waits,) = listed(desk, clinic)
    assert (waits["appointment_id"], waits["comment"], waits["minutes"]) == (
        booked["id"], "После пяти", 30,
    )  # fmt: skip
    assert desk.post(cancel, told).json()["code"] == "stale"
    assert len(listed(desk, clinic)) == 1
    desk.post(f"{URL}/{booked['id']}/restore", {"version": 2})
    assert listed(desk, clinic) == []
