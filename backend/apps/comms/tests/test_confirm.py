from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.comms import actions
from apps.comms.models import Template
from apps.comms.tests.conftest import confirmation, messages, outbox_rows
from apps.core import outbox
from apps.core.tenancy import tenant
from apps.org import preferences
from apps.patients.models import Patient

URL = "/api/v1/calendar/appointments"
DAY = datetime.now(UTC).date() + timedelta(days=7)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), UTC)


def body(clinic, begins=None, **more):
    begins = begins or at(5, 30)  # 10:30 in Almaty
    return {
        "branch": str(clinic.branch.pk),
        "patient": str(clinic.patient.pk),
        "employee": str(clinic.doctor.pk),
        "chair": str(clinic.chair.pk),
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=30)).isoformat(),
    } | more


@pytest.fixture
def desk(as_role):
    return as_role("registrar")


def test_booking_writes_one_confirmation(clinic, desk):
    confirmation(clinic)

    booked = desk.post(URL, body(clinic))

    assert booked.status_code == 201
    (message,) = messages(clinic)
    assert message.text == f"Әсел, ждём {DAY:%d.%m.%Y} в 10:30"
    assert (str(message.occasion_id), message.state) == (booked.json()["id"], "waiting")
    assert (message.purpose, message.created_by_id) == ("booking", desk.user.pk)
    assert [row.unique_key for row in outbox_rows(clinic)] == [f"booking:{message.occasion_id}:sms"]


def test_the_same_booking_is_confirmed_once_however_often_it_is_told(clinic, desk):
    confirmation(clinic)
    booked = desk.post(URL, body(clinic)).json()
    with tenant(clinic.pk):
        again = actions.confirm_booking(appointment_id=booked["id"], by=None, now=datetime.now(UTC))
    assert again is None
    assert len(messages(clinic)) == len(outbox_rows(clinic)) == 1


def test_no_template_no_phone_or_a_draft_no_message(clinic, desk):
    desk.post(URL, body(clinic, at(5)))
    confirmation(clinic)
    desk.post(URL, body(clinic, at(6), draft=True))
    with tenant(clinic.pk):
        Patient.objects.filter(pk=clinic.patient.pk).update(phone="")
    assert desk.post(URL, body(clinic, at(7))).status_code == 201
    assert messages(clinic) == []


def step(desk, booked, status):
    body = {"version": booked["version"], "status": status}
    r = desk.post(f"{URL}/{booked['id']}/status", body)
    assert r.status_code == 200, r.json()
    return r.json()


def test_a_draft_is_confirmed_once_when_it_becomes_a_booking(clinic, desk):
    confirmation(clinic)
    draft = desk.post(URL, body(clinic, draft=True)).json()
    assert messages(clinic) == []

    booked = step(desk, draft, "booked")
    step(desk, step(desk, booked, "confirmed"), "booked")

    (message,) = messages(clinic)
    assert message.text == f"Әсел, ждём {DAY:%d.%m.%Y} в 10:30"
    assert len(outbox_rows(clinic)) == 1


def test_a_canceled_draft_that_comes_back_is_confirmed_too(clinic, desk):
    confirmation(clinic)
    draft = desk.post(URL, body(clinic, draft=True)).json()
    cancel = {"version": draft["version"], "by": "patient", "reason": "Передумал"}
    canceled = desk.post(f"{URL}/{draft['id']}/cancel", cancel).json()
    r = desk.post(f"{URL}/{draft['id']}/restore", {"version": canceled["version"]})
    assert r.status_code == 200, r.json()
    assert len(messages(clinic)) == len(outbox_rows(clinic)) == 1


@pytest.mark.parametrize(
    ("network", "branch", "text", "written", "language"),
    [
        (None, None, "Сізді күтеміз", "Ждём", "ru"),
        ("kk", None, "Сізді күтеміз", "Сізді күтеміз", "kk"),
        ("kk", "ru", "Сізді күтеміз", "Ждём", "ru"),
        (None, "kk", "Сізді күтеміз", "Сізді күтеміз", "kk"),
        ("kk", None, "", "Ждём", "kk"),
    ],
)
def test_a_clinic_chooses_the_language_of_its_confirmations(
    clinic, desk, network, branch, text, written, language
):
    template = confirmation(clinic, "Ждём")
    with tenant(clinic.pk):
        Template.objects.filter(pk=template.pk).update(text_kk=text)
        preferences.put({"message_language": network})
        preferences.put({"message_language": branch}, branch=clinic.branch)
        preferences.put(
            {"message_language": "kk" if language == "ru" else "ru"}, branch=clinic.other_branch
        )
    desk.post(URL, body(clinic))
    assert [(m.text, m.language) for m in messages(clinic)] == [(written, language)]


def test_a_strangers_template_confirms_nothing_here(clinic, rival, desk):
    confirmation(rival, "CANARY")
    desk.post(URL, body(clinic))
    assert messages(clinic) == messages(rival) == []


def test_a_text_that_cannot_be_filled_never_stops_a_booking(clinic, desk):
    confirmation(clinic, "Запись: _ССЫЛКА_НА_ОНЛАЙН_ЗАПИСЬ_")
    assert desk.post(URL, body(clinic)).status_code == 201
    (message,) = messages(clinic)
    assert (message.state, message.error) == ("failed", "placeholder_empty")
    assert outbox_rows(clinic) == []


def test_a_booking_that_fails_leaves_no_message(clinic, desk):
    confirmation(clinic)
    desk.post(URL, body(clinic))
    r = desk.post(URL, body(clinic, patient=str(clinic.patient2.pk)))
    assert (r.status_code, r.json()["code"]) == (409, "slot_taken")
    assert len(messages(clinic)) == len(outbox_rows(clinic)) == 1


def test_a_canceled_appointment_takes_its_waiting_message_back(clinic, desk, provider):
    confirmation(clinic)
    booked = desk.post(URL, body(clinic)).json()
    r = desk.post(
        f"{URL}/{booked['id']}/cancel",
        {"version": booked["version"], "by": "patient", "reason": "Заболел"},
    )
    assert r.status_code == 200, r.json()

    outbox.process_due(datetime.now(UTC) + timedelta(days=1))
    assert (messages(clinic)[0].state, provider.ledger()) == ("canceled", [])


def test_a_sent_message_stays_sent_when_the_visit_is_canceled(clinic, desk, provider):
    confirmation(clinic)
    booked = desk.post(URL, body(clinic)).json()
    outbox.process_due(datetime.combine(DAY - timedelta(days=1), time(7), UTC))
    r = desk.post(
        f"{URL}/{booked['id']}/cancel",
        {"version": booked["version"], "by": "clinic", "reason": "Врач болен"},
    )
    assert r.status_code == 200
    assert (messages(clinic)[0].state, len(provider.ledger())) == ("sent", 1)


def test_a_move_before_it_left_changes_what_it_says(clinic, desk):
    confirmation(clinic)
    booked = desk.post(URL, body(clinic)).json()
    r = desk.patch(
        f"{URL}/{booked['id']}",
        {
            "version": booked["version"],
            "starts_at": at(9).isoformat(),
            "ends_at": at(9, 30).isoformat(),
        },
    )
    assert r.status_code == 200, r.json()
    assert [m.text for m in messages(clinic)] == [f"Әсел, ждём {DAY:%d.%m.%Y} в 14:00"]


def test_the_clinics_own_price_counts(clinic, desk):
    confirmation(clinic)
    with tenant(clinic.pk):
        preferences.put({"sms_price_per_sms": "18.50"})
    desk.post(URL, body(clinic))
    assert (messages(clinic)[0].segments, str(messages(clinic)[0].cost)) == (1, "18.50")


def test_the_doctor_and_the_branch_are_named(clinic, desk):
    confirmation(clinic, "_ФИЛИАЛ_: _ВРАЧ_")
    desk.post(URL, body(clinic))
    assert messages(clinic)[0].text == "Достык: Ахметов Б."


def test_a_booking_pays_three_statements_for_it(clinic, desk):
    with CaptureQueriesContext(connection) as without:
        desk.post(URL, body(clinic, at(4)))
    confirmation(clinic)
    with CaptureQueriesContext(connection) as with_it:
        desk.post(URL, body(clinic, at(5)))
    assert len(with_it) == len(without) + 2  # the look for a template is always there
