from apps.comms.models import Message
from apps.comms.tests.conftest import NOON, add_template, messages
from apps.core.tenancy import tenant

URL = "/api/v1/comms/messages"


def write(clinic, **fields):
    with tenant(clinic.pk):
        return Message.objects.create(
            **{
                "patient": clinic.patient,
                "branch": clinic.branch,
                "channel": "sms",
                "purpose": "free",
                "phone": clinic.patient.phone,
                "text": f"Здравствуйте {clinic.organization.name}",
                "created_at": NOON,
            }
            | fields
        )


def test_the_registrar_reads_the_log_of_his_branches(as_role, clinic):
    here, there = write(clinic), write(clinic, branch=clinic.other_branch)

    assert as_role("registrar").get(URL).json()["total"] == 2
    items = as_role("registrar", branch=clinic.branch).get(URL).json()["items"]
    assert [item["id"] for item in items] == [str(here.pk)]
    assert there.pk != here.pk


def test_a_doctor_reads_what_his_patients_got(as_role, as_user, clinic):
    write(clinic)
    other = write(clinic, patient=clinic.patient2)

    assert other.pk not in [i["id"] for i in as_role("doctor").get(URL).json()["items"]]
    assert as_role("doctor").get(URL).json()["total"] == 1
    assert as_user(clinic.doctor2.user).get(URL).json()["total"] == 0


def test_those_without_contacts_see_a_masked_phone(as_role, clinic):
    write(clinic)
    for role in ("marketer", "readonly"):
        assert as_role(role).get(URL).json()["items"][0]["phone"] == "+7 701 ••• •• 01", role
    assert as_role("registrar").get(URL).json()["items"][0]["phone"] == "+77011234001"


def test_the_cashier_has_no_log_and_a_stranger_sees_nothing(as_role, clinic, rival):
    write(rival)
    assert as_role("cashier").get(URL).status_code == 403
    r = as_role("owner").get(URL)
    assert r.json()["total"] == 0 and "CANARY" not in r.content.decode()
    theirs = {"patient": str(rival.patient.pk)}
    assert as_role("owner").get(URL, theirs).json()["total"] == 0


def test_filters(as_role, clinic):
    write(clinic)
    write(clinic, state="failed", patient=clinic.patient2)
    owner = as_role("owner")

    def total(**query):
        return owner.get(URL, query).json()["total"]

    assert total(state="failed") == total(patient=str(clinic.patient2.pk)) == 1
    assert total(**{"from": "2026-03-02", "to": "2026-03-02"}) == 2
    assert total(**{"from": "2026-03-03"}) == total(to="2026-03-01") == 0
    for bad in ({"state": "x"}, {"from": "9999-12-31"}, {"sort": "x"}, {"patient": "1"}):
        assert owner.get(URL, bad).status_code == 400, bad


def test_counts_its_queries(as_role, clinic, django_assert_max_num_queries):
    template = add_template(clinic, "Да")
    user = as_role("owner").user
    for _ in range(50):
        write(clinic, template=template, created_by=user)
    owner = as_role("owner")
    with django_assert_max_num_queries(9):
        assert len(owner.get(URL, {"size": 200}).json()["items"]) == 50


def test_preview_says_what_would_be_read_and_paid(as_role, clinic, rival):
    template = add_template(clinic, "Здравствуйте, _ИМЯ_ПАЦИЕНТА_! " + "Я" * 60)
    query = {"patient": str(clinic.patient.pk), "template": str(template.pk)}

    r = as_role("call_center").get("/api/v1/comms/preview", query).json()
    assert (r["encoding"], r["segments"], r["cost"]) == ("UCS-2", 2, "30.00")
    assert r["text"].startswith("Здравствуйте, Әсел! Я")
    assert messages(clinic) == []

    masked = as_role("marketer").get("/api/v1/comms/preview", query).json()
    assert masked["phone"] == "+7 701 ••• •• 01"
    assert as_role("cashier").get("/api/v1/comms/preview", query).status_code == 403
    query["patient"] = str(rival.patient.pk)
    assert as_role("call_center").get("/api/v1/comms/preview", query).status_code == 400
