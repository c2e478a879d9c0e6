"""The minutes of the roster are the hours that are worked: without holidays, and once where a substitute works twice."""

from datetime import date, time, timedelta
from typing import Any

from apps.core.tenancy import tenant
from apps.org.models import SpecialDay
from apps.staff.models import Shift, Substitution

MONDAY = date(2026, 11, 30)


def minutes(owner: Any) -> dict[str, int]:
    url = f"/api/v1/reports/appointments?from={MONDAY}&to={MONDAY + timedelta(days=13)}"
    return {row["employee"]["id"]: row["shift_minutes"] for row in owner.get(url).json()["load"]}


def test_reports_count_the_hours_that_are_worked(as_role: Any, clinic: Any) -> None:
    owner, doctor, other = as_role("owner"), str(clinic.doctor.pk), str(clinic.doctor2.pk)
    with tenant(clinic.pk):
        Shift.objects.exclude(weekday=1).delete()  # twelve hours each Monday
    assert minutes(owner) == {doctor: 1440, other: 1440}

    with tenant(clinic.pk):
        SpecialDay.objects.create(date=MONDAY, name="Наурыз", opens=time(8), closes=time(10))
    assert minutes(owner) == {doctor: 840, other: 840}

    with tenant(clinic.pk):
        Substitution.objects.create(
            absent=clinic.doctor, substitute=clinic.doctor2, branch=clinic.branch,
            first_day=MONDAY, last_day=MONDAY,
        )  # fmt: skip
    assert minutes(owner) == {doctor: 720, other: 840}
