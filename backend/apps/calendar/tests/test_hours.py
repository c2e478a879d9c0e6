"""The arithmetic of a day, and the days on which a zone changes its clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calendar import hours
from apps.org.models import Branch

ALMATY = ZoneInfo("Asia/Almaty")
BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 25, 4, tzinfo=UTC)


def branch_in(zone: str) -> Any:
    return Branch(timezone=zone, organization_id=uuid4())


def span(begin: int, end: int) -> hours.Span:
    return NINE + timedelta(minutes=begin), NINE + timedelta(minutes=end)


def test_touching_shifts_are_one() -> None:
    assert hours.merged([span(60, 120), span(0, 60)]) == [span(0, 120)]
    assert hours.covers([span(60, 120), span(0, 60)], *span(30, 90))
    assert not hours.covers([span(70, 120), span(0, 60)], *span(30, 90))


def test_what_is_left_of_a_shift() -> None:
    assert hours.without([span(0, 100)], [span(20, 30), span(90, 200)]) == [
        span(0, 20),
        span(30, 90),
    ]


def test_the_next_ones_and_only_then_the_last_ones_before() -> None:
    found = [span(m, m + 10) for m in (0, 20, 40, 60, 80)]
    assert hours.nearest(found, NINE + timedelta(minutes=30), 3) == found[2:]
    assert hours.nearest(found, NINE + timedelta(minutes=70), 3) == found[2:]
    assert hours.nearest(found[:2], NINE + timedelta(minutes=70), 3) == found[:2]
    assert hours.nearest([], NINE, 3) == []


def test_almaty_put_its_clock_back_in_march_2024() -> None:
    before, after = date(2024, 2, 28), date(2024, 3, 1)
    assert hours.instant(before, time(9), ALMATY) == datetime(2024, 2, 28, 3, tzinfo=UTC)
    assert hours.instant(after, time(9), ALMATY) == datetime(2024, 3, 1, 4, tzinfo=UTC)
    begins, ends = branch_in("Asia/Almaty").day(date(2024, 2, 29))
    assert ends - begins == timedelta(hours=25)


def test_an_hour_that_the_zone_skips_becomes_the_next_one() -> None:
    skipped = date(2026, 3, 29)
    assert hours.instant(skipped, time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    shift = (hours.instant(skipped, time(1), BERLIN), hours.instant(skipped, time(4), BERLIN))
    assert shift[1] - shift[0] == timedelta(hours=2)


@given(
    st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["Asia/Almaty", "Asia/Aqtau", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_days_of_a_branch_follow_each_other_without_a_gap(day: date, zone: str) -> None:
    branch = branch_in(zone)
    begins, ends = branch.day(day)
    assert ends == branch.day(day + timedelta(days=1))[0]
    assert branch.today(begins) == day == branch.today(ends - timedelta(seconds=1))


@pytest.mark.parametrize("zone", ["Asia/Almaty", "Europe/Berlin"])
def test_an_ordinary_day_has_its_hours(zone: str) -> None:
    day = date(2026, 11, 25)
    shift = tuple(hours.instant(day, time(h), ZoneInfo(zone)) for h in (9, 18))
    assert hours.minutes([shift]) == 540  # type: ignore[list-item]
