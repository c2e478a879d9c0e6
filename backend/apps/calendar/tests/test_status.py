from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Appointment, AppointmentStep, Occupancy
from apps.calendar.statuses import NEXT, OCCUPYING
from apps.calendar.tests.helpers import URL, at, body, moment
from apps.core.models import JournalEntry
from apps.visits.models import Visit

S = Appointment.Status


def step(client: Any, row: dict[str, Any], status: str, **more: Any) -> Any:
    payload = {"status": status, "version": row["version"]} | more
    return client.post(f"{URL}/{row['id']}/status", payload)


def walk(client: Any, row: dict[str, Any], *statuses: str) -> dict[str, Any]:
    for status in statuses:
        r = step(client, row, status)
        assert r.status_code == 200, r.content
        row = r.json()
    return row


def test_walks_from_booked_to_done(desk: Any, booked: Any, in_tenant: Any) -> None:
    row = walk(desk, booked, "confirmed", "arrived", "in_progress", "done")

    assert (row["status"], row["version"]) == ("done", 5)
    with in_tenant():
        steps = AppointmentStep.objects.filter(appointment_id=row["id"]).order_by("at")
        assert [s.status for s in steps] == [
            "booked", "confirmed", "arrived", "in_progress", "done"
        ]  # fmt: skip
        assert Occupancy.objects.filter(appointment_id=row["id"]).count() == 3


@pytest.mark.parametrize("present", S.values)
@pytest.mark.parametrize("wanted", S.values)
def test_only_legal_steps(
    as_role: Any, booked: Any, in_tenant: Any, it_is: Any, present: str, wanted: str
) -> None:
    it_is(at(10))
    with in_tenant():
        Appointment.objects.filter(pk=booked["id"]).update(status=present)
        if present not in OCCUPYING:
            Occupancy.objects.filter(appointment_id=booked["id"]).delete()

    r = step(as_role("owner"), booked, wanted, reason="болезнь")

    if wanted in NEXT[present]:
        assert (r.status_code, r.json()["status"]) == (200, wanted)
    else:
        assert (r.status_code, r.json()["code"]) == (409, "illegal_status")
        assert r.json()["details"] == {
            "from": present, "to": wanted, "allowed": [str(s) for s in NEXT[present]]
        }  # fmt: skip
    with in_tenant():
        row = Appointment.objects.get(pk=booked["id"])
        held = Occupancy.objects.filter(appointment=row).count()
        assert held == (3 if row.status in OCCUPYING else 0)


def test_canceling_frees_the_place_and_keeps_the_reason(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    without = desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient"})
    r = desk.post(
        f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "reason": "заболел"}
    )

    assert without.status_code == 400 and "reason" in without.json()["fields"]
    assert (r.status_code, r.json()["status"]) == (200, "canceled")
    assert (r.json()["canceled_by"], r.json()["cancel_reason"]) == ("patient", "заболел")
    assert desk.post(URL, body(clinic)).status_code == 201
    with in_tenant():
        entry = JournalEntry.objects.get(event="appointment_canceled")
        assert (entry.data["from"], entry.data["to"]) == ("booked", "canceled")
        assert "заболел" not in str(entry.data)


@pytest.mark.parametrize("gone", ["canceled", "no_show"])
def test_restores_into_its_place_while_that_is_free(
    desk: Any, clinic: Any, booked: Any, it_is: Any, gone: str
) -> None:
    it_is(at(11))
    row = step(desk, booked, gone, reason="x").json()
    restored = desk.post(f"{URL}/{row['id']}/restore", {"version": row["version"]})
    assert (restored.status_code, restored.json()["status"]) == (200, "booked")
    assert restored.json()["cancel_reason"] == ""

    row = step(desk, restored.json(), gone, reason="x").json()
    desk.post(URL, body(clinic, patient=str(clinic.patient2.pk)))
    late = desk.post(f"{URL}/{row['id']}/restore", {"version": row["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")


def test_a_live_one_cannot_be_restored(desk: Any, booked: Any) -> None:
    r = desk.post(f"{URL}/{booked['id']}/restore", {"version": 1})
    assert (r.status_code, r.json()["code"]) == (409, "illegal_status")


def test_a_stale_step_is_refused(desk: Any, booked: Any) -> None:
    walk(desk, booked, "confirmed")
    assert step(desk, booked, "arrived").json()["code"] == "stale"


def test_the_doctor_steps_his_own_and_only_forward(
    desk: Any, as_role: Any, as_user: Any, clinic: Any, booked: Any
) -> None:
    doctor, colleague = as_role("doctor"), as_user(clinic.doctor2.user)

    assert step(colleague, booked, "confirmed").status_code == 404
    row = walk(doctor, booked, "confirmed")
    assert step(doctor, row, "no_show").status_code == 403
    assert step(doctor, row, "canceled", reason="x").status_code == 403
    row = walk(desk, row, "arrived")
    assert walk(doctor, row, "in_progress", "done")["status"] == "done"


def test_three_people(as_role: Any, rival: Any, booked: Any) -> None:
    assert step(as_role("registrar", clinic=rival), booked, "confirmed").status_code == 404
    assert step(as_role("cashier"), booked, "confirmed").status_code == 403
    assert step(as_role("registrar"), booked, "confirmed").status_code == 200


def test_cancel_never_removes_a_visit_or_the_journal(
    desk: Any, booked: Any, in_tenant: Any
) -> None:
    row = walk(desk, booked, "arrived")
    with in_tenant():
        before = JournalEntry.objects.count(), Visit.objects.count()
    r = desk.post(
        f"{URL}/{row['id']}/cancel", {"version": row["version"], "by": "clinic", "reason": "x"}
    )
    assert r.status_code == 200, r.content
    with in_tenant():
        assert JournalEntry.objects.count() > before[0]
        assert Visit.objects.count() == before[1]


def test_the_time_of_a_no_show_is_free(desk: Any, clinic: Any, booked: Any, it_is: Any) -> None:
    it_is(at(10))
    walk(desk, booked, "no_show")
    assert desk.post(URL, body(clinic, at(10))).status_code == 201


def test_nobody_fails_to_come_before_his_time(desk: Any, booked: Any, it_is: Any) -> None:
    it_is(at(9, 59))
    early = step(desk, booked, "no_show")
    assert (early.status_code, early.json()["code"]) == (409, "not_begun")
    assert moment(early.json()["details"]["starts_at"]) == at(10)
    assert "no_show" not in desk.get(f"{URL}/{booked['id']}").json()["allowed"]
    it_is(at(10))
    assert "no_show" in desk.get(f"{URL}/{booked['id']}").json()["allowed"]
    assert walk(desk, booked, "no_show")["status"] == "no_show"


@pytest.mark.parametrize(
    ("by", "code", "reason", "field"),
    [
        ("clinic", "doctor_absent", "", None),
        ("patient", "price", "", None),
        ("patient", "other", "переехал", None),
        ("patient", "other", " ", "reason"),
        ("patient", "equipment", "", "code"),
        ("clinic", "ill", "", "code"),
        ("clinic", "unknown", "", "code"),
    ],
)
def test_a_reason_has_a_code_of_its_side(
    desk: Any, booked: Any, by: str, code: str, reason: str, field: str | None
) -> None:
    told = {"version": 1, "by": by, "code": code, "reason": reason}
    r = desk.post(f"{URL}/{booked['id']}/cancel", told)
    if field:
        assert r.status_code == 400 and field in r.json()["fields"], r.content
        return
    assert r.status_code == 200, r.content
    shown = r.json()
    assert (shown["canceled_by"], shown["cancel_code"]) == (by, code)


def test_a_copy_knows_what_it_was_copied_from(
    desk: Any, clinic: Any, rival: Any, as_role: Any, booked: Any
) -> None:
    copied = desk.post(URL, body(clinic, at(15), copy_of=booked["id"], color="#AA0000"))
    strange = as_role("registrar", clinic=rival).post(URL, body(rival, copy_of=booked["id"]))
    assert copied.status_code == 201, copied.content
    shown = desk.get(f"{URL}/{copied.json()['id']}").json()
    assert (shown["origin"], shown["origin_appointment_id"]) == ("copy", booked["id"])
    assert (moment(shown["origin_starts_at"]), shown["color"]) == (at(10), "#aa0000")
    assert strange.status_code == 400 and "copy_of" in strange.json()["fields"]


def test_restores_to_another_time_when_its_own_is_taken(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "ill"})
    desk.post(URL, body(clinic, patient=str(clinic.patient2.pk)))
    back = f"{URL}/{booked['id']}/restore"
    refused = desk.post(back, {"version": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    offered = refused.json()["details"]["free"][0]
    night = {"starts_at": at(3).isoformat(), "ends_at": at(3, 30).isoformat()}
    assert desk.post(back, {"version": 2} | night).json()["code"] == "outside_shift"

    r = desk.post(back, {"version": 2, "starts_at": offered["starts_at"], "ends_at": offered["ends_at"]})  # fmt: skip

    assert r.status_code == 200, r.content
    assert (r.json()["status"], r.json()["starts_at"]) == ("booked", offered["starts_at"])
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []
