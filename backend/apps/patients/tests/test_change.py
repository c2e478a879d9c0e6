from apps.core import crypto
from apps.core.models import BranchCounter, JournalEntry
from apps.core.tenancy import tenant
from apps.patients.models import Patient
from apps.patients.search import iin_hash

URL = "/api/v1/patients"


def url(clinic):
    return f"{URL}/{clinic.patient.pk}"


def test_a_change_is_found_by_its_new_name_and_phone(as_role, clinic):
    desk = as_role("registrar")

    r = desk.patch(url(clinic), {"version": 1, "last_name": "Сапарова", "phone": "8 747 765 43 21"})

    assert (r.status_code, r.json()["version"], r.json()["last_name"]) == (200, 2, "Сапарова")
    for text, found in (("сапар", 1), ("7477654321", 1), ("оспан", 0)):
        assert desk.get(URL, {"q": text}).json()["total"] == found
    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="patient_changed")
        assert entry.data == {"version": 2, "changed": ["last_name", "phone"]}
        assert BranchCounter.objects.get(branch_id=clinic.branch.pk).value == 1


def test_a_stale_change_is_refused(as_role, clinic):
    desk = as_role("registrar")
    desk.patch(url(clinic), {"version": 1, "note": "Раз"})

    r = desk.patch(url(clinic), {"version": 1, "note": "Два"})

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["changed"] == ["note"]
    assert desk.patch(url(clinic), {"note": "Два"}).status_code == 400


def test_a_new_iin_renews_cipher_text_and_hash_together(as_role, clinic, new_iin):
    desk, iin = as_role("registrar"), new_iin("1990-05-01", "F")

    r = desk.patch(url(clinic), {"version": 1, "iin": iin})

    assert r.json()["iin"] == "••••••••" + iin[-4:]
    with tenant(clinic.pk):
        row = Patient.objects.get(pk=clinic.patient.pk)
        assert crypto.unseal(row, "iin_sealed") == iin
        assert bytes(row.iin_lookup) == iin_hash(iin)
        assert JournalEntry.objects.get(event="patient_changed").data["changed"] == ["iin"]
    assert (
        desk.patch(url(clinic), {"version": 2, "iin": iin}).json()["version"] == 2
    )  # the same again
    r = desk.patch(url(clinic), {"version": 2, "iin": ""})
    assert (r.json()["iin"], r.json()["version"]) == (None, 3)
    with tenant(clinic.pk):
        row = Patient.objects.get(pk=clinic.patient.pk)
        assert (row.iin_sealed, row.iin_lookup) == (None, None)


def test_another_patients_iin_is_refused(as_role, clinic):
    r = as_role("registrar").patch(f"{URL}/{clinic.patient2.pk}", {"version": 1, "iin": clinic.iin})

    assert (r.status_code, r.json()["code"]) == (409, "iin_taken")


def test_a_patient_with_an_iin_is_no_exception(as_role, clinic):
    r = as_role("registrar").patch(url(clinic), {"version": 1, "without_iin": "newborn"})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["without_iin"])


def test_the_archive_leaves_the_register(as_role, clinic):
    desk = as_role("registrar")
    desk.patch(url(clinic), {"version": 1, "is_archived": True})

    for query in ({}, {"q": "оспан"}):
        ids = [row["id"] for row in desk.get(URL, query).json()["items"]]
        assert str(clinic.patient.pk) not in ids
        ids = [row["id"] for row in desk.get(URL, query | {"archived": "true"}).json()["items"]]
        assert ids == [str(clinic.patient.pk)]


def test_who_only_reads_does_not_change(as_role, clinic):
    for role in ("cashier", "accountant", "assistant", "readonly"):
        assert as_role(role).patch(url(clinic), {"version": 1, "note": "X"}).status_code == 403


def test_nobody_gives_a_patient_to_a_branch_that_is_not_his(as_role, clinic):
    desk = as_role("registrar", branch=clinic.branch)
    there = {"version": 1, "branch": str(clinic.other_branch.pk)}

    assert desk.patch(url(clinic), there).status_code == 403
    assert as_role("admin").patch(url(clinic), there).status_code == 200


def test_nothing_else_is_writable(as_role, clinic):
    for name in ("id", "card_number", "organization", "balance", "search", "confirm_duplicate"):
        r = as_role("registrar").patch(url(clinic), {"version": 1, name: "1"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])
