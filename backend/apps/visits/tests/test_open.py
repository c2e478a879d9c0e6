from apps.core.models import JournalEntry
from apps.patients.models import CareLink
from apps.visits.models import Visit

URL = "/api/v1/visits"


def body(clinic, **changes):
    return {
        "patient": str(clinic.patient2.pk),
        "branch": str(clinic.branch.pk),
        "employee": str(clinic.doctor.pk),
    } | changes


def test_the_front_desk_opens_a_visit_for_a_walk_in(clinic, front_desk, in_tenant):
    r = front_desk.post(URL, body(clinic))

    assert r.status_code == 201
    assert (r.json()["status"], r.json()["total"], r.json()["appointment"]) == (
        "open",
        "0.00",
        None,
    )
    assert r.json()["diary"] is None  # the front desk does not read the record
    with in_tenant():
        assert CareLink.objects.filter(patient=clinic.patient2, employee=clinic.doctor).exists()
        entry = JournalEntry.objects.get(event="visit_opened")
        assert (str(entry.object_id), entry.patient_id) == (r.json()["id"], clinic.patient2.pk)


def test_a_doctor_opens_his_own_visit_and_not_a_colleagues(clinic, doctor):
    mine = body(clinic, patient=str(clinic.patient.pk))

    assert doctor.post(URL, mine).status_code == 201
    assert doctor.post(URL, mine | {"employee": str(clinic.doctor2.pk)}).status_code == 403


def test_a_front_desk_of_another_branch_may_not(clinic, as_role):
    r = as_role("registrar", branch=clinic.other_branch).post(URL, body(clinic))

    assert r.status_code == 403


def test_those_who_only_watch_may_not(clinic, as_role):
    for role in ("readonly", "cashier", "accountant", "assistant"):
        assert as_role(role).post(URL, body(clinic)).status_code == 403


def test_strangers_do_not_exist(clinic, rival, front_desk, in_tenant):
    for name, row in (
        ("patient", rival.patient),
        ("branch", rival.branch),
        ("employee", rival.doctor),
    ):
        r = front_desk.post(URL, body(clinic, **{name: str(row.pk)}))
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])

    with in_tenant():
        assert not Visit.objects.exists()


def test_the_doctor_must_work_in_the_branch(clinic, as_role):
    r = as_role("admin").post(URL, body(clinic, branch=str(clinic.other_branch.pk)))

    assert (r.status_code, list(r.json()["fields"])) == (400, ["employee"])
