"""A reminder of a visit, sent from the run that confirms a day: one text, one message per visit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.calendar.models import Appointment
from apps.comms.models import Message, Template
from apps.comms.tests.conftest import add_appointment, messages, outbox_rows
from apps.core.tenancy import tenant
from apps.patients.models import Patient

URL = "/api/v1/comms/reminders"
TEXT = "_ИМЯ_ПАЦИЕНТА_, ждём вас _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_. _ВРАЧ_"
STARTS = (timezone.now() + timedelta(days=2)).replace(hour=5, minute=30, second=0, microsecond=0)


@pytest.fixture
def visit(clinic):
    with tenant(clinic.pk):
        Template.objects.create(name="Напоминание", purpose="reminder", text_ru=TEXT)
    return add_appointment(clinic, STARTS)


def remind(client, visit):
    return client.post(URL, {"appointment": str(visit.pk)})


def listed(client, clinic):
    query = {"branch": clinic.branch.pk, "date": f"{STARTS:%Y-%m-%d}"}
    return client.get(URL, query).json()


def test_the_call_centre_reminds_of_this_very_visit_once(as_role, clinic, visit):
    add_appointment(clinic, STARTS - timedelta(days=1))  # an earlier one of the same patient
    call_centre = as_role("call_center")
    assert listed(call_centre, clinic) == {"is_ready": True, "items": [], "total": 0}

    r = remind(call_centre, visit)

    assert r.status_code == 201, r.content
    assert listed(call_centre, clinic)["items"] == [r.json()]
    (sent,) = messages(clinic)
    assert sent.text == f"Әсел, ждём вас {STARTS:%d.%m.%Y} в 10:30. Ахметов Б."
    assert (sent.phone, str(sent.occasion_id), sent.purpose) == (
        "+77011234001", str(visit.pk), "reminder",
    )  # fmt: skip
    again = remind(call_centre, visit)
    assert (again.status_code, again.json()["code"]) == (409, "already_reminded")
    assert len(outbox_rows(clinic)) == 1


def test_there_must_be_a_text_a_phone_and_a_visit_ahead(as_role, clinic, visit):
    call_centre = as_role("call_center")
    with tenant(clinic.pk):
        Appointment.objects.filter(pk=visit.pk).update(status="canceled")
    assert remind(call_centre, visit).json()["code"] == "nothing_to_remind"
    with tenant(clinic.pk):
        Appointment.objects.filter(pk=visit.pk).update(status="booked")
        Template.objects.update(is_active=False)
    assert remind(call_centre, visit).json()["code"] == "nothing_to_remind"
    assert listed(call_centre, clinic)["is_ready"] is False
    with tenant(clinic.pk):
        Patient.objects.update(phone="")
    assert remind(call_centre, visit).json()["code"] == "no_phone"
    assert messages(clinic) == []


def test_others_read_and_do_not_write_and_strangers_find_nothing(as_role, clinic, rival, visit):
    for role in ("registrar", "owner", "doctor"):
        assert remind(as_role(role), visit).status_code == 403
        assert listed(as_role(role), clinic)["is_ready"] is False
    elsewhere = as_role("call_center", branch=clinic.other_branch)
    for client in (as_role("call_center", clinic=rival), elsewhere):
        assert list(remind(client, visit).json()["fields"]) == ["appointment"]
    remind(as_role("call_center"), visit)
    assert len(listed(as_role("registrar"), clinic)["items"]) == 1
    assert listed(elsewhere, clinic)["items"] == []
    stranger = as_role("owner", clinic=rival)
    assert list(listed(stranger, clinic)["fields"]) == ["branch"]


def test_the_reminder_of_a_visit_that_is_moved_tells_the_new_time(as_role, clinic, visit):
    remind(as_role("call_center"), visit)
    later = STARTS + timedelta(hours=2)
    body = {"version": 1, "starts_at": later.isoformat(), "ends_at": (later + timedelta(minutes=30)).isoformat()}  # fmt: skip
    r = as_role("registrar").patch(f"/api/v1/calendar/appointments/{visit.pk}", body)
    assert r.status_code == 200, r.content
    (sent,) = messages(clinic)
    assert "в 12:30" in sent.text


def moved(client, visit, version, starts):
    body = {"version": version, "starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=30)).isoformat()}  # fmt: skip
    assert client.patch(f"/api/v1/calendar/appointments/{visit.pk}", body).status_code == 200


def test_who_was_reminded_of_another_time_is_reminded_anew_and_once(as_role, clinic, visit):
    call_centre, desk = as_role("call_center"), as_role("registrar")
    remind(call_centre, visit)
    moved(desk, visit, 1, STARTS + timedelta(hours=1))
    assert (
        remind(call_centre, visit).json()["code"] == "already_reminded"
    )  # it waits, and was rewritten
    with tenant(clinic.pk):
        Message.objects.update(state=Message.State.DELIVERED)
    assert len(listed(call_centre, clinic)["items"]) == 1

    moved(desk, visit, 2, STARTS + timedelta(hours=3))

    assert listed(call_centre, clinic)["items"] == []
    assert remind(call_centre, visit).status_code == 201
    assert remind(call_centre, visit).json()["code"] == "already_reminded"
    assert len(listed(call_centre, clinic)["items"]) == 1
    first, second = messages(clinic)
    assert "в 11:30" in first.text and "в 13:30" in second.text
    assert len({row.unique_key for row in outbox_rows(clinic)}) == 2


def test_a_visit_that_came_back_is_reminded_of_as_if_nothing_had_been_sent(as_role, clinic, visit):
    call_centre, desk = as_role("call_center"), as_role("registrar")
    remind(call_centre, visit)
    url = f"/api/v1/calendar/appointments/{visit.pk}"
    desk.post(f"{url}/cancel", {"version": 1, "by": "clinic", "code": "mistake"})
    assert desk.post(f"{url}/restore", {"version": 2}).status_code == 200
    assert remind(call_centre, visit).status_code == 201


def test_one_active_text_reminds(as_role, clinic, visit):
    marketer = as_role("marketer")
    told = {"name": "Ещё одно", "text_ru": "Ждём", "purpose": "reminder"}
    r = marketer.post("/api/v1/comms/templates", told)
    assert (r.status_code, list(r.json()["fields"])) == (400, ["purpose"])
    assert marketer.post("/api/v1/comms/templates", told | {"is_active": False}).status_code == 201
