"""What a form sends of an appointment that stands where nobody would be booked by now: it can be edited, not moved."""

from typing import Any

import pytest

from apps.calendar.models import Reserve
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.tenancy import tenant
from apps.services.models import Service
from apps.staff.models import EmployeeBranch, Shift
from testing.clinics import Clinic

SLOTS = "/api/v1/calendar/slots"


def form(row: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """All of it, as the drawer sends it."""
    names = ("version", "starts_at", "ends_at", "note", "is_urgent")
    told = {name: row[name] for name in names}
    told |= {"employee": row["employee_id"], "chair": row["chair_id"], "segments": []}
    return told | changed


def off_duty(clinic: Clinic) -> None:
    Shift.objects.update(starts="12:00")


def dismissed(clinic: Clinic) -> None:
    type(clinic.doctor).objects.filter(pk=clinic.doctor.pk).update(is_active=False)


def elsewhere(clinic: Clinic) -> None:
    EmployeeBranch.objects.filter(employee=clinic.doctor).delete()


def broken_chair(clinic: Clinic) -> None:
    type(clinic.chair).objects.filter(pk=clinic.chair.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("leave", "field", "why"),
    [
        (off_duty, "starts_at", "Врач в это время не работает."),
        (dismissed, "employee", "Этот сотрудник больше не работает в клинике."),
        (elsewhere, "employee", "Этот сотрудник не работает в этом филиале."),
        (broken_chair, "chair", "Это кресло больше не используется."),
    ],
)
def test_a_note_is_taken_where_a_move_is_refused_with_its_reason(
    desk: Any, clinic: Clinic, booked: dict[str, Any], leave: Any, field: str, why: str
) -> None:
    url = f"{URL}/{booked['id']}"
    with tenant(clinic.pk):
        leave(clinic)

    noted = desk.patch(url, form(booked, note="Просит перезвонить"))
    later = {"starts_at": at(10, 30).isoformat(), "ends_at": at(11).isoformat()}
    moved = desk.patch(url, form(noted.json(), **later))

    assert noted.status_code == 200, noted.content
    assert noted.json()["note"] == "Просит перезвонить"
    assert (moved.status_code, moved.json()["fields"]) == (400, {field: [why]})


def test_a_service_that_was_closed_stays_and_comes_to_no_other(desk: Any, clinic: Clinic) -> None:
    closed, other = [
        {"service": str(one.pk), "quantity": 1} for one in (clinic.service, clinic.service2)
    ]
    row = desk.post(URL, body(clinic, services=[closed])).json()
    url = f"{URL}/{row['id']}"
    with tenant(clinic.pk):
        Service.objects.filter(pk=clinic.service.pk).update(is_active=False)
    why = [f"Услуги «{clinic.service.name}» больше нет в списке услуг."]

    kept = desk.patch(url, form(row, services=[closed, other], note="x"))
    without = desk.patch(url, form(kept.json(), services=[other]))
    again = desk.patch(url, form(without.json(), services=[other, closed]))

    assert (kept.status_code, without.status_code) == (200, 200)
    assert kept.json()["services_text"] == f"{clinic.service.name}, {clinic.service2.name}"
    assert again.json()["fields"] == {"services.1.service": why}
    booked = desk.post(URL, body(clinic, at(15), services=[closed]))
    assert booked.json()["fields"] == {"services.0.service": why}
    found = desk.get(SLOTS, {"service": clinic.service.pk})
    assert found.json()["fields"] == {"service": why}


def test_hours_kept_for_emergencies_are_not_won_by_calming_down(desk: Any, clinic: Clinic) -> None:
    with tenant(clinic.pk):
        Reserve.objects.create(
            branch=clinic.branch, kind="urgent", weekdays=[DAY.isoweekday()], starts="09:00",
            ends="12:00", valid_from=DAY, reason="",
        )  # fmt: skip
    row = desk.post(URL, body(clinic, is_urgent=True)).json()
    url = f"{URL}/{row['id']}"

    noted = desk.patch(url, form(row, note="x"))
    calmed = desk.patch(url, form(noted.json(), is_urgent=False))

    assert noted.status_code == 200
    assert (calmed.status_code, calmed.json()["code"]) == (400, "reserved")
