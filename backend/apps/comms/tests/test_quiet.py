from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.comms.quiet import quiet_until

ALMATY = ZoneInfo("Asia/Almaty")  # UTC+5
ZONES = [
    ALMATY,
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
]


def at(hour: int, minute: int = 0, zone: ZoneInfo = ALMATY, day: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(21, 59), None),
        (at(22), at(8, day=11)),
        (at(23, 59), at(8, day=11)),
        (at(0), at(8)),
        (at(7, 59), at(8)),
        (at(8), None),
        (at(12), None),
    ],
)
def test_both_edges_of_a_night(now, until):
    assert quiet_until(now, ALMATY, 22, 8) == until


def test_quiet_hours_within_a_day():
    assert quiet_until(at(13), ALMATY, 12, 14) == at(14)
    assert quiet_until(at(14), ALMATY, 12, 14) is None
    assert quiet_until(at(11, 59), ALMATY, 12, 14) is None


def test_equal_hours_are_never_quiet():
    assert all(quiet_until(at(hour), ALMATY, 9, 9) is None for hour in range(24))


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(("start", "end"), [(22, 8), (0, 7), (21, 0), (13, 15)])
def test_every_minute_of_a_year_with_clock_changes(zone, start, end):
    """Whoever obeys the answer never writes in a quiet hour, and never waits without need."""

    def is_quiet(moment: datetime) -> bool:
        hour = moment.astimezone(zone).hour
        return (start <= hour < end) if start < end else (hour >= start or hour < end)

    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        until = quiet_until(moment, zone, start, end)
        assert (until is not None) == is_quiet(moment)
        if until is not None:
            assert moment < until <= moment + timedelta(hours=25)
            assert not is_quiet(until)
        moment += timedelta(minutes=37)


def test_control_compared_in_utc_it_writes_at_night():
    two_at_night = at(2)  # 21:00 UTC
    assert quiet_until(two_at_night, ZoneInfo("UTC"), 22, 8) is None
    assert quiet_until(two_at_night, ALMATY, 22, 8) is not None
