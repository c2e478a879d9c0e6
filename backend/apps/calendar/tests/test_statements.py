"""How many statements the screens of a front desk cost: around them savepoint, tenant, session, the look
(which is written once in a quarter of an hour, after a commit), back and release."""

from datetime import timedelta
from typing import Any

import pytest

from apps.calendar.tests.helpers import DAY, URL, at, body, day_url

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
