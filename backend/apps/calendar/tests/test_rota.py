"""The rota of a branch: painted over many days at once, copied, and shown with what makes it so."""

from datetime import date, timedelta
from typing import Any

import pytest

from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant
from apps.org.models import SpecialDay
from apps.staff.models import Absence, EmployeeBranch, RotaDay, Shift, Substitution

ROTA = "/api/v1/calendar/rota"
NEXT = DAY + timedelta(days=1)


def told(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk), "employees": [str(clinic.doctor.pk)], "dates": [str(DAY)],
        "what": "hours", "spans": [{"starts": "10:00", "ends": "15:00", "room": str(clinic.room.pk),
                                    "chair": str(clinic.chair.pk)}],
    } | more  # fmt: skip


def paint(client: Any, clinic: Any, **more: Any) -> Any:
    return client.post(f"{ROTA}/paint", told(clinic, **more))


def show(client: Any, clinic: Any, first: date = DAY, last: date = DAY, **more: Any) -> Any:
    query = {"branch": str(clinic.branch.pk), "from": str(first), "to": str(last)} | more
    return client.get(ROTA, query)


def days(client: Any, clinic: Any, last: date = DAY, of: Any = None) -> dict[str, Any]:
    people = show(client, clinic, last=last).json()["employees"]
    person = next(one for one in people if one["employee_id"] == str((of or clinic.doctor).pk))
    return {one["date"]: one for one in person["days"]}


def hours(client: Any, clinic: Any, day: date = DAY, of: Any = None) -> list[tuple[str, str, str]]:
    found = days(client, clinic, max(day, DAY), of).get(str(day), {"spans": []})["spans"]
    return [(one["starts"], one["ends"], one["source"]) for one in found]


@pytest.fixture
def boss(as_role: Any) -> Any:
    return as_role("owner")


@pytest.fixture
def manager(as_role: Any, clinic: Any) -> Any:
    return as_role("branch_admin", branch=clinic.branch)


def test_a_manager_paints_hours_over_people_and_days(manager: Any, clinic: Any) -> None:
    both = [str(clinic.doctor.pk), str(clinic.doctor2.pk)]

    r = paint(manager, clinic, employees=both, dates=[str(DAY), str(NEXT)])

    assert (r.status_code, r.json()) == (200, {"cells": 4}), r.content
    painted = [("10:00", "15:00", "rota_day")]
    assert hours(manager, clinic) == hours(manager, clinic, NEXT, clinic.doctor2) == painted
    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="rota_painted")
        assert (entry.data["cells"], entry.data["what"]) == (4, "hours")
        assert entry.data["employees"] == sorted(both)
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 1


def test_painting_again_replaces_off_empties_and_template_takes_it_back(
    boss: Any, clinic: Any
) -> None:
    paint(boss, clinic)
    paint(
        boss,
        clinic,
        spans=[{"starts": "08:00", "ends": "12:00"}, {"starts": "13:00", "ends": "17:00"}],
    )
    assert [one[:2] for one in hours(boss, clinic)] == [("08:00", "12:00"), ("13:00", "17:00")]

    paint(boss, clinic, what="off", spans=[])
    assert hours(boss, clinic) == []
    assert days(boss, clinic)[str(DAY)]["is_off"] is True

    paint(boss, clinic, what="template", spans=[])
    assert hours(boss, clinic) == [("08:00", "20:00", "template")]
    with tenant(clinic.pk):
        assert not RotaDay.objects.exists()


def test_what_is_painted_can_be_booked(as_role: Any, boss: Any, clinic: Any) -> None:
    desk = as_role("registrar")
    paint(boss, clinic)
    assert desk.post(URL, body(clinic, at(9))).json()["code"] == "outside_shift"
    assert desk.post(URL, body(clinic, at(14))).status_code == 201
    day = desk.get(f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={DAY}")
    paint(boss, clinic, what="off", spans=[])
    again = desk.get(
        f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={DAY}",
        headers={"If-None-Match": day["ETag"]},
    )
    assert again.status_code == 200  # not the 304 of a day that looks the same
    cell = days(boss, clinic)[str(DAY)]
    assert (cell["minutes"], cell["booked_minutes"], cell["appointments"]) == (0, 30, 1)


def test_nobody_works_in_two_branches_at_one_time_and_nothing_is_painted_then(
    boss: Any, clinic: Any
) -> None:
    with tenant(clinic.pk):
        for one in (clinic.doctor, clinic.doctor2):
            EmployeeBranch.objects.create(employee=one, branch=clinic.other_branch)
    there: dict[str, Any] = {
        "branch": str(clinic.other_branch.pk), "spans": [{"starts": "19:00", "ends": "21:00"}],
        "employees": [str(clinic.doctor.pk), str(clinic.doctor2.pk)], "dates": [str(DAY), str(NEXT)],
    }  # fmt: skip
    paint(
        boss,
        clinic,
        what="off",
        spans=[],
        employees=[str(clinic.doctor2.pk)],
        dates=[str(DAY), str(NEXT)],
    )

    r = paint(boss, clinic, **there)

    assert (r.status_code, list(r.json()["fields"])) == (400, ["dates"])
    (text,) = r.json()["fields"]["dates"]
    assert "Ахметов Б." in text and f"{DAY:%d.%m.%Y}, {NEXT:%d.%m.%Y}" in text and "Ким" not in text
    with tenant(clinic.pk):
        assert not RotaDay.objects.filter(branch=clinic.other_branch).exists()
    assert (
        paint(boss, clinic, **there | {"spans": [{"starts": "20:00", "ends": "21:00"}]}).status_code
        == 200
    )
    back = paint(boss, clinic, spans=[{"starts": "10:00", "ends": "20:30"}])
    assert list(back.json()["fields"]) == ["dates"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"spans": [{"starts": "15:00", "ends": "10:00"}]}, "spans.0.ends"),
        ({"spans": [{"starts": "9", "ends": "10:00"}]}, "spans.0.starts"),
        ({"spans": []}, "spans"),
        ({"what": "off"}, "spans"),
        ({"what": "leave"}, "what"),
        ({"spans": [{"starts": "09:00", "ends": "12:00"}, {"starts": "11:00", "ends": "13:00"}]}, "spans"),
        ({"dates": []}, "dates"),
        ({"dates": ["2026-02-30"]}, "dates.0"),
        ({"dates": ["2190-01-01"]}, "dates"),
        ({"dates": [str(DAY + timedelta(days=n)) for n in range(63)]}, "dates"),
        ({"employees": []}, "employees"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(
    boss: Any, clinic: Any, more: dict[str, Any], field: str
) -> None:
    r = paint(boss, clinic, **more)
    assert (r.status_code, list(r.json()["fields"])) == (400, [field]), r.content


def test_rooms_and_chairs_belong_together(boss: Any, clinic: Any) -> None:
    with tenant(clinic.pk):
        EmployeeBranch.objects.create(employee=clinic.doctor, branch=clinic.other_branch)
    elsewhere = paint(boss, clinic, branch=str(clinic.other_branch.pk))
    assert list(elsewhere.json()["fields"]) == ["spans.0.room"]
    loose = [{"starts": "09:00", "ends": "12:00", "chair": str(clinic.chair.pk)}]
    assert list(paint(boss, clinic, spans=loose).json()["fields"]) == ["spans.0.chair"]


def test_who_does_not_work_in_the_branch_gets_no_hours_there(boss: Any, clinic: Any) -> None:
    r = paint(
        boss,
        clinic,
        branch=str(clinic.other_branch.pk),
        spans=[{"starts": "09:00", "ends": "10:00"}],
    )
    assert list(r.json()["fields"]) == ["employees"]
    assert "Ахметов Б." in r.json()["fields"]["employees"][0]


def test_a_colleague_another_branch_and_a_stranger(
    as_role: Any, boss: Any, clinic: Any, rival: Any
) -> None:
    assert paint(as_role("doctor"), clinic).status_code == 403
    assert paint(as_role("branch_admin", branch=clinic.other_branch), clinic).status_code == 403
    assert show(as_role("registrar"), clinic).status_code == 200
    assert show(as_role("registrar", branch=clinic.other_branch), clinic).status_code == 404
    stranger = as_role("owner", clinic=rival)
    assert set(paint(stranger, clinic).json()["fields"]) >= {"branch", "employees"}
    assert list(show(stranger, clinic).json()["fields"]) == ["branch"]
    with tenant(clinic.pk):
        assert not RotaDay.objects.exists()


def test_why_somebody_is_away_is_for_those_who_arrange_it(
    as_role: Any, boss: Any, clinic: Any
) -> None:
    with tenant(clinic.pk):
        Absence.objects.create(
            employee=clinic.doctor, kind="sick", first_day=DAY, last_day=DAY, note="грипп"
        )
        SpecialDay.objects.create(date=DAY, name="Наурыз", branch=clinic.branch)
        SpecialDay.objects.create(date=DAY, name="Общий", opens="10:00", closes="12:00")
    (seen,) = show(boss, clinic).json()["absences"]
    assert (seen["kind"], seen["note"]) == ("sick", "грипп")
    answer = show(as_role("doctor"), clinic).json()
    assert [one["name"] for one in answer["employees"] if one["is_own"]] == ["Ахметов Б."]
    assert [(one["kind"], one["note"]) for one in answer["absences"]] == [(None, "")]
    assert [(one["name"], one["opens"]) for one in answer["special_days"]] == [("Наурыз", None)]
    marketer = show(as_role("marketer"), clinic, last=NEXT).json()["employees"][0]["days"]
    assert {one["booked_minutes"] for one in marketer} == {None}


def test_hours_got_from_another_say_so(boss: Any, clinic: Any) -> None:
    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor2).delete()
        Substitution.objects.create(
            absent=clinic.doctor, substitute=clinic.doctor2, branch=clinic.branch,
            first_day=DAY, last_day=DAY,
        )  # fmt: skip
    assert hours(boss, clinic, of=clinic.doctor2) == [("08:00", "20:00", "substitution")]
    assert hours(boss, clinic) == []


def test_a_week_is_copied_over_the_next_ones_and_holidays_stay_closed(
    boss: Any, clinic: Any
) -> None:
    paint(boss, clinic)
    paint(boss, clinic, what="off", spans=[], dates=[str(NEXT)])
    closed = DAY + timedelta(days=7)
    with tenant(clinic.pk):
        SpecialDay.objects.create(date=closed, name="Наурыз")

    r = boss.post(f"{ROTA}/copy", copied(clinic, times=2))

    assert (r.status_code, r.json()) == (200, {"cells": 13}), r.content
    assert hours(boss, clinic, closed) == []
    assert hours(boss, clinic, closed + timedelta(days=1)) == []
    assert hours(boss, clinic, closed + timedelta(days=2)) == [("08:00", "20:00", "rota_day")]
    assert hours(boss, clinic, closed + timedelta(days=7)) == [("10:00", "15:00", "rota_day")]
    with tenant(clinic.pk):
        assert JournalEntry.objects.get(event="rota_copied").data["cells"] == 13


def copied(clinic: Any, **more: Any) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk), "employee": str(clinic.doctor.pk),
        "employees": [str(clinic.doctor.pk)], "from": str(DAY), "to": str(DAY + timedelta(days=6)),
        "start": str(DAY + timedelta(days=7)),
    } | more  # fmt: skip


def test_a_colleagues_days_are_copied(boss: Any, clinic: Any) -> None:
    paint(boss, clinic)
    wanted = copied(clinic, employees=[str(clinic.doctor2.pk)], to=str(DAY), start=str(DAY))
    assert boss.post(f"{ROTA}/copy", wanted).json() == {"cells": 1}
    assert hours(boss, clinic, of=clinic.doctor2) == [("10:00", "15:00", "rota_day")]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to": "2020-01-01"}, "to"),
        ({"to": str(DAY + timedelta(days=31))}, "to"),
        ({"times": 13}, "times"),
        ({"start": "2150-01-01"}, "start"),
    ],
)
def test_a_copy_that_cannot_be_is_refused_by_its_field(
    boss: Any, clinic: Any, more: dict[str, Any], field: str
) -> None:
    r = boss.post(f"{ROTA}/copy", copied(clinic, **more))
    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


def test_a_month_is_one_statement_and_longer_is_refused(
    boss: Any, clinic: Any, django_assert_num_queries: Any
) -> None:
    last = DAY + timedelta(days=30)
    assert list(show(boss, clinic, last=last + timedelta(days=1)).json()["fields"]) == ["to"]
    show(boss, clinic, last=last)
    with django_assert_num_queries(7):  # savepoint, tenant, session, branch, it, back, release
        assert len(show(boss, clinic, last=last).json()["employees"]) == 2


def test_painting_costs_the_same_for_many_days(
    boss: Any, clinic: Any, django_assert_max_num_queries: Any
) -> None:
    dates = [str(DAY + timedelta(days=n)) for n in range(31)]
    with django_assert_max_num_queries(24):
        assert paint(boss, clinic, dates=dates).json() == {"cells": 31}
