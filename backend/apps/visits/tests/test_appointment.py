"""From the calendar to the visit and back, in one transaction each way."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from apps.calendar import actions as calendar
from apps.calendar.models import Appointment
from apps.core.events import JournalEntry
from apps.visits import actions
from apps.visits.models import Visit

URL = "/api/v1/visits"
NOW = datetime.now(UTC)


@pytest.fixture
def appointment(clinic, in_tenant):
    with in_tenant():
        return Appointment.objects.create(
            branch=clinic.branch, patient=clinic.patient, employee=clinic.doctor,
            starts_at=NOW, ends_at=NOW + timedelta(minutes=30), services_text="Осмотр",
        )  # fmt: skip


@pytest.fixture
def step(clinic, appointment, in_tenant):
    def go(to, **also):
        with transaction.atomic(), in_tenant():
            row = Appointment.objects.get(pk=appointment.pk)
            calendar.change_status(
                appointment=row, to=to, by=clinic.doctor.user, now=datetime.now(UTC), **also
            )

    return go


def the_visit(in_tenant):
    with in_tenant():
        return Visit.objects.get()


def test_arrived_opens_the_visit(clinic, doctor, step, appointment, in_tenant):
    step("arrived")

    visit = the_visit(in_tenant)
    assert (visit.appointment_id, visit.status) == (appointment.pk, "open")
    (row,) = doctor.get(URL).json()["items"]
    assert row["appointment"]["id"] == str(appointment.pk)
    assert row["services"] == "Осмотр"


def test_starting_and_signing_carry_the_appointment_along(doctor, step, appointment, in_tenant):
    step("arrived")
    visit = the_visit(in_tenant)

    started = doctor.post(f"{URL}/{visit.pk}/start").json()
    signed = doctor.post(f"{URL}/{visit.pk}/sign", {"version": started["version"]})

    assert (started["appointment"]["status"], bool(started["started_at"])) == ("in_progress", True)
    assert signed.status_code == 200, signed.content
    assert signed.json()["appointment"]["status"] == "done"


def test_signing_at_once_records_every_step(doctor, step, appointment, in_tenant):
    step("arrived")
    visit = the_visit(in_tenant)

    doctor.post(f"{URL}/{visit.pk}/sign", {"version": 1})

    with in_tenant():
        steps = appointment.steps.order_by("at", "id").values_list("status", flat=True)
        assert list(steps) == ["arrived", "in_progress", "done"]
        assert JournalEntry.objects.filter(event="visit_completed").count() == 1


def test_in_progress_in_the_calendar_starts_the_visit(step, in_tenant):
    step("arrived")
    step("in_progress")

    assert the_visit(in_tenant).started_at is not None


def test_an_empty_visit_closes_with_its_booking_and_opens_again(doctor, step, in_tenant):
    step("arrived")
    step("canceled", canceled_by="patient", cancel_reason="Передумал")

    visit = the_visit(in_tenant)
    assert visit.status == "canceled"
    assert doctor.get(URL).json()["items"] == []
    r = doctor.patch(f"{URL}/{visit.pk}", {"version": visit.version, "complaints": "x"})
    assert (r.status_code, r.json()["code"]) == (409, "visit_canceled")

    step("booked")
    step("arrived")
    assert (the_visit(in_tenant).pk, the_visit(in_tenant).status) == (visit.pk, "open")


@pytest.mark.parametrize("to", ["canceled", "booked"])
def test_a_visit_with_entries_keeps_its_booking(doctor, step, appointment, in_tenant, to):
    step("arrived")
    visit = the_visit(in_tenant)
    doctor.patch(f"{URL}/{visit.pk}", {"version": 1, "complaints": "Ноет"})

    with pytest.raises(actions.VisitHasContent):
        step(to)

    with in_tenant():
        assert Appointment.objects.get().status == "arrived"
        assert Visit.objects.get().status == "open"


def test_an_open_visit_follows_its_appointment_to_another_doctor(clinic, step, in_tenant):
    step("arrived")
    with in_tenant():
        Appointment.objects.update(employee=clinic.doctor2)
        moved = Appointment.objects.get()
        place = {"branch_id": moved.branch_id, "employee_id": moved.employee_id}
        actions.follow(appointment_id=moved.pk, **place, by=None)

    assert the_visit(in_tenant).employee_id == clinic.doctor2.pk
