"""How many statements the screens of a front desk cost: around them savepoint, tenant, session, the look
(which is written once in a quarter of an hour, after a commit), back and release."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar.tests.helpers import DAY, URL, at, body, day_url, moment
from apps.calendar.tests.test_segments import long, usual

AROUND = 6


@pytest.fixture
def looked(desk: Any, clinic: Any) -> Any:
    for hour in range(10, 18):
        desk.post(URL, body(clinic, at(hour)))
    return desk.get(day_url(clinic))


def test_a_day_is_the_state_of_its_branch_and_one_statement(
    desk: Any, clinic: Any, looked: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(AROUND + 2):
        assert len(desk.get(day_url(clinic)).json()["items"]) == 8


def test_an_unchanged_day_is_the_state_of_its_branch(
    desk: Any, clinic: Any, looked: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(AROUND + 1):
        again = desk.get(day_url(clinic), headers={"If-None-Match": looked["ETag"]})
    assert again.status_code == 304


def test_a_week_is_the_state_of_its_branch_and_one_statement(
    desk: Any, clinic: Any, looked: Any, django_assert_num_queries: Any
) -> None:
    week = {"branch": str(clinic.branch.pk), "from": str(DAY), "to": str(DAY + timedelta(days=6))}
    with django_assert_num_queries(AROUND + 2):
        assert desk.get(URL, week).json()["total"] == 8


@pytest.fixture
def count(django_assert_max_num_queries: Any) -> Any:
    def counting(send: Any, status: int) -> int:
        with django_assert_max_num_queries(40) as seen:
            answer = send()
        assert answer.status_code == status, answer.content
        return len(seen)

    return counting


def test_a_booking_with_parts_reads_what_they_name(desk: Any, clinic: Any, count: Any) -> None:
    chair = {"chair": str(clinic.chair.pk)}
    desk.post(URL, body(clinic, at(16)))
    plain = count(lambda: desk.post(URL, body(clinic, at(12), **chair)), 201)
    parts = count(lambda: desk.post(URL, long(clinic, usual(clinic))), 201)
    assert (plain, parts) == (13, 14)


def test_a_move_with_parts_reads_what_they_name_and_writes_them_anew(
    desk: Any, clinic: Any, count: Any
) -> None:
    def moved(row: Any, minutes: int) -> Any:
        later = {n: moment(row[n]) + timedelta(minutes=minutes) for n in ("starts_at", "ends_at")}
        told = {name: time.isoformat() for name, time in later.items()}
        return lambda: desk.patch(f"{URL}/{row['id']}", {"version": 1} | told)

    one = desk.post(URL, body(clinic, at(14), chair=str(clinic.chair.pk))).json()
    two = desk.post(URL, long(clinic, usual(clinic))).json()
    plain, parts = count(moved(one, 15), 200), count(moved(two, 60), 200)
    assert (plain, parts) == (16, 20)
