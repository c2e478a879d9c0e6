"""Move, resize, edit: all of them PATCH with the version that was seen."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar.models import Appointment, Occupancy
from apps.calendar.tests.helpers import URL, at, body, moment
from apps.core.models import BranchCounter, JournalEntry
from apps.staff.models import EmployeeBranch, Shift


def patch(client: Any, row: dict[str, Any], **change: Any) -> Any:
    return client.patch(f"{URL}/{row['id']}", {"version": row["version"]} | change)


def to(hour: int, minute: int = 0, minutes: int = 30) -> dict[str, str]:
    start = at(hour, minute)
    return {
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(minutes=minutes)).isoformat(),
    }


def test_moves_and_frees_the_old_place(desk: Any, clinic: Any, booked: Any) -> None:
    r = patch(desk, booked, **to(12), employee=str(clinic.doctor2.pk))

    assert r.status_code == 200, r.content
    assert (moment(r.json()["starts_at"]), r.json()["version"]) == (at(12), 2)
    assert r.json()["employee_id"] == str(clinic.doctor2.pk)
    assert desk.post(URL, body(clinic, patient=str(clinic.patient2.pk))).status_code == 201


def test_may_overlap_its_own_old_place(desk: Any, booked: Any) -> None:
    assert patch(desk, booked, **to(10, 15)).status_code == 200


def test_grows_until_the_next_one(desk: Any, clinic: Any, booked: Any) -> None:
    desk.post(URL, body(clinic, at(11), patient=str(clinic.patient2.pk)))

    longer = patch(desk, booked, ends_at=at(11).isoformat())
    too_long = patch(desk, longer.json(), ends_at=at(11, 5).isoformat())

    assert longer.status_code == 200
    assert (too_long.status_code, too_long.json()["code"]) == (409, "slot_taken")


def test_a_refused_move_leaves_it_where_it_was(
    desk: Any, clinic: Any, booked: Any, in_tenant: Any
) -> None:
    desk.post(URL, body(clinic, at(11), patient=str(clinic.patient2.pk)))

    r = patch(desk, booked, **to(11), note="x")

    assert r.status_code == 409
    assert moment(r.json()["details"]["free"][0]["starts_at"]) == at(11, 30)
    with in_tenant():
        row = Appointment.objects.get(pk=booked["id"])
        assert (row.starts_at, row.note, row.version) == (at(10), "", 1)
        spans = {k.during.lower for k in Occupancy.objects.filter(appointment=row)}
        assert spans == {at(10)}


def test_to_another_branch_tells_both(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    with in_tenant():
        EmployeeBranch.objects.create(employee=clinic.doctor, branch=clinic.other_branch)
        Shift.objects.filter(employee=clinic.doctor).update(branch=clinic.other_branch)

    there = {"branch": str(clinic.other_branch.pk)}
    with_chair = patch(desk, booked, **there)
    r = patch(desk, booked, **there, chair=None)

    assert with_chair.status_code == 400 and "chair" in with_chair.json()["fields"]
    assert r.status_code == 200, r.content
    with in_tenant():
        counters = dict(BranchCounter.objects.values_list("branch_id", "value"))
        assert counters == {clinic.branch.pk: 2, clinic.other_branch.pk: 1}
        entry = JournalEntry.objects.get(event="appointment_moved")
        assert entry.branch_id == clinic.other_branch.pk
        assert entry.data["old_branch_id"] == str(clinic.branch.pk)


def test_edits_services_and_note(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    services = [{"service": str(clinic.service2.pk), "quantity": 3}]

    r = patch(desk, booked, services=services, note="после обеда", is_urgent=True)

    row = r.json()
    assert (row["price_estimate"], row["services_text"]) == ("15000.00", clinic.service2.name)
    assert (row["note"], row["is_urgent"], row["version"]) == ("после обеда", True, 2)
    with in_tenant():
        data = JournalEntry.objects.get(event="appointment_edited").data
        assert sorted(data["changed"]) == ["is_urgent", "note", "services"]
        assert "обеда" not in str(data)


def test_a_stale_edit_is_refused_with_who_changed_what(
    desk: Any, as_role: Any, booked: Any
) -> None:
    patch(as_role("owner"), booked, note="a")

    r = patch(desk, booked, note="b")

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["version"] == 2 and r.json()["details"]["changed"] == ["note"]


def test_the_same_again_changes_nothing(desk: Any, booked: Any) -> None:
    assert patch(desk, booked, note="", starts_at=booked["starts_at"]).json()["version"] == 1


@pytest.mark.parametrize("status", ["done", "canceled", "no_show", "in_progress"])
def test_what_is_over_stays_where_it_was(
    desk: Any, booked: Any, in_tenant: Any, status: str
) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=booked["id"]).update(status=status)

    r = patch(desk, booked, **to(12))

    assert (r.status_code, r.json()["code"]) == (409, "appointment_closed")


def test_one_in_progress_may_take_longer(desk: Any, booked: Any, in_tenant: Any) -> None:
    with in_tenant():
        Appointment.objects.filter(pk=booked["id"]).update(status="in_progress")
    assert patch(desk, booked, ends_at=at(11).isoformat()).status_code == 200


def test_a_draft_moves_over_others(desk: Any, clinic: Any, booked: Any, in_tenant: Any) -> None:
    draft = desk.post(URL, body(clinic, at(15), draft=True)).json()
    assert patch(desk, draft, **to(10)).status_code == 200
    with in_tenant():
        assert not Occupancy.objects.filter(appointment_id=draft["id"]).exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"patient": "x"}, "patient"),
        ({"status": "done"}, "status"),
        ({"ends_at": at(9).isoformat()}, "ends_at"),
        ({"version": None}, "version"),
        ({"price_estimate": "0"}, "price_estimate"),
    ],
)
def test_a_wrong_field_is_named(desk: Any, booked: Any, change: Any, name: str) -> None:
    r = patch(desk, booked, **change)
    assert r.status_code == 400 and name in r.json()["fields"]


def test_three_people(as_role: Any, rival: Any, booked: Any) -> None:
    assert patch(as_role("registrar", clinic=rival), booked, note="x").status_code == 404
    assert patch(as_role("doctor"), booked, note="x").status_code == 403
    assert patch(as_role("cashier"), booked, note="x").status_code == 403
    assert patch(as_role("call_center"), booked, note="x").status_code == 200


def test_of_another_branch_is_not_found(as_role: Any, clinic: Any, booked: Any) -> None:
    away = as_role("registrar", branch=clinic.other_branch)
    assert patch(away, booked, note="x").status_code == 404
