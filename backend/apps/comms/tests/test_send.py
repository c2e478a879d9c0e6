from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from apps.comms.tests.conftest import add_appointment, add_template, messages, outbox_rows
from apps.core.models import Doorbell, JournalEntry
from apps.core.tenancy import tenant
from apps.patients.models import Patient

URL = "/api/v1/comms/send"


def body(clinic, **more):
    return {"patient": str(clinic.patient.pk), "text": "Здравствуйте, _ИМЯ_ПАЦИЕНТА_!"} | more


def test_the_call_centre_writes_to_a_patient(as_role, clinic):
    r = as_role("call_center").post(URL, body(clinic))

    assert r.status_code == 201
    sent = r.json()
    assert sent["text"] == "Здравствуйте, Әсел!"
    assert (sent["state"], sent["segments"], sent["cost"]) == ("waiting", 1, "15.00")
    assert sent["phone"] == "+77011234001"
    assert sent["patient"] == {"id": str(clinic.patient.pk), "name": "Оспанова Әсел Болатқызы"}
    (row,) = outbox_rows(clinic)
    assert row.payload == {"message": sent["id"]}  # and neither phone nor text
    assert Doorbell.objects.filter(organization_id=clinic.pk).count() == 1


def test_colleagues_may_not_write(as_role, clinic):
    for role in ("registrar", "owner", "marketer", "doctor", "cashier"):
        assert as_role(role).post(URL, body(clinic)).status_code == 403, role
    assert messages(clinic) == []


def test_a_strangers_patient_and_template_do_not_exist(as_role, clinic, rival):
    call_centre = as_role("call_center")
    theirs = add_template(rival, "CANARY")

    r = call_centre.post(URL, body(clinic, patient=str(rival.patient.pk)))
    unknown = call_centre.post(URL, body(clinic, patient=str(uuid4())))
    assert (r.status_code, list(r.json()["fields"])) == (400, ["patient"])
    assert unknown.json()["code"] == r.json()["code"]

    r = call_centre.post(URL, {"patient": str(clinic.patient.pk), "template": str(theirs.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["template"])
    assert messages(clinic) == messages(rival) == []


def test_a_patient_of_another_branch_does_not_exist_for_a_branchs_call_centre(as_role, clinic):
    elsewhere = as_role("call_center", branch=clinic.other_branch)
    assert list(elsewhere.post(URL, body(clinic)).json()["fields"]) == ["patient"]
    assert as_role("call_center", branch=clinic.branch).post(URL, body(clinic)).status_code == 201


def test_from_a_template_in_kazakh(as_role, clinic):
    template = add_template(clinic, "Привет", text_kk="Сәлем, _ИМЯ_ПАЦИЕНТА_")
    given = {"patient": str(clinic.patient.pk), "template": str(template.pk), "language": "kk"}
    r = as_role("call_center").post(URL, given)
    assert r.json()["text"] == "Сәлем, Әсел"
    assert r.json()["template"] == {"id": str(template.pk), "name": "Своё"}


def test_either_a_template_or_a_text(as_role, clinic):
    template = add_template(clinic, "Привет")
    call_centre = as_role("call_center")
    assert call_centre.post(URL, body(clinic, template=str(template.pk))).status_code == 400
    assert call_centre.post(URL, {"patient": str(clinic.patient.pk)}).status_code == 400


def test_an_unknown_placeholder_stops_sending(as_role, clinic):
    r = as_role("call_center").post(URL, body(clinic, text="Сумма _СУММА_"))
    assert (r.status_code, r.json()["code"]) == (400, "unknown_placeholder")
    assert messages(clinic) == []


def test_a_text_about_a_visit_needs_one(as_role, clinic):
    call_centre = as_role("call_center")
    text = "Ждём _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_, _ВРАЧ_"
    r = call_centre.post(URL, body(clinic, text=text))
    assert (r.status_code, r.json()["code"]) == (409, "placeholder_empty")

    starts = (timezone.now() + timedelta(days=2)).replace(hour=5, minute=30)
    add_appointment(clinic, starts - timedelta(days=4))
    add_appointment(clinic, starts)
    r = call_centre.post(URL, body(clinic, text=text))
    assert r.json()["text"] == f"Ждём {starts:%d.%m.%Y} в 10:30, Ахметов Б."


def test_a_patient_without_a_phone(as_role, clinic):
    with tenant(clinic.pk):
        Patient.objects.filter(pk=clinic.patient.pk).update(phone="")
    r = as_role("call_center").post(URL, body(clinic))
    assert (r.status_code, r.json()["code"]) == (409, "no_phone")


def test_one_key_one_message(as_role, clinic):
    call_centre = as_role("call_center")
    first = call_centre.post(URL, body(clinic), HTTP_IDEMPOTENCY_KEY="k")
    again = call_centre.post(URL, body(clinic), HTTP_IDEMPOTENCY_KEY="k")
    assert first.json() == again.json()
    assert len(messages(clinic)) == 1


def test_the_journal_knows_who_wrote_and_not_what(as_role, clinic):
    client = as_role("call_center")
    sent = client.post(URL, body(clinic)).json()
    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="message_queued")
    assert (str(entry.object_id), entry.actor_id) == (sent["id"], client.user.pk)
    assert "Әсел" not in str(entry.data) and "701" not in str(entry.data)


def test_state_and_author_are_not_the_clients_to_say(as_role, clinic):
    for name in ("state", "phone", "branch", "created_by", "organization", "cost"):
        r = as_role("call_center").post(URL, body(clinic) | {name: "x"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])


def test_the_contract_spelling(as_role, clinic):
    assert as_role("call_center").post("/api/comms/send/", body(clinic)).status_code == 201
