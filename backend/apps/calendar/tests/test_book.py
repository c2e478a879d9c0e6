from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.calendar.models import Appointment, AppointmentStep, Occupancy
from apps.calendar.tests.helpers import DAY, URL, ZONE, at, body, moment
from apps.core.models import BranchCounter, JournalEntry
from apps.patients.models import CareLink
from testing.clinics import CANARY


def test_books(desk: Any, clinic: Any, in_tenant: Any) -> None:
    services = [
        {"service": str(clinic.service.pk)},
        {"service": str(clinic.service2.pk), "quantity": 2},
    ]

    r = desk.post(URL, body(clinic, services=services, note="Боится", chair=str(clinic.chair.pk)))

    assert r.status_code == 201, r.content
    row = r.json()
    assert row["status"] == "booked" and row["version"] == 1 and row["unconfirmed"]
    assert row["price_estimate"] == "25000.00"
    assert row["services_text"] == f"{clinic.service.name}, {clinic.service2.name}"
    assert row["patient_name"] == "Оспанова Ә. Б."
    assert row["is_new_patient"] and row["has_allergy"] and row["balance"] == "0.00"
    assert moment(row["starts_at"]) == at(10)
    with in_tenant():
        kinds = Occupancy.objects.filter(appointment_id=row["id"])
        assert {k.resource_id for k in kinds} == {
            clinic.doctor.pk,
            clinic.chair.pk,
            clinic.patient.pk,
        }
        assert AppointmentStep.objects.get(appointment_id=row["id"]).by_id == desk.user.pk
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 1


def test_leaves_one_row_in_the_journal_without_names(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    with in_tenant():
        entry = JournalEntry.objects.get(object_id=booked["id"])
    assert (entry.event, entry.actor_id) == ("appointment_booked", desk.user.pk)
    assert entry.patient_id == clinic.patient.pk
    assert entry.data["status"] == "booked" and entry.data["employee_id"] == str(clinic.doctor.pk)
    assert clinic.patient.last_name not in str(entry.data)


def test_links_the_patient_with_the_doctor(desk: Any, clinic: Any, in_tenant: Any) -> None:
    desk.post(URL, body(clinic, employee=str(clinic.doctor2.pk)))
    with in_tenant():
        assert CareLink.objects.filter(patient=clinic.patient, employee=clinic.doctor2).exists()


def test_the_next_one_may_begin_where_it_ends(desk: Any, clinic: Any, booked: Any) -> None:
    r = desk.post(URL, body(clinic, at(10, 30), patient=str(clinic.patient2.pk)))
    assert r.status_code == 201, r.content


def test_refuses_a_busy_doctor_and_says_what_is_free(desk: Any, clinic: Any, booked: Any) -> None:
    r = desk.post(URL, body(clinic, at(10, 15), patient=str(clinic.patient2.pk)))

    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    details = r.json()["details"]
    assert details["resources"] == [
        {"kind": "employee", "id": str(clinic.doctor.pk), "name": clinic.doctor.short_name}
    ]
    assert [moment(p["starts_at"]) for p in details["free"]] == [at(10, 30), at(11), at(11, 30)]
    assert {p["employee"] for p in details["free"]} == {str(clinic.doctor.pk)}


def test_what_is_offered_can_be_booked(desk: Any, clinic: Any, booked: Any) -> None:
    wanted = body(clinic, at(10, 15), patient=str(clinic.patient2.pk))
    place = desk.post(URL, wanted).json()["details"]["free"][0]

    again = wanted | {"starts_at": place["starts_at"], "ends_at": place["ends_at"]}
    assert desk.post(URL, again).status_code == 201


def test_a_refusal_leaves_nothing(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    desk.post(URL, body(clinic, patient=str(clinic.patient2.pk)))
    with in_tenant():
        assert Appointment.objects.count() == 1
        assert Occupancy.objects.count() == 3


def test_refuses_a_taken_chair(desk: Any, clinic: Any, booked: Any) -> None:
    other = {"employee": str(clinic.doctor2.pk), "patient": str(clinic.patient2.pk)}
    r = desk.post(URL, body(clinic, chair=str(clinic.chair.pk), **other))

    assert r.json()["details"]["resources"] == [
        {
            "kind": "chair",
            "id": str(clinic.chair.pk),
            "name": f"{clinic.room.name}, {clinic.chair.name}",
        }
    ]


def test_refuses_the_second_chair_of_a_room_for_one(desk: Any, clinic: Any, in_tenant: Any) -> None:
    with in_tenant():
        clinic.room.is_exclusive = True
        clinic.room.save()
    assert desk.post(URL, body(clinic, chair=str(clinic.chair.pk))).status_code == 201

    other = {"employee": str(clinic.doctor2.pk), "patient": str(clinic.patient2.pk)}
    r = desk.post(URL, body(clinic, chair=str(clinic.chair2.pk), **other))

    assert [k["kind"] for k in r.json()["details"]["resources"]] == ["room"]


def test_refuses_a_patient_in_two_chairs_without_naming_him(
    desk: Any, clinic: Any, booked: Any
) -> None:
    r = desk.post(URL, body(clinic, employee=str(clinic.doctor2.pk)))

    assert r.json()["details"]["resources"] == [
        {"kind": "patient", "id": str(clinic.patient.pk), "name": ""}
    ]
    assert clinic.patient.last_name not in r.content.decode()


def test_a_draft_takes_no_time(desk: Any, clinic: Any, in_tenant: Any) -> None:
    r = desk.post(URL, body(clinic, draft=True))
    assert r.json()["status"] == "draft"
    assert desk.post(URL, body(clinic)).status_code == 201

    step = {"status": "booked", "version": 1}
    r = desk.post(f"{URL}/{r.json()['id']}/status", step)
    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")


def test_who_was_treated_before_is_not_new(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=booked["id"]).update(status="done")
    assert desk.post(URL, body(clinic, at(12))).json()["is_new_patient"] is False


@pytest.mark.parametrize("name", ["branch", "patient", "employee", "chair"])
def test_a_strangers_id_is_one_that_never_existed(
    desk: Any, clinic: Any, rival: Any, name: str
) -> None:
    stranger = desk.post(URL, body(clinic, **{name: str(getattr(rival, _of(name)).pk)}))
    nobody = desk.post(URL, body(clinic, **{name: str(uuid4())}))

    assert stranger.status_code == nobody.status_code == 400
    assert stranger.json() == nobody.json()
    assert name in stranger.json()["fields"]
    assert CANARY not in stranger.content.decode()


def test_a_strangers_service_is_a_field_error(desk: Any, clinic: Any, rival: Any) -> None:
    r = desk.post(URL, body(clinic, services=[{"service": str(rival.service.pk)}]))
    assert r.status_code == 400 and "services.0.service" in r.json()["fields"]


def _of(name: str) -> str:
    return {"employee": "doctor"}.get(name, name)


def test_a_doctor_may_not_book(as_role: Any, clinic: Any) -> None:
    assert as_role("doctor").post(URL, body(clinic)).status_code == 403


def test_another_branch_does_not_exist_for_the_desk_of_one(as_role: Any, clinic: Any) -> None:
    r = as_role("registrar", branch=clinic.other_branch).post(URL, body(clinic))
    assert r.status_code == 400
    assert {"branch", "patient"} <= set(r.json()["fields"])


def test_the_rival_books_the_same_hour_in_his_own_clinic(
    desk: Any, as_role: Any, rival: Any, booked: Any
) -> None:
    assert as_role("registrar", clinic=rival).post(URL, body(rival)).status_code == 201


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"ends_at": at(10).isoformat()}, "ends_at"),
        ({"ends_at": at(9).isoformat()}, "ends_at"),
        ({"ends_at": (at(10) + timedelta(minutes=2)).isoformat()}, "ends_at"),
        (
            {"starts_at": at(8).isoformat(), "ends_at": (at(8) + timedelta(hours=13)).isoformat()},
            "ends_at",
        ),
        (
            {"starts_at": at(19).isoformat(), "ends_at": (at(19) + timedelta(hours=6)).isoformat()},
            "ends_at",
        ),
        ({"starts_at": f"{DAY}T10:00:00"}, "starts_at"),
        ({"starts_at": f"{DAY}T10:00:20+05:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+05:00"}, "starts_at"),
        ({"starts_at": "2040-01-01T10:00:00Z", "ends_at": "2040-01-01T10:30:00Z"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"employee": "x"}, "employee"),
        ({"source": "fax"}, "source"),
        ({"services": [{"service": "1"}]}, "services.0.service"),
        ({"status": "done"}, "status"),
        ({"organization": str(uuid4())}, "organization"),
        ({"price_estimate": "1"}, "price_estimate"),
        ({"version": 7}, "version"),
    ],
)
def test_a_wrong_field_is_named(desk: Any, clinic: Any, change: dict[str, Any], name: str) -> None:
    r = desk.post(URL, body(clinic) | change)
    assert r.status_code == 400, r.content
    assert name in r.json()["fields"]


def test_outside_the_shift_only_with_the_right_to(desk: Any, as_role: Any, clinic: Any) -> None:
    evening = body(clinic, at(19, 45))

    r = desk.post(URL, evening)
    assert (r.status_code, r.json()["code"]) == (400, "outside_shift")
    assert "starts_at" in r.json()["fields"]
    assert as_role("branch_admin").post(URL, evening).status_code == 201


def test_somebody_who_has_left_or_works_elsewhere_cannot_be_booked(
    desk: Any, clinic: Any, in_tenant: Any
) -> None:
    elsewhere = desk.post(URL, body(clinic, branch=str(clinic.other_branch.pk)))
    assert "employee" in elsewhere.json()["fields"]
    with in_tenant():
        clinic.doctor.is_active = False
        clinic.doctor.save()
    assert "employee" in desk.post(URL, body(clinic)).json()["fields"]


def test_a_repeat_with_the_same_key_books_once(desk: Any, clinic: Any, in_tenant: Any) -> None:
    first, second = (
        desk.post(URL, body(clinic), headers={"Idempotency-Key": "one"}) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


def test_its_statements_are_counted(
    desk: Any, clinic: Any, django_assert_max_num_queries: Any
) -> None:
    services = [{"service": str(clinic.service.pk)}]
    with django_assert_max_num_queries(14) as seen:
        desk.post(URL, body(clinic, services=services))
    texts = [q["sql"] for q in seen.captured_queries]
    assert sum("INTO calendar_occupancy" in text for text in texts) == 1
    ours = [text for text in texts if "SAVEPOINT" not in text and "set_config" not in text]
    assert "core_branchcounter" in ours[-1]  # rivals wait for it, so it comes last


def test_past_appointments_may_be_written_down(desk: Any, clinic: Any) -> None:
    yesterday = datetime.now(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    r = desk.post(URL, body(clinic, yesterday - timedelta(days=1)))
    assert r.status_code == 201
