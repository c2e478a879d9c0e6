"""The one truth of working time: shifts, exceptions, closed days, substitutions and absences, in instants."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.org.models import SpecialDay
from apps.staff import queries
from apps.staff.models import Absence, RotaDay, Shift, Substitution

MONDAY = date(2026, 11, 30)


@pytest.fixture
def doctor(clinic: Any) -> Any:
    """From nine to two on Mondays; the other one does not work at all."""
    with tenant(clinic.pk):
        Shift.objects.all().delete()
    shift(clinic)
    return clinic.doctor


def shift(clinic: Any, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "employee": clinic.doctor, "branch": clinic.branch, "room": clinic.room, "chair": clinic.chair,
        "weekday": 1, "starts": time(9), "ends": time(14), "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    with tenant(clinic.pk):
        Shift.objects.create(**fields | changes)


def spans(
    clinic: Any, first: date = MONDAY, last: date | None = None, **narrow: Any
) -> list[tuple[Any, ...]]:
    """Who, and from when to when by the clock of the branch."""
    with tenant(clinic.pk):
        rows = queries.working(first, last or first, **narrow)
    zones = {one.pk: one.zone for one in (clinic.branch, clinic.other_branch)}
    names = {clinic.doctor.pk: "doctor", clinic.doctor2.pk: "doctor2"}

    def clock(row: dict[str, Any], edge: str) -> str:
        return row[edge].astimezone(zones[row["branch_id"]]).strftime("%H:%M")  # type: ignore[no-any-return]

    return [
        (names[row["employee_id"]], clock(row, "starts_at"), clock(row, "ends_at")) for row in rows
    ]


def off(clinic: Any, **fields: Any) -> None:
    with tenant(clinic.pk):
        SpecialDay.objects.create(**{"date": MONDAY, "name": "Наурыз"} | fields)


def on(clinic: Any, **fields: Any) -> None:
    told = {"employee": clinic.doctor, "branch": clinic.branch, "date": MONDAY} | fields
    with tenant(clinic.pk):
        RotaDay.objects.create(**told)


def away(clinic: Any, employee: Any, first: date = MONDAY, last: date = MONDAY) -> None:
    with tenant(clinic.pk):
        Absence.objects.create(employee=employee, kind="leave", first_day=first, last_day=last)


def instead(clinic: Any, last: date = MONDAY) -> None:
    with tenant(clinic.pk):
        Substitution.objects.create(
            absent=clinic.doctor, substitute=clinic.doctor2, branch=clinic.branch,
            first_day=MONDAY, last_day=last,
        )  # fmt: skip


NINE_TO_TWO = [("doctor", "09:00", "14:00")]


def test_a_shift_of_the_week(clinic: Any, doctor: Any) -> None:
    assert spans(clinic) == NINE_TO_TWO
    assert spans(clinic, MONDAY + timedelta(days=1)) == []


def test_a_holiday_closes_every_branch_and_the_branchs_own_word_wins(
    clinic: Any, doctor: Any
) -> None:
    off(clinic)
    assert spans(clinic) == []

    off(clinic, branch=clinic.other_branch)
    assert spans(clinic) == []
    off(clinic, branch=clinic.branch, opens=time(10), closes=time(12))
    assert spans(clinic) == [("doctor", "10:00", "12:00")]


def test_special_hours_only_cut(clinic: Any, doctor: Any) -> None:
    shift(clinic, starts=time(15), ends=time(20))
    off(clinic, opens=time(8), closes=time(15))
    assert spans(clinic) == NINE_TO_TWO


def test_a_date_of_the_rota_replaces_the_shifts_of_that_branch(clinic: Any, doctor: Any) -> None:
    shift(clinic, branch=clinic.other_branch, room=None, chair=None, starts=time(15), ends=time(18))
    on(clinic, starts=time(11), ends=time(12))
    assert spans(clinic) == [("doctor", "11:00", "12:00"), ("doctor", "15:00", "18:00")]


def test_a_date_of_the_rota_may_say_that_he_is_off(clinic: Any, doctor: Any) -> None:
    on(clinic)
    assert spans(clinic) == []
    assert spans(clinic, MONDAY + timedelta(days=7)) == NINE_TO_TWO


def test_a_date_of_the_rota_is_worked_on_a_closed_day_and_is_not_cut(
    clinic: Any, doctor: Any
) -> None:
    off(clinic)
    on(clinic, starts=time(7), ends=time(23))
    assert spans(clinic) == [("doctor", "07:00", "23:00")]


def test_a_substitute_has_the_others_hours(clinic: Any, doctor: Any) -> None:
    instead(clinic)
    assert spans(clinic) == [("doctor2", "09:00", "14:00")]
    assert spans(clinic, employees=[clinic.doctor.pk]) == []
    assert len(spans(clinic, employees=[clinic.doctor2.pk])) == 1
    assert spans(clinic, MONDAY + timedelta(days=7)) == NINE_TO_TWO


def test_a_substitute_of_somebody_on_leave_works(clinic: Any, doctor: Any) -> None:
    instead(clinic)
    away(clinic, clinic.doctor)
    assert spans(clinic) == [("doctor2", "09:00", "14:00")]


def test_a_substitute_who_falls_ill_does_not(clinic: Any, doctor: Any) -> None:
    instead(clinic)
    away(clinic, clinic.doctor2)
    assert spans(clinic) == []


def test_leave_takes_the_days_everywhere_dates_of_the_rota_too(clinic: Any, doctor: Any) -> None:
    shift(clinic, branch=clinic.other_branch, room=None, chair=None, starts=time(15), ends=time(18))
    on(clinic, starts=time(9), ends=time(10))
    away(clinic, clinic.doctor, MONDAY - timedelta(days=3), MONDAY)
    assert spans(clinic) == []
    assert len(spans(clinic, MONDAY + timedelta(days=7))) == 2


def test_every_other_week_goes_on_across_the_ends_of_years(clinic: Any, doctor: Any) -> None:
    """1 January 2024 began week 0; the Mondays around New Year of 2026 and long before keep its step."""
    with tenant(clinic.pk):
        Shift.objects.update(cycle_weeks=2, cycle_week=0)
    first = date(2024, 1, 1)
    for weeks in (-52, -2, 0, 2, 100, 104, 156):
        assert spans(clinic, first + timedelta(weeks=weeks)) == NINE_TO_TWO, weeks
    for weeks in (-1, 1, 101, 103, 105):
        assert spans(clinic, first + timedelta(weeks=weeks)) == [], weeks
    december, january = date(2025, 12, 29), date(2026, 1, 5)
    assert (spans(clinic, december), spans(clinic, january)) == (NINE_TO_TWO, [])


def test_two_zones_and_the_day_almaty_moved_its_clock(clinic: Any, doctor: Any) -> None:
    with tenant(clinic.pk):
        clinic.other_branch.timezone = "Europe/Berlin"
        clinic.other_branch.save()
        Shift.objects.all().delete()
    for weekday in (4, 5):
        shift(clinic, weekday=weekday, starts=time(8), ends=time(12))
        there = {"branch": clinic.other_branch, "room": None, "chair": None}
        shift(clinic, weekday=weekday, starts=time(8), ends=time(12), **there)
    with tenant(clinic.pk):
        rows = queries.working(date(2024, 2, 29), date(2024, 3, 1), branches=[clinic.branch.pk])
        berlin = queries.working(date(2024, 3, 1), date(2024, 3, 1))
    starts = [row["starts_at"] for row in rows]
    assert starts == [datetime(2024, 2, 29, 2, tzinfo=UTC), datetime(2024, 3, 1, 3, tzinfo=UTC)]
    assert [row["starts_at"].hour for row in berlin] == [3, 7]


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (time(2), time(3), []),
        (time(2, 30), time(3), []),
        (time(1), time(2, 30), [("doctor", "01:00", "03:30")]),
        (time(1), time(4), [("doctor", "01:00", "04:00")]),
    ],
)
def test_the_hour_that_a_zone_skips(
    clinic: Any, doctor: Any, starts: time, ends: time, shown: list[Any]
) -> None:
    with tenant(clinic.pk):
        clinic.branch.timezone = "Europe/Berlin"
        clinic.branch.save()
    shift(clinic, weekday=7, starts=starts, ends=ends)
    assert spans(clinic, date(2026, 3, 29)) == shown


def test_a_stranger_sees_nothing_of_it(clinic: Any, rival: Any, doctor: Any) -> None:
    with tenant(rival.pk):
        rows = queries.working(MONDAY, MONDAY, branches=[clinic.branch.pk])
    assert rows == []
