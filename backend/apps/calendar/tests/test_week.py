"""A week of one doctor is what his seven days show, read at once."""

from datetime import timedelta
from typing import Any

from apps.calendar.tests.helpers import DAY, URL, at, body, day_url

MONDAY = DAY - timedelta(days=DAY.weekday())
AROUND = 6  # see test_statements


def week_of(client: Any, clinic: Any, employee: Any = None, **more: Any) -> Any:
    query = {"branch": str(clinic.branch.pk), "employee": str((employee or clinic.doctor).pk)}
    return client.get("/api/v1/calendar/week", query | {"date": str(DAY)} | more)


def _alone(day: dict[str, Any], employee: str) -> dict[str, Any]:
    """The day without the others."""
    mine = {"columns", "items"}
    his_or_all = {"breaks", "reserves"}
    return {
        name: [
            one
            for one in part
            if one["employee_id"] == employee or (name in his_or_all and not one["employee_id"])
        ]
        if name in mine | his_or_all
        else part
        for name, part in day.items()
    }


def test_is_his_seven_days(desk: Any, as_role: Any, clinic: Any, booked: Any) -> None:
    other = {"employee": str(clinic.doctor2.pk), "patient": str(clinic.patient2.pk)}
    assert desk.post(URL, body(clinic, at(15)) | other).status_code == 201
    desk.post(URL, body(clinic, at(12) + timedelta(days=1)))
    span = {"starts_at": at(13).isoformat(), "ends_at": at(14).isoformat()}
    for whose in ({"employee": str(clinic.doctor.pk)}, {"room": str(clinic.room.pk)}):
        pause = {"branch": str(clinic.branch.pk), "kind": "meeting", **span, **whose}
        span = {"starts_at": at(16).isoformat(), "ends_at": at(17).isoformat()}
        assert desk.post("/api/v1/calendar/breaks", pause).status_code == 201
    kept = {"weekdays": [DAY.isoweekday()], "starts": "09:00", "ends": "10:00", "kind": "urgent"}
    rule = {"branch": str(clinic.branch.pk), "valid_from": str(MONDAY), **kept}
    assert desk.post("/api/v1/calendar/reserves", rule).status_code == 201
    for doctor in (clinic.doctor, clinic.doctor2):
        hold = body(clinic, at(18), employee=str(doctor.pk)) | {"key": str(doctor.pk)}
        del hold["patient"]
        assert desk.post("/api/v1/calendar/holds", hold).status_code == 201
    free = {"date": str(DAY + timedelta(days=1)), "name": "X"}
    assert as_role("owner").post("/api/v1/calendar/special-days", free).status_code == 201

    week = week_of(desk, clinic).json()

    assert (week["from"], week["to"]) == (str(MONDAY), str(MONDAY + timedelta(days=6)))
    days = [desk.get(day_url(clinic, MONDAY + timedelta(days=n))).json() for n in range(7)]
    assert week["days"] == [_alone(day, str(clinic.doctor.pk)) for day in days]
    full = week["days"][DAY.weekday()]
    assert [len(full[part]) for part in ("columns", "items", "breaks", "reserves")] == [1, 1, 2, 2]


def test_is_his_own_or_of_those_who_see_the_branch(
    desk: Any, as_role: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    def items(client: Any, whose: Any = None) -> int:
        return sum(len(day["items"]) for day in week_of(client, clinic, whose).json()["days"])

    assert items(desk) == items(as_role("doctor")) == 1
    own = as_role("doctor")
    assert all(not day["columns"] for day in week_of(own, clinic, clinic.doctor2).json()["days"])
    assert items(desk, rival.doctor) == 0
    assert week_of(as_role("marketer"), clinic).status_code == 403
    for stranger in (
        as_role("owner", clinic=rival),
        as_role("registrar", branch=clinic.other_branch),
    ):
        assert "branch" in week_of(stranger, clinic).json()["fields"]


def test_is_the_state_of_its_branch_and_two_statements_or_one_unchanged(
    desk: Any, clinic: Any, django_assert_num_queries: Any
) -> None:
    for hour in range(10, 18):
        desk.post(URL, body(clinic, at(hour)))
    seen = week_of(desk, clinic)
    with django_assert_num_queries(AROUND + 3):
        again = week_of(desk, clinic)
    assert len(again.json()["days"][DAY.weekday()]["items"]) == 8
    with django_assert_num_queries(AROUND + 1):
        query = {"branch": clinic.branch.pk, "employee": clinic.doctor.pk, "date": DAY}
        kept = desk.get("/api/v1/calendar/week", query, headers={"If-None-Match": seen["ETag"]})
    assert kept.status_code == 304
