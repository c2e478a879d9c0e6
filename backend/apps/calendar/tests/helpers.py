"""What the calendar's tests share: a day a week ahead, its hours in Almaty, and the body of a booking."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

URL = "/api/v1/calendar/appointments"
ZONE = ZoneInfo("Asia/Almaty")
DAY = (datetime.now(ZONE) + timedelta(days=7)).date()


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), ZONE)


def body(
    clinic: Any, start: datetime | None = None, minutes: int = 30, **more: Any
) -> dict[str, Any]:
    start = start or at(10)
    return {
        "branch": str(clinic.branch.pk),
        "patient": str(clinic.patient.pk),
        "employee": str(clinic.doctor.pk),
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(minutes=minutes)).isoformat(),
    } | more


def day_url(clinic: Any, day: Any = DAY) -> str:
    return f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={day}"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
