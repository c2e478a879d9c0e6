from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Break, Occupancy
from apps.calendar.tests.helpers import URL, at, body, day_url, moment
from apps.core.models import JournalEntry
from apps.org.models import Room

BREAKS = "/api/v1/calendar/breaks"


def lunch(clinic: Any, hour: int = 13, minutes: int = 60, **more: Any) -> dict[str, Any]:
    wanted = body(clinic, at(hour), minutes)
    del wanted["patient"]
    return wanted | {"reason": "Обед"} | more


def test_nobody_books_into_a_break(desk: Any, clinic: Any) -> None:
    r = desk.post(BREAKS, lunch(clinic))
    assert r.status_code == 201, r.content
    assert r.json()["employee_id"] == str(clinic.doctor.pk)

    refused = desk.post(URL, body(clinic, at(13, 30)))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert [k["kind"] for k in refused.json()["details"]["resources"]] == ["employee"]


def test_is_refused_over_live_appointments(desk: Any, clinic: Any, booked: Any) -> None:
    r = desk.post(BREAKS, lunch(clinic, 10))
    assert (r.status_code, r.json()["code"]) == (409, "break_over_appointments")
    (found,) = r.json()["details"]["appointments"]
    assert (found["id"], moment(found["starts_at"])) == (booked["id"], at(10))


def test_is_refused_over_another_break(desk: Any, clinic: Any) -> None:
    desk.post(BREAKS, lunch(clinic))
    assert desk.post(BREAKS, lunch(clinic)).json()["code"] == "slot_taken"


def test_moves_and_goes(desk: Any, clinic: Any, in_tenant: Any) -> None:
    pause = desk.post(BREAKS, lunch(clinic)).json()
    change = {"version": 1, "starts_at": at(12).isoformat(), "ends_at": at(13).isoformat()}

    moved = desk.patch(f"{BREAKS}/{pause['id']}", change)
    assert (moved.status_code, moved.json()["version"]) == (200, 2)
    assert desk.patch(f"{BREAKS}/{pause['id']}", change).json()["code"] == "stale"
    assert desk.post(URL, body(clinic, at(13))).status_code == 201

    assert desk.delete(f"{BREAKS}/{pause['id']}").status_code == 204
    assert desk.post(URL, body(clinic, at(12))).status_code == 201
    with in_tenant():
        assert not Break.objects.exists()
        assert not Occupancy.objects.filter(pause__isnull=False).exists()
        events = JournalEntry.objects.filter(object_id=pause["id"], resource="breaks")
        assert [e.event for e in events.order_by("at")] == [
            "break_placed", "break_placed", "break_removed"
        ]  # fmt: skip


def test_a_refused_move_leaves_it(desk: Any, clinic: Any, booked: Any) -> None:
    pause = desk.post(BREAKS, lunch(clinic)).json()
    change = {"version": 1, "starts_at": at(10).isoformat(), "ends_at": at(11).isoformat()}
    r = desk.patch(f"{BREAKS}/{pause['id']}", change)
    assert r.json()["code"] == "break_over_appointments"
    assert desk.post(URL, body(clinic, at(13, 15))).status_code == 409


def test_stands_on_the_day(desk: Any, clinic: Any) -> None:
    pause = desk.post(BREAKS, lunch(clinic)).json()
    day = desk.get(day_url(clinic)).json()
    assert [b["id"] for b in day["breaks"]] == [pause["id"]]
    assert day["columns"][0]["shift_minutes"] == 11 * 60


def test_three_people(as_role: Any, clinic: Any, rival: Any) -> None:
    pause = as_role("registrar").post(BREAKS, lunch(clinic)).json()
    assert as_role("doctor").post(BREAKS, lunch(clinic, 15)).status_code == 403
    stranger = as_role("owner", clinic=rival)
    assert stranger.delete(f"{BREAKS}/{pause['id']}").status_code == 404
    r = stranger.post(BREAKS, lunch(clinic, 15))
    assert r.status_code == 400 and {"branch", "employee"} <= set(r.json()["fields"])


def blocked(clinic: Any, hour: int = 13, minutes: int = 60, **more: Any) -> dict[str, Any]:
    wanted = lunch(clinic, hour, minutes, kind="blocked", reason="Ремонт")
    del wanted["employee"]
    return wanted | more


def test_has_a_kind_and_is_of_one_thing(desk: Any, clinic: Any) -> None:
    pause = desk.post(BREAKS, lunch(clinic, kind="meeting")).json()
    assert (pause["kind"], pause["rule_id"], pause["room_id"]) == ("meeting", None, None)
    two = lunch(clinic, 15, chair=str(clinic.chair.pk))
    for wanted in (two, blocked(clinic), lunch(clinic, kind="nap")):
        r = desk.post(BREAKS, wanted)
        assert r.status_code == 400 and r.json()["fields"]


def test_nobody_sits_in_a_blocked_chair(desk: Any, clinic: Any) -> None:
    chair = str(clinic.chair.pk)
    assert desk.post(BREAKS, blocked(clinic, chair=chair)).status_code == 201

    refused = desk.post(URL, body(clinic, at(13, 30), chair=chair))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert [k["kind"] for k in refused.json()["details"]["resources"]] == ["chair"]
    assert desk.post(URL, body(clinic, at(13, 30))).status_code == 201


@pytest.mark.parametrize("exclusive", [False, True])
def test_nobody_sits_in_any_chair_of_a_blocked_room(
    desk: Any, clinic: Any, in_tenant: Any, exclusive: bool
) -> None:
    with in_tenant():
        Room.objects.filter(pk=clinic.room.pk).update(is_exclusive=exclusive)
    assert desk.post(BREAKS, blocked(clinic, room=str(clinic.room.pk))).status_code == 201

    for chair in (clinic.chair, clinic.chair2):
        refused = desk.post(URL, body(clinic, at(13), chair=str(chair.pk)))
        assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert desk.post(URL, body(clinic, at(13))).status_code == 201
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_a_room_in_use_is_not_blocked(desk: Any, clinic: Any, booked: Any) -> None:
    r = desk.post(BREAKS, blocked(clinic, 9, 120, room=str(clinic.room.pk)))
    assert (r.status_code, r.json()["code"]) == (409, "break_over_appointments")
    (found,) = r.json()["details"]["appointments"]
    assert (found["id"], found["patient_name"]) == (booked["id"], booked["patient_name"])
    assert desk.post(BREAKS, blocked(clinic, 11, room=str(clinic.room.pk))).status_code == 201


def test_a_whole_day_is_blocked_and_stands_on_the_day(desk: Any, clinic: Any) -> None:
    r = desk.post(BREAKS, blocked(clinic, 0, 24 * 60, room=str(clinic.room.pk)))
    assert r.status_code == 201, r.content
    (shown,) = desk.get(day_url(clinic)).json()["breaks"]
    assert (shown["kind"], shown["room_id"]) == ("blocked", str(clinic.room.pk))
    assert shown["employee_id"] is None
    long = blocked(clinic, 0, 25 * 60, chair=str(clinic.chair.pk))
    assert "ends_at" in desk.post(BREAKS, long).json()["fields"]


def test_chairs_and_rooms_of_elsewhere_do_not_exist(desk: Any, clinic: Any, rival: Any) -> None:
    chair = desk.post(BREAKS, blocked(clinic, chair=str(rival.chair.pk)))
    room = desk.post(BREAKS, blocked(clinic, room=str(rival.room.pk)))
    assert (chair.status_code, room.status_code) == (400, 400)
    assert "chair" in chair.json()["fields"] and "room" in room.json()["fields"]
