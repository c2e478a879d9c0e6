"""What may have changed between a plan of a day and its being carried out, and who of a day cannot be moved at all."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.calendar.tests.helpers import URL, at, body, moment
from apps.calendar.tests.test_gaps import GAPS, back, close, moves, planned
from apps.core.tenancy import tenant
from apps.staff.models import EmployeeBranch, Shift
from testing.clinics import Clinic


@pytest.fixture
def two(desk: Any, clinic: Clinic) -> list[dict[str, Any]]:
    """A quarter of an hour free before and between them, and both doctors work until a quarter past ten."""
    with tenant(clinic.pk):
        Shift.objects.update(ends="10:15")
    booked = []
    for doctor, chair, patient in (
        (clinic.doctor, clinic.chair, clinic.patient),
        (clinic.doctor2, clinic.chair2, clinic.patient2),
    ):
        place = {"employee": str(doctor.pk), "chair": str(chair.pk), "patient": str(patient.pk)}
        r = desk.post(URL, body(clinic, at(8, 45), **place))
        assert r.status_code == 201, r.content
        booked.append(r.json())
    return booked


def test_a_shift_that_ends_meanwhile_is_named_with_whom_it_concerns(
    desk: Any, clinic: Clinic, two: list[dict[str, Any]]
) -> None:
    plan = moves(planned(desk, clinic))
    assert len(plan) == 2
    with tenant(clinic.pk):
        Shift.objects.filter(employee=clinic.doctor2).update(starts="08:30")

    refused = close(desk, clinic, plan)

    assert (refused.status_code, refused.json()["code"]) == (409, "series_conflicts")
    (conflict,) = refused.json()["details"]["conflicts"]
    assert (conflict["code"], moment(conflict["starts_at"])) == ("outside_shift", at(8))
    assert conflict["index"] == [one["appointment"] for one in plan].index(two[1]["id"])
    for one in two:
        assert desk.get(f"{URL}/{one['id']}").json()["version"] == 1


def dismissed(clinic: Clinic) -> None:
    type(clinic.doctor).objects.filter(pk=clinic.doctor.pk).update(is_active=False)


def gone_elsewhere(clinic: Clinic) -> None:
    EmployeeBranch.objects.filter(employee=clinic.doctor, branch=clinic.branch).delete()


def without_a_chair(clinic: Clinic) -> None:
    type(clinic.chair).objects.filter(pk=clinic.chair.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [dismissed, gone_elsewhere, without_a_chair])
def test_nobody_is_planned_to_where_no_booking_could_go(
    desk: Any, clinic: Clinic, two: list[dict[str, Any]], leave: Any
) -> None:
    with tenant(clinic.pk):
        leave(clinic)
    plan = moves(planned(desk, clinic))
    assert [one["appointment"] for one in plan] == [two[1]["id"]]
    done = close(desk, clinic, plan)
    assert done.status_code == 200, done.content
    assert close(desk, clinic, back(done)).status_code == 200


def test_what_was_moved_on_meanwhile_is_not_taken_back(
    desk: Any, as_role: Any, clinic: Clinic, two: list[dict[str, Any]]
) -> None:
    done = close(desk, clinic, moves(planned(desk, clinic)))
    other = as_role("branch_admin")
    later = {"starts_at": at(9).isoformat(), "ends_at": at(9, 30).isoformat()}
    assert other.patch(f"{URL}/{two[0]['id']}", {"version": 2} | later).status_code == 200

    refused = close(desk, clinic, back(done))

    assert (refused.status_code, refused.json()["code"]) == (409, "stale")
    assert refused.json()["details"]["by"].startswith(other.user.last_name)
    assert [moment(desk.get(f"{URL}/{one['id']}").json()["starts_at"]) for one in two] == [
        at(9),
        at(8),
    ]


@pytest.mark.parametrize("hours", [23, 25])
def test_a_day_on_which_the_clock_changes_is_counted_as_it_passes(
    desk: Any, clinic: Clinic, hours: int
) -> None:
    """Europe's clocks change at one in the night, UTC: a shift over it is an hour shorter, or longer."""
    day = date(2027, 3, 28) if hours == 23 else date(2027, 10, 31)
    with tenant(clinic.pk):
        type(clinic.branch).objects.filter(pk=clinic.branch.pk).update(timezone="Europe/Berlin")
        Shift.objects.filter(employee=clinic.doctor).update(starts="00:00", ends="06:00")
    zone = ZoneInfo("Europe/Berlin")
    first = datetime.combine(day, time(1, 30), zone).astimezone(UTC)
    r = desk.post(URL, body(clinic, first, 20))
    assert r.status_code == 201, r.content

    plan = planned(desk, clinic, date=day, employee=clinic.doctor.pk, least=60 * (hours - 21))

    (doctor,) = plan["employees"]
    assert doctor["before"]["free"] == (6 + hours - 24) * 60 - 20
    assert all(
        moment(one["starts_at"]).astimezone(zone).date() == day
        for one in doctor["after"]["stretches"]
    )
    done = desk.post(
        GAPS, {"branch": str(clinic.branch.pk), "date": str(day), "moves": moves(plan)}
    )
    assert done.status_code == 200, done.content
    again = planned(desk, clinic, date=day, employee=clinic.doctor.pk, least=60 * (hours - 21))
    assert again["employees"][0]["before"] == doctor["after"]
