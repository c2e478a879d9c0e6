"""Time before and after: it is held for the doctor, the chair and the room, but not for the patient."""

from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Appointment, Occupancy
from apps.calendar.tests.helpers import URL, at, body, moment
from apps.org.models import Room


@pytest.fixture
def careful(clinic: Any, in_tenant: Any) -> Any:
    """A service with ten minutes before and twenty after."""
    with in_tenant():
        clinic.service.buffer_before, clinic.service.buffer_after = 10, 20
        clinic.service.save()
    return clinic.service


def plan(*services: Any) -> list[dict[str, str]]:
    return [{"service": str(one.pk)} for one in services]


def test_holds_doctor_chair_and_room_longer_than_the_patient(
    desk: Any, clinic: Any, careful: Any, in_tenant: Any
) -> None:
    with in_tenant():
        Room.objects.filter(pk=clinic.room.pk).update(is_exclusive=True)
    wanted = body(clinic, chair=str(clinic.chair.pk), services=plan(careful, clinic.service2))

    r = desk.post(URL, wanted)

    assert r.status_code == 201, r.content
    assert (r.json()["buffer_before"], r.json()["buffer_after"]) == (10, 20)
    with in_tenant():
        held = {
            "patient" if row.patient_id else "other": (row.during.lower, row.during.upper)
            for row in Occupancy.objects.all()
        }
        assert Occupancy.objects.count() == 4
        assert audit.overlaps() == audit.adrift() == []
    assert held == {"patient": (at(10), at(10, 30)), "other": (at(9, 50), at(10, 50))}


def test_nobody_is_booked_into_the_minutes_after(desk: Any, clinic: Any, careful: Any) -> None:
    desk.post(URL, body(clinic, services=plan(careful)))
    next_one = body(clinic, at(10, 30), patient=str(clinic.patient2.pk))

    refused = desk.post(URL, next_one)

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    offered = refused.json()["details"]["free"][0]
    assert moment(offered["starts_at"]) == at(10, 50)
    there = {name: offered[name] for name in ("starts_at", "ends_at")}
    assert desk.post(URL, next_one | there).status_code == 201


def test_the_patient_himself_may_be_elsewhere_then(desk: Any, clinic: Any, careful: Any) -> None:
    desk.post(URL, body(clinic, services=plan(careful)))
    r = desk.post(URL, body(clinic, at(10, 30), employee=str(clinic.doctor2.pk)))
    assert r.status_code == 201, r.content


def test_other_services_change_what_is_held(
    desk: Any, clinic: Any, careful: Any, booked: Any, in_tenant: Any
) -> None:
    desk.post(URL, body(clinic, at(10, 30), patient=str(clinic.patient2.pk)))
    change = {"version": booked["version"], "services": plan(careful)}

    refused = desk.patch(f"{URL}/{booked['id']}", change)
    moved = desk.patch(f"{URL}/{booked['id']}", change | {
        "starts_at": at(9).isoformat(), "ends_at": at(9, 30).isoformat()
    })  # fmt: skip

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert moved.status_code == 200, moved.content
    with in_tenant():
        row = Appointment.objects.get(pk=booked["id"])
        assert (row.buffer_before, row.buffer_after) == (10, 20)
        assert audit.overlaps() == audit.adrift() == []


def test_a_move_takes_its_minutes_along(
    desk: Any, clinic: Any, careful: Any, in_tenant: Any
) -> None:
    row = desk.post(URL, body(clinic, services=plan(careful))).json()
    to = {"starts_at": at(14).isoformat(), "ends_at": at(15).isoformat()}
    r = desk.patch(f"{URL}/{row['id']}", {"version": 1} | to)
    assert r.status_code == 200, r.content
    with in_tenant():
        assert {k.during.upper for k in Occupancy.objects.all()} == {at(15), at(15, 20)}
        assert audit.overlaps() == audit.adrift() == []
