"""What was done to a series from one of its appointments on, taken back in one step."""

from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import URL, at, body, moment
from apps.calendar.tests.test_series import SERIES, WEEK, weekly

PLACE = ("starts_at", "ends_at")


@pytest.fixture
def made(desk: Any, clinic: Any) -> dict[str, Any]:
    return desk.post(SERIES, weekly(clinic)).json()  # type: ignore[no-any-return]


@pytest.fixture
def canceled(desk: Any, made: Any) -> list[dict[str, Any]]:
    """The last three of four."""
    told = {"by": "patient", "code": "ill", "version": 1, "appointment": made["items"][1]["id"]}
    return desk.post(f"{SERIES}/{made['id']}/cancel", told).json()["items"]  # type: ignore[no-any-return]


@pytest.fixture
def moved(desk: Any, made: Any) -> list[dict[str, Any]]:
    """All four, past each other: each by a week and two hours."""
    to = {"starts_at": (at(12) + WEEK).isoformat(), "ends_at": (at(13) + WEEK).isoformat()}
    told = {"version": 1, "appointment": made["items"][0]["id"], "chair": None}
    return desk.post(f"{SERIES}/{made['id']}/move", told | to).json()["items"]  # type: ignore[no-any-return]


def known(rows: list[dict[str, Any]], before: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    items = [{"appointment": row["id"], "version": row["version"]} for row in rows]
    for item, was in zip(items, before or [], strict=bool(before)):
        item |= {name: was[name] for name in PLACE} | {
            "employee": was["employee_id"],
            "chair": was["chair_id"],
        }
    return {"items": items}


def test_the_canceled_ones_come_back_together(
    desk: Any, made: Any, canceled: Any, in_tenant: Any
) -> None:
    r = desk.post(f"{SERIES}/{made['id']}/undo", known(canceled))
    assert r.status_code == 200, r.content
    assert [(one["status"], one["version"]) for one in r.json()["items"]] == [("booked", 3)] * 3
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []
    again = desk.post(f"{SERIES}/{made['id']}/undo", known(canceled))
    assert (again.status_code, again.json()["code"]) == (409, "stale")


def test_none_comes_back_when_the_time_of_one_is_gone(
    desk: Any, clinic: Any, made: Any, canceled: Any, in_tenant: Any
) -> None:
    desk.post(URL, body(clinic, at(10) + 2 * WEEK, patient=str(clinic.patient2.pk)))
    r = desk.post(f"{SERIES}/{made['id']}/undo", known(canceled))
    assert (r.status_code, r.json()["code"]) == (409, "series_conflicts")
    (conflict,) = r.json()["details"]["conflicts"]
    assert (conflict["index"], conflict["resources"][0]["kind"]) == (1, "employee")
    with in_tenant():
        assert Appointment.objects.filter(status="canceled").count() == 3
        assert audit.overlaps() == audit.adrift() == []


def test_the_moved_ones_go_back_to_where_each_was(
    desk: Any, clinic: Any, made: Any, moved: Any, in_tenant: Any
) -> None:
    r = desk.post(f"{SERIES}/{made['id']}/undo", known(moved, made["items"]))
    assert r.status_code == 200, r.content
    now = desk.get(f"{SERIES}/{made['id']}").json()["items"]
    assert [moment(one["starts_at"]) for one in now] == [at(10) + WEEK * n for n in range(4)]
    assert {one["chair_id"] for one in now} == {str(clinic.chair.pk)}
    with in_tenant():
        assert audit.overlaps() == audit.adrift() == []


def test_nothing_goes_back_when_somebody_has_changed_one_since(
    desk: Any, made: Any, moved: Any
) -> None:
    desk.patch(f"{URL}/{moved[2]['id']}", {"version": 2, "note": "Позвонить"})
    r = desk.post(f"{SERIES}/{made['id']}/undo", known(moved, made["items"]))
    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["changed"] == ["note"]
    now = desk.get(f"{SERIES}/{made['id']}").json()["items"]
    assert [moment(one["starts_at"]) for one in now] == [at(12) + WEEK * n for n in range(1, 5)]


def test_only_ones_of_the_series_and_only_by_those_who_may_book(
    desk: Any, as_role: Any, rival: Any, clinic: Any, made: Any, canceled: Any
) -> None:
    undo = f"{SERIES}/{made['id']}/undo"
    other = desk.post(URL, body(clinic, at(17), patient=str(clinic.patient2.pk))).json()
    assert desk.post(undo, known([*canceled, other])).status_code == 404
    assert as_role("doctor").post(undo, known(canceled)).status_code == 403
    assert as_role("registrar", clinic=rival).post(undo, known(canceled)).status_code == 404
    assert desk.post(undo, {"items": []}).status_code == 400
