"""Instants in UTC, days by the branch's zone: through the API, on both sides of a changed clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.calendar import slots
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import URL, body, moment
from apps.core.tenancy import tenant
from apps.org.models import Branch


def write(clinic: Any, starts_at: datetime, minutes: int = 30) -> Appointment:
    """As history has it; nobody books in 2024 any more."""
    return Appointment.objects.create(
        branch=clinic.branch,
        patient=clinic.patient,
        employee=clinic.doctor,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )


def shown(desk: Any, clinic: Any, on: date) -> dict[str, Any]:
    r = desk.get(f"/api/v1/calendar/day?branch={clinic.branch.pk}&date={on}")
    assert r.status_code == 200
    return r.json()  # type: ignore[no-any-return]


def test_the_day_that_had_twenty_five_hours(desk: Any, clinic: Any) -> None:
    with tenant(clinic.pk):
        inside = [
            write(clinic, datetime(2024, 2, 28, 18, 0, tzinfo=UTC)),  # 00:00 of the 29th, +06
            write(clinic, datetime(2024, 2, 29, 17, 30, tzinfo=UTC)),  # 23:30, the first time
            write(clinic, datetime(2024, 2, 29, 18, 30, tzinfo=UTC)),  # 23:30, the second time
        ]
        write(clinic, datetime(2024, 2, 28, 17, 30, tzinfo=UTC))  # 23:30 of the 28th
        write(clinic, datetime(2024, 2, 29, 19, 0, tzinfo=UTC))  # 00:00 of March, +05

    items = shown(desk, clinic, date(2024, 2, 29))["items"]

    assert [i["id"] for i in items] == [str(a.pk) for a in inside]


def test_a_shift_begins_at_eight_before_and_after_the_change(desk: Any, clinic: Any) -> None:
    before = shown(desk, clinic, date(2024, 2, 28))["columns"][0]["shifts"][0]
    after = shown(desk, clinic, date(2024, 3, 1))["columns"][0]["shifts"][0]
    assert moment(before["starts_at"]) == datetime(2024, 2, 28, 2, tzinfo=UTC)
    assert moment(after["starts_at"]) == datetime(2024, 3, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Almaty", "Europe/Berlin", "America/New_York"])
def test_a_booking_at_the_edge_stands_on_its_own_day_in_every_zone(
    as_role: Any, clinic: Any, zone: str
) -> None:
    with tenant(clinic.pk):
        Branch.objects.filter(pk=clinic.branch.pk).update(timezone=zone)
        clinic.branch.refresh_from_db()
    owner = as_role("owner")  # may book outside of the shift
    on = clinic.branch.today(datetime.now(UTC)) + timedelta(days=10)
    begins, ends = clinic.branch.day(on)

    last = owner.post(URL, body(clinic, ends - timedelta(minutes=30)))
    over = owner.post(URL, body(clinic, ends - timedelta(minutes=15)))
    first = owner.post(URL, body(clinic, begins))

    assert (last.status_code, first.status_code) == (201, 201)
    assert over.status_code == 400 and "ends_at" in over.json()["fields"]
    items = shown(owner, clinic, on)["items"]
    assert [i["id"] for i in items] == [first.json()["id"], last.json()["id"]]
    assert shown(owner, clinic, on + timedelta(days=1))["items"] == []


def test_any_offset_means_the_same_instant(desk: Any, clinic: Any) -> None:
    start = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=5)
    wanted = body(clinic, start) | {
        "starts_at": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": (start + timedelta(minutes=30)).astimezone(clinic.branch.zone).isoformat(),
    }
    r = desk.post(URL, wanted)
    assert moment(r.json()["starts_at"]) == start
    assert moment(r.json()["ends_at"]) - start == timedelta(minutes=30)


def test_free_places_of_a_short_night(clinic: Any) -> None:
    on = date(2026, 3, 29)
    wanted = slots.Wanted(
        first=on,
        last=on,
        not_before=datetime(2026, 3, 1, tzinfo=UTC),
        minutes=12 * 60,
        employees=[clinic.doctor.pk],
    )
    with tenant(clinic.pk):
        clinic.branch.timezone = "Europe/Berlin"
        clinic.branch.save()
        (found,) = slots.find(wanted)
    assert found.starts_at == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 3, 29, 18, tzinfo=UTC)


def test_a_closed_day_is_said_to_be_closed(as_role: Any, clinic: Any) -> None:
    sunday = date(2026, 11, 29)
    client = as_role("owner")
    assert shown(client, clinic, sunday)["is_open"] is False
    assert shown(client, clinic, sunday - timedelta(days=1))["is_open"] is True
