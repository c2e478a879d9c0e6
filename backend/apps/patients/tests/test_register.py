import pytest

from apps.core import crypto
from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.patients.models import CareLink, Patient

URL = "/api/v1/patients"
ANNA = {
    "last_name": "Иванова",
    "first_name": "Анна",
    "phone": "8 (705) 111-22-33",
    "birth_date": "1985-02-03",
}


def test_the_front_desk_registers_somebody_with_a_name_alone(as_role, clinic):
    desk = as_role("registrar", branch=clinic.branch)

    r = desk.post(URL, {"last_name": "Иванова", "first_name": "Анна"})

    assert r.status_code == 201, r.json()
    assert (r.json()["branch"], r.json()["sex"], r.json()["card_number"]) == (
        str(clinic.branch.pk), "unknown", 1,
    )  # fmt: skip
    assert desk.post(URL, {"last_name": "Петров", "first_name": "Ян"}).json()["card_number"] == 2
    assert desk.get(f"{URL}/{r.json()['id']}").json() == r.json()


def test_a_phone_comes_in_any_form(as_role):
    r = as_role("registrar").post(URL, ANNA)

    assert r.json()["phone"] == "+77051112233"


def test_an_iin_fills_birth_date_and_sex_and_is_kept_sealed(as_role, clinic, new_iin):
    iin = new_iin("1991-03-04", "F")

    r = as_role("registrar").post(URL, {"last_name": "Ли", "first_name": "Ан", "iin": f" {iin} "})

    assert (r.json()["birth_date"], r.json()["sex"], r.json()["iin"]) == (
        "1991-03-04", "female", "••••••••" + iin[-4:],
    )  # fmt: skip
    with tenant(clinic.pk):
        row = Patient.objects.get(pk=r.json()["id"])
        assert crypto.unseal(row, "iin_sealed") == iin
        assert iin.encode() not in bytes(row.iin_sealed)
        assert iin not in row.search
        entry = JournalEntry.objects.get(event="patient_created")
        assert (entry.patient_id, entry.data) == (row.pk, {"version": 1})


def test_what_was_typed_is_not_overwritten_but_warned_of(as_role, new_iin):
    body = ANNA | {"iin": new_iin("1991-03-04", "M"), "sex": "female"}

    r = as_role("registrar").post(URL, body)

    assert (r.json()["birth_date"], r.json()["sex"]) == ("1985-02-03", "female")
    assert r.json()["warnings"] == ["birth_date_differs", "sex_differs"]


@pytest.mark.parametrize("bad", ["123456789012", "000000000000", "12345", "٩١٠٣٠٤٤٠٠٠٠٠"])
def test_a_wrong_iin_is_refused(as_role, clinic, bad):
    r = as_role("registrar").post(URL, ANNA | {"iin": bad})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["iin"])
    with tenant(clinic.pk):
        assert not Patient.objects.filter(last_name="Иванова").exists()


def test_a_foreigner_has_none(as_role, clinic):
    desk = as_role("registrar")

    assert desk.post(URL, ANNA | {"without_iin": "foreigner"}).json()["without_iin"] == "foreigner"
    r = desk.post(URL, ANNA | {"without_iin": "newborn", "iin": clinic.iin})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["iin"])


def test_an_iin_belongs_to_one_patient_of_a_clinic(as_role, clinic, rival):
    desk = as_role("registrar")

    r = desk.post(URL, ANNA | {"iin": clinic.iin})
    assert (r.status_code, r.json()["code"]) == (409, "iin_taken")
    assert r.json()["details"]["patient"] == str(clinic.patient.pk)
    assert (
        desk.post(URL, ANNA | {"iin": rival.iin}).status_code == 201
    )  # theirs is no concern of ours


def test_whose_iin_it_is_stays_unsaid_where_he_is_not_seen(as_role, clinic):
    r = as_role("registrar", branch=clinic.other_branch).post(URL, ANNA | {"iin": clinic.iin})

    assert r.json()["details"] == {"patient": None, "card_number": None}


@pytest.mark.parametrize(
    "again",
    [
        ANNA,
        {"last_name": "Другая", "first_name": "Яна", "phone": "+77051112233"},
        {"last_name": "иванова", "first_name": "АННА", "birth_date": "1985-02-03"},
    ],
)
def test_a_possible_duplicate_is_warned_of_until_confirmed(as_role, again):
    desk = as_role("registrar")
    first = desk.post(URL, ANNA).json()

    r = desk.post(URL, again)

    assert (r.status_code, r.json()["code"]) == (409, "possible_duplicates")
    (candidate,) = r.json()["details"]["candidates"]
    assert (candidate["id"], candidate["phone"]) == (first["id"], "+7 705 ••• •• 33")
    assert desk.post(URL, again | {"confirm_duplicate": True}).status_code == 201


@pytest.mark.parametrize(
    "other",
    [
        {"last_name": "Иванова", "first_name": "Анна"},
        {"last_name": "Иванова", "first_name": "Анна", "birth_date": "1985-02-04"},
        {"last_name": "Иванова", "first_name": "Яна", "birth_date": "1985-02-03"},
    ],
)
def test_somebody_alike_is_no_duplicate(as_role, other):
    desk = as_role("registrar")
    desk.post(URL, ANNA)

    assert desk.post(URL, other).status_code == 201


def test_duplicates_elsewhere_are_counted_and_not_shown(as_role, clinic):
    as_role("registrar", branch=clinic.branch).post(URL, ANNA)

    r = as_role("registrar", branch=clinic.other_branch).post(URL, ANNA)

    assert r.json()["details"] == {"candidates": [], "elsewhere": 1}


def test_a_twin_in_another_clinic_is_not_told_of(as_role, rival):
    as_role("registrar", clinic=rival).post(URL, ANNA)

    assert as_role("registrar").post(URL, ANNA).status_code == 201


def test_a_doctors_patient_is_linked_with_him(as_role, clinic):
    doctor = as_role("doctor")

    r = doctor.post(URL, ANNA)

    assert (r.status_code, r.json()["branch"]) == (201, str(clinic.branch.pk))
    with tenant(clinic.pk):
        links = CareLink.objects.filter(patient=r.json()["id"])
        assert links.get().employee_id == clinic.doctor.pk
    assert doctor.get(f"{URL}/{r.json()['id']}").status_code == 200


def test_nobody_registers_in_a_branch_that_is_not_his(as_role, clinic, rival):
    there = {"branch": str(clinic.other_branch.pk)}

    assert as_role("registrar", branch=clinic.branch).post(URL, ANNA | there).status_code == 403
    assert as_role("doctor").post(URL, ANNA | there).status_code == 403
    r = as_role("owner").post(URL, ANNA | {"branch": str(rival.branch.pk)})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["branch"])


@pytest.mark.parametrize(
    "role", ["cashier", "accountant", "marketer", "readonly", "nurse", "warehouse"]
)
def test_these_do_not_register(as_role, role):
    assert as_role(role).post(URL, ANNA).status_code == 403


def test_nothing_else_is_writable(as_role):
    for name in ("id", "card_number", "organization", "balance", "version", "search", "iin_sealed"):
        r = as_role("registrar").post(URL, ANNA | {name: "1"})
        assert (r.status_code, list(r.json()["fields"])) == (400, [name])
