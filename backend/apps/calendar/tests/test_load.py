"""How full the days are, for the month and the picker of a date."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from apps.calendar.models import Break
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.tenancy import tenant
from apps.org.models import SpecialDay
from apps.staff.models import Absence, Shift

LOAD = "/api/v1/calendar/load"


def ask(client: Any, clinic: Any, first: date = DAY, last: date = DAY, **more: Any) -> Any:
    return client.get(
        LOAD, {"branch": str(clinic.branch.pk), "from": str(first), "to": str(last)} | more
    )


def cells(client: Any, clinic: Any, **more: Any) -> dict[str, tuple[int, int, int]]:
    return {
        one["employee_id"]: (one["shift_minutes"], one["booked_minutes"], one["appointments"])
        for one in ask(client, clinic, **more).json()["items"]
    }


def test_a_day_is_as_full_as_the_day_view_says(desk: Any, clinic: Any) -> None:
    desk.post(URL, body(clinic, at(10)))
    desk.post(URL, body(clinic, at(12), 90))
    gone = desk.post(URL, body(clinic, at(15), 90)).json()
    desk.post(f"{URL}/{gone['id']}/cancel", {"version": 1, "by": "patient", "reason": "x"})
    with tenant(clinic.pk):
        Break.objects.create(
            employee=clinic.doctor, branch=clinic.branch, starts_at=at(13), ends_at=at(14)
        )

    answer = ask(desk, clinic).json()

    assert cells(desk, clinic)[str(clinic.doctor.pk)] == (660, 120, 2)
    assert cells(desk, clinic)[str(clinic.doctor2.pk)] == (720, 0, 0)
    (day,) = answer["days"]
    assert (day["date"], day["shift_minutes"], day["booked_minutes"], day["appointments"]) == (
        str(DAY), 1380, 120, 2,
    )  # fmt: skip
    assert [one["name"] for one in answer["employees"]] == ["Ахметов Б.", "Ким Б."]
    column = desk.get(f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={DAY}").json()[
        "columns"
    ][0]
    assert (column["shift_minutes"], column["load_minutes"]) == (660, 120)
    assert answer["employees"][0]["speciality"] == column["speciality"]


def test_a_day_is_open_when_the_day_view_says_so(desk: Any, clinic: Any) -> None:
    days = ask(desk, clinic, DAY, DAY + timedelta(days=6)).json()["days"]
    for day in days:
        url = f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={day['date']}"
        assert day["is_open"] == desk.get(url).json()["is_open"]
    assert {day["is_open"] for day in days} >= {True}


def test_closed_days_and_leave_leave_no_minutes(desk: Any, clinic: Any) -> None:
    with tenant(clinic.pk):
        SpecialDay.objects.create(date=DAY, name="Наурыз")
        SpecialDay.objects.create(
            date=DAY, name="Дежурство", branch=clinic.branch, opens=time(8), closes=time(10)
        )
        Absence.objects.create(
            employee=clinic.doctor, kind="sick", first_day=DAY, last_day=DAY + timedelta(days=30)
        )
    (day,) = ask(desk, clinic).json()["days"]
    assert (day["is_open"], day["special_day"], day["shift_minutes"]) == (True, "Дежурство", 120)
    assert set(cells(desk, clinic)) == {str(clinic.doctor2.pk)}


def test_a_doctor_sees_his_own_days_and_a_storekeeper_none(as_role: Any, clinic: Any) -> None:
    assert set(cells(as_role("doctor"), clinic)) == {str(clinic.doctor.pk)}
    assert ask(as_role("warehouse"), clinic).status_code == 403
    elsewhere = as_role("registrar", branch=clinic.other_branch)
    assert list(ask(elsewhere, clinic).json()["fields"]) == ["branch"]


def test_a_strangers_branch_does_not_exist(as_role: Any, clinic: Any, rival: Any) -> None:
    assert list(ask(as_role("owner", clinic=rival), clinic).json()["fields"]) == ["branch"]


@pytest.mark.parametrize(
    ("days", "status"), [(-1, 400), (0, 200), (61, 200), (62, 400), (9999, 400)]
)
def test_at_most_two_months(desk: Any, clinic: Any, days: int, status: int) -> None:
    r = ask(desk, clinic, last=DAY + timedelta(days=days))
    assert r.status_code == status
    assert status == 200 or list(r.json()["fields"]) == ["to"]


def test_two_months_are_one_statement(
    desk: Any, clinic: Any, django_assert_num_queries: Any
) -> None:
    last = DAY + timedelta(days=61)
    tag = ask(desk, clinic, last=last)["ETag"]
    with django_assert_num_queries(
        7
    ):  # around it savepoint, tenant, session, branch, back, release
        assert len(ask(desk, clinic, last=last).json()["days"]) == 62
    with django_assert_num_queries(6):
        assert (
            desk.get(
                f"{LOAD}?branch={clinic.branch.pk}&from={DAY}&to={last}",
                headers={"If-None-Match": tag},
            ).status_code
            == 304
        )
    with tenant(clinic.pk):
        Shift.objects.all().delete()
    assert cells(desk, clinic, last=last) == {}
