"""Over somebody else's time: by those who may, with a reason, until that time is free."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar import audit, overbooking
from apps.calendar.models import Appointment, Occupancy
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url
from apps.core.models import JournalEntry

BREAKS = "/api/v1/calendar/breaks"
WHY = "Острая боль"


@pytest.fixture
def manager(as_role: Any) -> Any:
    return as_role("branch_admin")


def second(clinic: Any, start: Any = None, minutes: int = 30, **more: Any) -> dict[str, Any]:
    return body(clinic, start, minutes, patient=str(clinic.patient2.pk)) | more


@pytest.fixture
def over(manager: Any, clinic: Any, booked: Any) -> dict[str, Any]:
    """Somebody else in the middle of the one at ten, in another chair."""
    chair = {"chair": str(clinic.chair2.pk)}
    r = manager.post(URL, second(clinic, at(10, 15), overbook_reason=WHY) | chair)
    assert r.status_code == 201, r.content
    return r.json()  # type: ignore[no-any-return]


def test_lies_over_the_doctor_and_nothing_else(
    desk: Any, clinic: Any, over: Any, in_tenant: Any
) -> None:
    assert (over["is_overbooked"], over["overbook_reason"]) == (True, WHY)
    with in_tenant():
        rows = Occupancy.objects.filter(appointment=over["id"])
        assert {(row.employee_id is not None, row.exclusive) for row in rows} == {
            (True, False),
            (False, True),
        }
        assert audit.overlaps() == audit.adrift() == []
    shown = {one["id"]: one["is_overbooked"] for one in desk.get(day_url(clinic)).json()["items"]}
    assert shown[over["id"]] is True


def test_needs_the_right_and_a_reason(desk: Any, manager: Any, clinic: Any, booked: Any) -> None:
    wanted = second(clinic, at(10, 15))
    without_right = desk.post(URL, wanted | {"overbook_reason": WHY})
    without_reason = manager.post(URL, wanted | {"overbook_reason": "  "})
    assert (without_right.status_code, without_right.json()["code"]) == (403, "permission_denied")
    assert (without_reason.status_code, without_reason.json()["code"]) == (409, "slot_taken")


def test_never_a_patient_over_himself(manager: Any, clinic: Any, booked: Any) -> None:
    r = manager.post(URL, body(clinic, at(10, 15), overbook_reason=WHY))
    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    assert "patient" in {one["kind"] for one in r.json()["details"]["resources"]}


def test_is_no_overbooking_where_nobody_is(manager: Any, clinic: Any, in_tenant: Any) -> None:
    r = manager.post(URL, body(clinic, overbook_reason=WHY))
    assert r.json()["is_overbooked"] is False
    with in_tenant():
        assert not Occupancy.objects.filter(exclusive=False).exists()


@pytest.mark.parametrize("how", ["cancel", "move", "shrink", "no_show"])
def test_rises_when_what_it_lay_over_goes(
    desk: Any, clinic: Any, booked: Any, over: Any, in_tenant: Any, it_is: Any, how: str
) -> None:
    it_is(at(10))
    url, seen = f"{URL}/{booked['id']}", {"version": booked["version"]}
    if how == "cancel":
        r = desk.post(f"{url}/cancel", seen | {"by": "patient", "code": "ill"})
    elif how == "no_show":
        r = desk.post(f"{url}/status", seen | {"status": "no_show"})
    elif how == "move":
        to = {"starts_at": at(12).isoformat(), "ends_at": at(12, 30).isoformat()}
        r = desk.patch(url, seen | to)
    else:
        r = desk.patch(url, seen | {"ends_at": at(10, 15).isoformat()})

    assert r.status_code == 200, r.content
    with in_tenant():
        row = Appointment.objects.get(pk=over["id"])
        assert (row.is_overbooked, row.overbook_reason, row.version) == (False, "", 2)
        assert not Occupancy.objects.filter(exclusive=False).exists()
        assert JournalEntry.objects.filter(event="appointment_settled").count() == 1
        assert audit.overlaps() == audit.adrift() == []
    again = desk.post(URL, body(clinic, at(10, 30), 15))
    assert (again.status_code, again.json()["code"]) == (409, "slot_taken")


def test_rises_only_when_all_of_it_fits(
    desk: Any, manager: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    next_one = desk.post(URL, body(clinic, at(10, 30), employee=str(clinic.doctor.pk))).json()
    wanted = second(clinic, at(10, 15), overbook_reason=WHY)
    row = manager.post(URL, wanted).json()

    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "busy"})
    with in_tenant():
        assert Appointment.objects.get(pk=row["id"]).is_overbooked
        assert audit.overlaps() == audit.adrift() == []

    desk.post(f"{URL}/{next_one['id']}/cancel", {"version": 1, "by": "patient", "code": "busy"})
    with in_tenant():
        assert not Appointment.objects.get(pk=row["id"]).is_overbooked
        assert audit.overlaps() == audit.adrift() == []


def test_of_two_over_one_the_older_rises(
    desk: Any, manager: Any, clinic: Any, booked: Any, over: Any, in_tenant: Any
) -> None:
    with in_tenant():
        third = clinic.patient.__class__.objects.create(
            card_number=7, last_name="Ли", first_name="А", branch=clinic.branch
        )
    wanted = body(clinic, at(10, 20), patient=str(third.pk), overbook_reason=WHY)
    younger = manager.post(URL, wanted).json()

    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "busy"})

    with in_tenant():
        found = dict(Appointment.objects.values_list("pk", "is_overbooked"))
        assert {str(pk): lies for pk, lies in found.items()} == {
            booked["id"]: False,
            over["id"]: False,
            younger["id"]: True,
        }
        assert audit.overlaps() == audit.adrift() == []


def test_the_one_who_moves_goes_before_those_who_rise(
    desk: Any, clinic: Any, booked: Any, over: Any, in_tenant: Any
) -> None:
    later = {"starts_at": at(10, 5).isoformat(), "ends_at": at(10, 35).isoformat()}
    assert desk.patch(f"{URL}/{booked['id']}", {"version": 1} | later).status_code == 200
    with in_tenant():
        assert Appointment.objects.get(pk=over["id"]).is_overbooked
        assert audit.overlaps() == audit.adrift() == []


def test_rises_when_a_break_goes(desk: Any, manager: Any, clinic: Any, in_tenant: Any) -> None:
    pause = {k: v for k, v in body(clinic, at(13), 60).items() if k != "patient"}
    pause_id = desk.post(BREAKS, pause).json()["id"]
    row = manager.post(URL, body(clinic, at(13, 15), overbook_reason=WHY)).json()
    assert row["is_overbooked"] is True

    assert desk.delete(f"{BREAKS}/{pause_id}").status_code == 204

    with in_tenant():
        assert not Appointment.objects.get(pk=row["id"]).is_overbooked
        assert audit.overlaps() == audit.adrift() == []


def test_is_itself_again_where_it_is_moved_to(desk: Any, over: Any, in_tenant: Any) -> None:
    to = {"starts_at": at(12).isoformat(), "ends_at": at(12, 30).isoformat()}
    r = desk.patch(f"{URL}/{over['id']}", {"version": 1} | to)
    assert (r.status_code, r.json()["is_overbooked"]) == (200, False)
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_a_move_over_others_asks_for_the_reason_again(manager: Any, clinic: Any, over: Any) -> None:
    manager.post(URL, body(clinic, at(12), employee=str(clinic.doctor.pk)))
    to = {"starts_at": at(12).isoformat(), "ends_at": at(12, 30).isoformat(), "version": 1}
    refused = manager.patch(f"{URL}/{over['id']}", to)
    told = manager.patch(f"{URL}/{over['id']}", to | {"overbook_reason": "Ещё раз"})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert (told.status_code, told.json()["overbook_reason"]) == (200, "Ещё раз")


def test_is_listed_with_what_it_lies_over(
    manager: Any, desk: Any, clinic: Any, booked: Any, over: Any
) -> None:
    query = {"branch": str(clinic.branch.pk), "from": str(DAY), "to": str(DAY + timedelta(days=1))}
    (found,) = manager.get("/api/v1/calendar/overbooked", query).json()["items"]
    assert (found["id"], found["overbook_reason"]) == (over["id"], WHY)
    (under,) = found["over"]
    assert (under["kind"], under["over_appointment"]) == ("employee", booked["id"])


def test_is_looked_for_inside_the_own_organisation(
    clinic: Any, rival: Any, over: Any, in_tenant: Any
) -> None:
    with in_tenant():
        assert len(overbooking.lying([over["id"]])) == 1
    with in_tenant(rival):
        assert overbooking.lying([over["id"]]) == []


def test_control_without_looking_who_lies_over_it_nobody_rises(
    desk: Any, booked: Any, over: Any, in_tenant: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(overbooking, "_rising", lambda over, wants: [])
    desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "busy"})
    with in_tenant():
        assert Appointment.objects.get(pk=over["id"]).is_overbooked


def test_the_night_raises_who_was_left(
    desk: Any, booked: Any, over: Any, in_tenant: Any, monkeypatch: Any
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(overbooking, "_rising", lambda over, wants: [])
        desk.post(f"{URL}/{booked['id']}/cancel", {"version": 1, "by": "patient", "code": "busy"})

    overbooking.settle_all()

    with in_tenant():
        assert not Appointment.objects.get(pk=over["id"]).is_overbooked
        assert audit.overlaps() == audit.adrift() == []
