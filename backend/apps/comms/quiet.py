"""Quiet hours: pure arithmetic over instants and a zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(now: datetime, zone: ZoneInfo, start: int, end: int) -> datetime | None:
    """When the quiet hours that ``now`` falls into are over; None: one may write now. Equal hours: never quiet."""
    start, end = start % 24, end % 24
    local = now.astimezone(zone)
    over_midnight = start > end
    if over_midnight:
        is_quiet = local.hour >= start or local.hour < end
    else:
        is_quiet = start <= local.hour < end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and local.hour >= start else 0)
    return datetime.combine(day, time(end), zone).astimezone(UTC)
