"""Parts of an appointment: exactly what they say is held, besides the patient."""

from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Occupancy, Segment
from apps.calendar.tests.helpers import URL, at, body
from apps.org.models import Device, Room


@pytest.fixture
def laser(clinic: Any, in_tenant: Any) -> Device:
    with in_tenant():
        return Device.objects.create(branch=clinic.branch, name="Лазер")


def part(role: str, who: Any, begins: Any, ends: Any) -> dict[str, str]:
    name = "employee" if role in ("doctor", "assistant") else role
    return {
        "role": role,
        name: str(who.pk),
        "starts_at": begins.isoformat(),
        "ends_at": ends.isoformat(),
    }


def usual(clinic: Any) -> list[dict[str, str]]:
    """An hour in the chair; the doctor works in the first half."""
    return [
        part("doctor", clinic.doctor, at(10), at(10, 30)),
        part("chair", clinic.chair, at(10), at(11)),
    ]


def long(clinic: Any, segments: Any, **more: Any) -> dict[str, Any]:
    return body(clinic, at(10), 60, chair=str(clinic.chair.pk), segments=segments) | more


def test_a_doctor_works_at_two_chairs_while_nothing_overlaps(
    desk: Any, clinic: Any, in_tenant: Any
) -> None:
    first = desk.post(URL, long(clinic, usual(clinic)))
    second = [
        part("doctor", clinic.doctor, at(10, 30), at(11)),
        part("chair", clinic.chair2, at(10), at(11)),
    ]
    other = {"patient": str(clinic.patient2.pk), "chair": str(clinic.chair2.pk)}

    r = desk.post(URL, long(clinic, second, **other))

    assert (first.status_code, r.status_code) == (201, 201), r.content
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_assistant_device_and_second_doctor_are_held_for_their_time(
    desk: Any, clinic: Any, laser: Device, in_tenant: Any
) -> None:
    segments = [
        *usual(clinic),
        part("assistant", clinic.doctor2, at(10), at(10, 20)),
        part("doctor", clinic.doctor2, at(10, 40), at(11)),
        part("device", laser, at(10, 15), at(10, 30)),
    ]
    r = desk.post(URL, long(clinic, segments))
    assert r.status_code == 201, r.content
    assert len(r.json()["segments"]) == 5
    shown = desk.get(f"{URL}/{r.json()['id']}").json()["segments"]
    assert {one["name"] for one in shown} >= {"Лазер", clinic.doctor2.short_name}

    taken = desk.post(URL, body(clinic, at(10, 45), 15, patient=str(clinic.patient2.pk),
                                employee=str(clinic.doctor2.pk)))  # fmt: skip
    between = desk.post(URL, body(clinic, at(10, 20), 20, patient=str(clinic.patient2.pk),
                                  employee=str(clinic.doctor2.pk)))  # fmt: skip

    assert (taken.status_code, between.status_code) == (409, 201)
    assert taken.json()["details"]["resources"][0]["name"] == clinic.doctor2.short_name
    with in_tenant():
        assert Occupancy.objects.get(device=laser).during.lower == at(10, 15)
        assert audit.overlaps() == audit.adrift() == []


def test_a_device_serves_one_at_a_time(desk: Any, clinic: Any, laser: Device) -> None:
    segments = [*usual(clinic), part("device", laser, at(10), at(10, 30))]
    desk.post(URL, long(clinic, segments))
    other = {
        "patient": str(clinic.patient2.pk),
        "employee": str(clinic.doctor2.pk),
        "chair": str(clinic.chair2.pk),
    }
    again = [
        part("doctor", clinic.doctor2, at(10), at(11)),
        part("chair", clinic.chair2, at(10), at(11)),
        part("device", laser, at(10, 15), at(10, 45)),
    ]

    r = desk.post(URL, long(clinic, again, **other))

    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    (resource,) = r.json()["details"]["resources"]
    assert resource == {"kind": "device", "id": str(laser.pk), "name": "Лазер"}


def test_an_exclusive_room_follows_its_chairs(desk: Any, clinic: Any, in_tenant: Any) -> None:
    with in_tenant():
        Room.objects.filter(pk=clinic.room.pk).update(is_exclusive=True)
    segments = [
        part("doctor", clinic.doctor, at(10), at(11)),
        part("chair", clinic.chair, at(10), at(10, 30)),
        part("chair", clinic.chair2, at(10, 20), at(10, 40)),
    ]
    assert desk.post(URL, long(clinic, segments)).status_code == 201
    with in_tenant():
        (room,) = Occupancy.objects.filter(room__isnull=False)
        assert (room.during.lower, room.during.upper) == (at(10), at(10, 40))


def test_move_together_and_to_another_doctor(
    desk: Any, clinic: Any, laser: Device, in_tenant: Any
) -> None:
    segments = [*usual(clinic), part("device", laser, at(10), at(10, 30))]
    row = desk.post(URL, long(clinic, segments)).json()
    to = {"starts_at": at(14).isoformat(), "ends_at": at(15).isoformat()}

    r = desk.patch(f"{URL}/{row['id']}", {"version": 1, "employee": str(clinic.doctor2.pk), **to})

    assert r.status_code == 200, r.content
    with in_tenant():
        found = {(s.role, s.employee_id, s.starts_at, s.ends_at) for s in Segment.objects.all()}
        assert ("doctor", clinic.doctor2.pk, at(14), at(14, 30)) in found
        assert audit.overlaps() == audit.adrift() == []


def test_a_shorter_one_keeps_what_fits_else_is_refused(desk: Any, clinic: Any) -> None:
    row = desk.post(URL, long(clinic, usual(clinic))).json()
    short = {"version": 1, "ends_at": at(10, 45).isoformat()}
    anew = usual(clinic)
    anew[1]["ends_at"] = at(10, 45).isoformat()

    refused = desk.patch(f"{URL}/{row['id']}", short)
    told = desk.patch(f"{URL}/{row['id']}", short | {"segments": anew})

    assert refused.status_code == 400 and "segments.1.ends_at" in refused.json()["fields"]
    assert told.status_code == 200, told.content


def test_are_taken_away_again(desk: Any, clinic: Any, in_tenant: Any) -> None:
    row = desk.post(URL, long(clinic, usual(clinic))).json()
    r = desk.patch(f"{URL}/{row['id']}", {"version": 1, "segments": []})
    assert r.status_code == 200 and r.json()["segments"] == []
    with in_tenant():
        assert {k.during.upper for k in Occupancy.objects.all()} == {at(11)}
        assert audit.overlaps() == audit.adrift() == []


def test_each_wrong_one_is_told_at_its_field(
    desk: Any, clinic: Any, rival: Any, laser: Device
) -> None:
    def fields(*segments: Any) -> set[str]:
        r = desk.post(URL, long(clinic, [*usual(clinic), *segments]))
        assert r.status_code == 400, r.content
        return set(r.json()["fields"])

    assert fields(part("assistant", rival.doctor, at(10), at(11))) == {"segments.2.employee"}
    assert fields(part("device", laser, at(9), at(11))) == {"segments.2.ends_at"}
    assert fields(part("device", laser, at(11), at(10))) >= {"segments.2.ends_at"}
    twice = part("doctor", clinic.doctor, at(10, 15), at(10, 45))
    assert fields(twice) == {"segments.2.starts_at"}
    assert fields(part("chair", clinic.chair, at(10), at(11)) | {"role": "device"}) == {
        "segments.2.device"
    }
    r = desk.post(URL, long(clinic, usual(clinic)[1:]))
    assert set(r.json()["fields"]) == {"segments"}


def test_come_back_with_a_restored_one(desk: Any, clinic: Any, in_tenant: Any) -> None:
    row = desk.post(URL, long(clinic, usual(clinic))).json()
    gone = desk.post(
        f"{URL}/{row['id']}/cancel", {"version": 1, "by": "patient", "code": "ill"}
    ).json()
    back = desk.post(f"{URL}/{row['id']}/restore", {"version": gone["version"]})
    assert back.status_code == 200, back.content
    with in_tenant():
        assert Occupancy.objects.count() == 3
        assert audit.overlaps() == audit.adrift() == []
