"""The confirmation run: everybody of a day is called, by two clerks at once, and what was heard is what becomes of him."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.calendar import confirming
from apps.calendar.models import Appointment, ContactAttempt, ContactClaim
from apps.calendar.tests.helpers import DAY, URL, at, body, moment
from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.patients.models import Patient
from testing.clinics import build_clinic
from testing.races import together

CALLS = "/api/v1/calendar/confirmations"
WAITING = "/api/v1/calendar/waiting"


def listed(client: Any, clinic: Any, day: Any = DAY) -> dict[str, Any]:
    r = client.get(CALLS, {"branch": clinic.branch.pk, "date": day})
    assert r.status_code == 200, r.content
    return r.json()  # type: ignore[no-any-return]


def only(client: Any, clinic: Any) -> dict[str, Any]:
    (row,) = listed(client, clinic)["items"]
    return row  # type: ignore[no-any-return]


def tell(client: Any, row: dict[str, Any], result: str, **more: Any) -> Any:
    seen = row["last"]["id"] if row.get("last") else None
    told = {"version": row["version"], "seen": seen, "result": result} | more
    return client.post(f"{CALLS}/{row['id']}/result", told)


def test_reached_is_confirmed(desk: Any, clinic: Any, booked: Any) -> None:
    row = only(desk, clinic)
    assert (row["status"], row["attempts"], row["last"], row["due_at"]) == ("booked", 0, None, None)
    assert row["phone"] == clinic.patient.phone
    assert row["employee_name"] == clinic.doctor.short_name

    r = tell(desk, row, "reached", note="Придёт с мужем")

    assert (r.status_code, r.json()["status"]) == (200, "confirmed"), r.content
    day = listed(desk, clinic)
    (now,) = day["items"]
    assert (now["attempts"], now["last"]["result"], now["last"]["note"]) == (
        1, "reached", "Придёт с мужем",
    )  # fmt: skip
    (clerk,) = day["clerks"]
    assert clerk | {"name": "", "user_id": ""} == {
        "user_id": "", "name": "", "calls": 1, "reached": 1, "no_answer": 0, "call_back": 0, "declined": 0, "other": 0,
    }  # fmt: skip
    assert now["last"]["by"] == clerk["name"] == desk.user.short_name


def test_who_confirmed_and_was_moved_is_called_once_more(
    desk: Any, clinic: Any, booked: Any
) -> None:
    tell(desk, only(desk, clinic), "reached")
    row = only(desk, clinic)
    assert (row["status"], row["moved_from"]) == ("confirmed", None)
    longer = {"version": row["version"], "ends_at": at(11).isoformat()}
    version = desk.patch(f"{URL}/{row['id']}", longer).json()["version"]
    assert only(desk, clinic)["moved_from"] is None  # he comes at the time that he knows
    later = {"version": version, "starts_at": at(12).isoformat(), "ends_at": at(13).isoformat()}
    assert desk.patch(f"{URL}/{row['id']}", later).status_code == 200

    row = only(desk, clinic)
    assert row["status"] == "confirmed" and moment(row["moved_from"]) == at(10)
    assert (row["attempts"], row["due_at"]) == (1, None)  # nobody has called about this time
    assert tell(desk, row, "no_answer").status_code == 200
    assert only(desk, clinic)["due_at"] is not None
    assert tell(desk, only(desk, clinic), "reached").status_code == 200
    assert only(desk, clinic)["moved_from"] is None


def test_who_was_not_reached_comes_up_again(desk: Any, clinic: Any, booked: Any) -> None:
    assert tell(desk, only(desk, clinic), "no_answer").status_code == 200
    row = only(desk, clinic)
    assert row["status"] == "booked"
    due = timezone.datetime.fromisoformat(row["due_at"])
    assert due == timezone.datetime.fromisoformat(row["last"]["at"]) + confirming.REST

    later = (timezone.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    assert tell(desk, row, "call_back", call_back_at=later.isoformat()).status_code == 200
    row = only(desk, clinic)
    assert timezone.datetime.fromisoformat(row["due_at"]) == later
    assert tell(desk, row, "reached").json()["status"] == "confirmed"
    row = only(desk, clinic)
    assert (row["attempts"], row["due_at"]) == (3, None)


def test_a_call_back_is_between_now_and_the_appointment(
    desk: Any, clinic: Any, booked: Any
) -> None:
    row = only(desk, clinic)
    for told in ({}, {"call_back_at": at(10).isoformat()}, {"call_back_at": "2024-02-29T10:00Z"}):
        r = tell(desk, row, "call_back", **told)
        assert (r.status_code, [*r.json()["fields"]]) == (400, ["call_back_at"])
    r = tell(desk, row, "no_answer", call_back_at=at(9).isoformat())
    assert "call_back_at" in r.json()["fields"]
    assert "note" in tell(desk, row, "other", note=" ").json()["fields"]
    assert only(desk, clinic)["attempts"] == 0


def test_who_declines_is_canceled_and_may_wait(desk: Any, clinic: Any, booked: Any) -> None:
    row = only(desk, clinic)
    assert "reason" in tell(desk, row, "declined").json()["fields"]
    assert "code" in tell(desk, row, "declined", code="equipment").json()["fields"]

    r = tell(desk, row, "declined", code="ill", note="На той неделе", to_waiting=True)

    now = r.json()
    assert (now["status"], now["canceled_by"], now["cancel_code"]) == ("canceled", "patient", "ill")
    assert only(desk, clinic)["last"]["result"] == "declined"  # he stays in the run
    (entry,) = desk.get(WAITING, {"branch": clinic.branch.pk}).json()["items"]
    assert (entry["appointment_id"], entry["comment"]) == (row["id"], "На той неделе")
    again = tell(desk, only(desk, clinic), "reached")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_status")


def test_a_colleague_was_quicker(as_role: Any, desk: Any, clinic: Any, booked: Any) -> None:
    seen = only(desk, clinic)
    other = as_role("call_center")
    assert tell(other, seen, "no_answer").status_code == 200

    r = tell(desk, seen, "reached")

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    details = r.json()["details"]
    assert (details["by"], details["result"]) == (other.user.short_name, "no_answer")
    assert only(desk, clinic)["status"] == "booked"
    assert tell(desk, only(desk, clinic), "reached").status_code == 200
    assert tell(other, seen, "declined", code="ill").json()["code"] == "stale"


def test_the_same_key_is_one_call(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    row = only(desk, clinic)
    url, told = f"{CALLS}/{row['id']}/result", {"version": 1, "seen": None, "result": "no_answer"}
    first, again = (desk.post(url, told, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json() == again.json()
    with in_tenant():
        assert ContactAttempt.objects.count() == 1


def test_colleagues_see_who_is_called(
    as_role: Any, desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    row, other = only(desk, clinic), as_role("call_center")
    assert desk.post(f"{CALLS}/{row['id']}/call").status_code == 201
    assert desk.post(f"{CALLS}/{row['id']}/call").status_code == 201  # still the same call
    seen = only(other, clinic)
    assert (seen["in_call_by"], seen["in_call_by_id"]) == (desk.user.short_name, str(desk.user.pk))
    r = other.post(f"{CALLS}/{row['id']}/call")
    assert (r.status_code, r.json()["code"]) == (409, "in_call")
    assert r.json()["details"]["by"] == desk.user.short_name

    assert other.delete(f"{CALLS}/{row['id']}/call").status_code == 204  # that of the other goes on
    assert only(desk, clinic)["in_call_by"]
    assert desk.delete(f"{CALLS}/{row['id']}/call").status_code == 204
    assert only(other, clinic)["in_call_by_id"] is None

    other.post(f"{CALLS}/{row['id']}/call")
    with in_tenant():  # and nobody said how it ended
        ContactClaim.objects.update(ends_at=timezone.now())
    assert only(desk, clinic)["in_call_by"] == ""
    assert desk.post(f"{CALLS}/{row['id']}/call").status_code == 201
    tell(desk, row, "no_answer")
    assert only(desk, clinic)["in_call_by"] == ""


def test_a_family_with_one_telephone_is_one_call(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    with in_tenant():
        Patient.objects.filter(pk=clinic.patient2.pk).update(phone=clinic.patient.phone)
    both = {"patient": str(clinic.patient2.pk), "employee": str(clinic.doctor2.pk)}
    desk.post(URL, body(clinic, at(9), **both))
    rows = listed(desk, clinic)["items"]
    assert [row["family"] for row in rows] == [rows[0]["id"]] * 2
    with in_tenant():
        Patient.objects.update(phone="")
    rows = listed(desk, clinic)["items"]
    assert [row["family"] for row in rows] == [row["id"] for row in rows]


def test_only_who_is_expected_is_on_the_list(desk: Any, clinic: Any, booked: Any) -> None:
    desk.post(URL, body(clinic, at(12), draft=True))
    gone = desk.post(URL, body(clinic, at(13))).json()
    desk.post(f"{URL}/{gone['id']}/cancel", {"version": 1, "by": "patient", "reason": "x"})
    assert only(desk, clinic)["id"] == booked["id"]
    tomorrow = desk.get(CALLS, {"branch": clinic.branch.pk}).json()
    assert tomorrow["date"] == str(DAY - timedelta(days=6)) and tomorrow["total"] == 0


def test_a_doctor_calls_his_own_and_cancels_nobody(
    as_role: Any, desk: Any, clinic: Any, booked: Any
) -> None:
    desk.post(URL, body(clinic, at(12), employee=str(clinic.doctor2.pk)))
    doctor = as_role("doctor")
    row = only(doctor, clinic)
    assert row["employee_id"] == str(clinic.doctor.pk)
    r = tell(doctor, row, "declined", code="ill")
    assert (r.status_code, r.json()["code"]) == (403, "permission_denied")
    assert tell(doctor, row, "reached").json()["status"] == "confirmed"
    (other,) = [one for one in listed(desk, clinic)["items"] if one["id"] != row["id"]]
    assert tell(doctor, other, "reached").status_code == 404


def test_colleagues_without_the_right_and_strangers(
    as_role: Any, desk: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    row = only(desk, clinic)
    for role in ("cashier", "nurse", "readonly", "marketer"):
        assert as_role(role).get(CALLS, {"branch": clinic.branch.pk}).status_code == 403
        assert tell(as_role(role), row, "reached").status_code == 403
    elsewhere = as_role("registrar", branch=clinic.other_branch)
    for client in (as_role("owner", clinic=rival), elsewhere):
        assert "branch" in client.get(CALLS, {"branch": clinic.branch.pk}).json()["fields"]
        assert tell(client, row, "reached").status_code == 404
        assert client.post(f"{CALLS}/{row['id']}/call").status_code == 404
        assert client.delete(f"{CALLS}/{row['id']}/call").status_code == 404


def test_the_journal_knows_the_result_and_not_what_was_said(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    tell(desk, only(desk, clinic), "reached", note="Секрет")
    with in_tenant():
        entry = JournalEntry.objects.get(event="contact_made")
    assert (entry.actor_id, entry.patient_id) == (desk.user.pk, clinic.patient.pk)
    assert entry.data["result"] == "reached" and "Секрет" not in str(entry.data)
    history = desk.get(f"{URL}/{booked['id']}").json()["history"]
    assert {"contact_made", "appointment_status_changed"} <= {one["event"] for one in history}


def test_a_call_that_nobody_makes_is_not_left(desk: Any, booked: Any, in_tenant: Any) -> None:
    url = f"{CALLS}/{booked['id']}/call"
    desk.post(url)
    assert [desk.delete(url).status_code for _ in range(2)] == [204, 204]
    with in_tenant():
        assert JournalEntry.objects.filter(event="contact_left").count() == 1


@pytest.mark.parametrize("people", [2, 60])
def test_the_list_is_the_state_of_its_branch_and_one_statement(
    people: int, desk: Any, clinic: Any, in_tenant: Any, django_assert_num_queries: Any
) -> None:
    for number in range(people):
        doctor, patient = [(clinic.doctor, clinic.patient), (clinic.doctor2, clinic.patient2)][
            number % 2
        ]
        start = at(9) + timedelta(minutes=15 * (number // 2))
        who = {"employee": str(doctor.pk), "patient": str(patient.pk)}
        tell(desk, desk.post(URL, body(clinic, start, 15, **who)).json(), "no_answer")
    listed(desk, clinic)
    with django_assert_num_queries(8):  # six around it, see test_statements
        assert listed(desk, clinic)["total"] == people


def test_two_clerks_call_one_patient_once(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    row = desk.post(URL, body(clinic)).json()
    clerks = [clinic.client("registrar") for _ in range(4)]
    results = ("reached", "no_answer", "no_answer", "reached")
    answers = together(
        [lambda c=c, r=r: tell(c, row, r) for c, r in zip(clerks, results, strict=True)]
    )
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    claims = together([lambda c=c: c.post(f"{CALLS}/{row['id']}/call") for c in clerks])
    assert {one.status_code for one in claims} == {201}  # one person at four desks
    with tenant(clinic.pk):
        assert ContactAttempt.objects.count() == ContactClaim.objects.count() == 1


def test_control_without_the_look_at_what_was_seen_both_results_stand(
    desk: Any, clinic: Any, booked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "_check_seen", lambda *_: None)
    row = only(desk, clinic)
    assert [tell(desk, row, "no_answer").status_code for _ in range(2)] == [200, 200]
    assert only(desk, clinic)["status"] == Appointment.Status.BOOKED
