"""Somebody will be away: his hours go, his appointments are named and stay."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant

ABSENCES = "/api/v1/calendar/absences"
WEEK = DAY + timedelta(days=6)


def away(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "employee": str(clinic.doctor.pk), "kind": "leave", "first_day": str(DAY),
        "last_day": str(WEEK),
    } | more  # fmt: skip


@pytest.fixture
def manager(as_role: Any, clinic: Any) -> Any:
    return as_role("branch_admin", branch=clinic.branch)


def test_leave_names_the_appointments_and_leaves_them(
    manager: Any, desk: Any, clinic: Any, booked: Any
) -> None:
    r = manager.post(ABSENCES, away(clinic))

    assert r.status_code == 201, r.content
    assert (r.json()["kind"], r.json()["appointments_total"]) == ("leave", 1)
    assert [one["id"] for one in r.json()["appointments"]] == [booked["id"]]
    with tenant(clinic.pk):
        assert Appointment.objects.get().status == "booked"
        data = JournalEntry.objects.get(event="absence_created").data
        assert data["employee"] == str(clinic.doctor.pk)
        assert BranchCounter.objects.count() == 2
    assert desk.post(URL, body(clinic, at(12))).json()["code"] == "outside_shift"
    assert manager.get(f"{ABSENCES}/{r.json()['id']}").json() == r.json()
    listed = manager.get(ABSENCES, {"from": str(WEEK), "to": str(WEEK)}).json()
    assert [one["id"] for one in listed["items"]] == [r.json()["id"]]
    later = str(WEEK + timedelta(days=1))
    assert manager.get(ABSENCES, {"from": later}).json()["total"] == 0


def test_it_is_changed_and_taken_back(manager: Any, desk: Any, clinic: Any) -> None:
    one = manager.post(ABSENCES, away(clinic)).json()
    url = f"{ABSENCES}/{one['id']}"

    r = manager.patch(url, {"version": 1, "first_day": str(DAY + timedelta(days=1))})
    assert (r.status_code, r.json()["version"]) == (200, 2)
    assert manager.patch(url, {"version": 1, "note": "x"}).json()["code"] == "stale"
    assert desk.post(URL, body(clinic, at(12))).status_code == 201
    assert manager.delete(url).status_code == 204
    assert manager.get(ABSENCES).json()["total"] == 0
    tomorrow = at(12) + timedelta(days=1)
    assert desk.post(URL, body(clinic, tomorrow)).status_code == 201


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": str(DAY + timedelta(days=366))}, "last_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"first_day": "0001-01-01"}, "first_day"),
        ({"kind": "party"}, "kind"),
        ({"last_day": str(DAY + timedelta(days=20)), "first_day": str(WEEK)}, "first_day"),
    ],
)
def test_days_that_cannot_be_are_refused_by_their_field(
    manager: Any, clinic: Any, more: dict[str, Any], field: str
) -> None:
    manager.post(ABSENCES, away(clinic))
    r = manager.post(ABSENCES, away(clinic, **more))
    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


def test_a_colleague_another_branch_and_a_stranger(
    as_role: Any, manager: Any, clinic: Any, rival: Any
) -> None:
    one = manager.post(ABSENCES, away(clinic)).json()
    elsewhere = as_role("branch_admin", branch=clinic.other_branch)
    stranger = as_role("owner", clinic=rival)

    assert as_role("doctor").get(ABSENCES).status_code == 403
    assert as_role("registrar").post(ABSENCES, away(clinic)).status_code == 403
    for other in (elsewhere, stranger):
        assert list(other.post(ABSENCES, away(clinic)).json()["fields"]) == ["employee"]
        assert other.get(f"{ABSENCES}/{one['id']}").status_code == 404
        assert other.delete(f"{ABSENCES}/{one['id']}").status_code == 404
        assert other.get(ABSENCES).json()["total"] == 0


def test_the_list_costs_the_same_whatever_its_length(
    manager: Any, clinic: Any, django_assert_num_queries: Any
) -> None:
    manager.post(ABSENCES, away(clinic))
    manager.post(ABSENCES, away(clinic, employee=str(clinic.doctor2.pk)))
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        assert manager.get(ABSENCES).json()["total"] == 2
