"""Blocked time and recurring breaks against bookings, on a database where commits are real."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from apps.calendar import audit, break_rules
from apps.calendar.models import Break
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.tenancy import tenant
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic
from testing.races import size, together

BREAKS = "/api/v1/calendar/breaks"
RULES = "/api/v1/calendar/break-rules"


def lunches(clinic: Clinic) -> dict[str, Any]:
    return {
        "branch": str(clinic.branch.pk),
        "employee": str(clinic.doctor.pk),
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "starts": "13:00",
        "ends": "14:00",
        "valid_from": str(DAY),
    }


def block_a_room_while_both_chairs_are_wanted(clinic: Clinic, hour: int) -> list[int]:
    desk = clinic.client("registrar")
    wanted = body(clinic, at(hour), 60)
    room = {k: wanted[k] for k in ("branch", "starts_at", "ends_at")} | {
        "room": str(clinic.room.pk), "kind": "blocked",
    }  # fmt: skip
    first = body(clinic, at(hour, 15), chair=str(clinic.chair.pk))
    second = first | {
        "chair": str(clinic.chair2.pk),
        "employee": str(clinic.doctor2.pk),
        "patient": str(clinic.patient2.pk),
    }
    calls = [(BREAKS, room), (URL, first), (URL, second)]
    return together([lambda c=c: desk.post(*c).status_code for c in calls])


def test_a_blocked_room_races_its_chairs_and_nobody_sits_in_it(committed_db: str) -> None:
    clinic = build_clinic()
    for hour in range(9, 9 + size(3, 10)):
        blocked, *booked = block_a_room_while_both_chairs_are_wanted(clinic, hour)
        assert (blocked, booked) in [(201, [409, 409])] or (blocked == 409 and 201 in booked)
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []


def test_control_without_the_constraint_somebody_sits_in_it(committed_db: str) -> None:
    with psycopg.connect(owner_address(committed_db), autocommit=True) as owner:
        owner.execute("ALTER TABLE calendar_occupancy DROP CONSTRAINT occupancy_no_overlap")
    clinic = build_clinic()
    with tenant(clinic.pk):
        Break.objects.create(
            branch=clinic.branch, room=clinic.room, starts_at=at(9), ends_at=at(10), kind="blocked"
        )
    taken = body(clinic, at(9, 15), chair=str(clinic.chair.pk))
    assert clinic.client("registrar").post(URL, taken).status_code == 201
    with tenant(clinic.pk):
        assert audit.overlaps()


def test_a_year_of_lunches_races_a_booking_in_it(committed_db: str) -> None:
    clinic = build_clinic()
    desk = clinic.client("registrar")
    far = body(clinic, at(13, 15) + timedelta(days=200))

    made, booked = together(
        [
            lambda: desk.post(RULES, lunches(clinic)).status_code,
            lambda: desk.post(URL, far).status_code,
        ]
    )

    assert sorted([made, booked]) == [201, 409]
    with tenant(clinic.pk):
        assert Break.objects.count() == (0 if made == 409 else 365 - 6)
        assert audit.overlaps() == audit.adrift() == []


@pytest.mark.parametrize("workers", [2, 4])
def test_nights_at_once_carry_a_rule_once(committed_db: str, workers: int) -> None:
    clinic = build_clinic()
    assert clinic.client("registrar").post(RULES, lunches(clinic)).status_code == 201
    later = datetime.now(UTC) + timedelta(days=5)

    made = together([lambda: break_rules.carry_all(later) for _ in range(workers)])

    assert sorted(made) == [0] * (workers - 1) + [5]
    with tenant(clinic.pk):
        assert audit.overlaps() == audit.adrift() == []
