import pytest

from apps.core.models import JournalEntry
from apps.visits.models import DIARY
from apps.visits.teeth import TEETH, is_tooth

URL = "/api/v1/visits"


def test_the_doctor_writes_section_by_section(doctor, visit, in_tenant):
    url = f"{URL}/{visit['id']}"

    first = doctor.patch(url, {"version": 1, "complaints": "Ноет\n ночью "})
    second = doctor.patch(url, {"version": 2, "conclusion": "К02.1"})

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["version"] == 3
    assert second.json()["diary"] == dict.fromkeys(DIARY, "") | {
        "complaints": "Ноет\n ночью ",
        "conclusion": "К02.1",
    }
    with in_tenant():
        edits = JournalEntry.objects.filter(event="visit_edited").order_by("at")
        assert [e.data for e in edits] == [
            {"version": 2, "changed": ["complaints"]},
            {"version": 3, "changed": ["conclusion"]},
        ]


def test_saving_the_same_text_changes_nothing(doctor, visit):
    url = f"{URL}/{visit['id']}"
    doctor.patch(url, {"version": 1, "complaints": "Ноет"})

    assert doctor.patch(url, {"version": 2, "complaints": "Ноет"}).json()["version"] == 2


def test_a_stale_edit_is_refused_with_who_changed_what(clinic, doctor, visit):
    url = f"{URL}/{visit['id']}"
    doctor.patch(url, {"version": 1, "complaints": "Ноет"})

    r = doctor.patch(url, {"version": 1, "anamnesis": "Давно"})

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["version"] == 2
    assert r.json()["details"]["changed"] == ["complaints"]
    assert r.json()["details"]["by"] == clinic.doctor.user.short_name


@pytest.mark.parametrize("extra", ["status", "total", "signed_at", "patient", "organization", "id"])
def test_nothing_else_can_be_written(doctor, visit, extra):
    r = doctor.patch(f"{URL}/{visit['id']}", {"version": 1, extra: "signed"})

    assert (r.status_code, list(r.json()["fields"])) == (400, [extra])


@pytest.mark.parametrize("role", ["owner", "admin", "branch_admin", "registrar", "cashier"])
def test_others_do_not_write(as_role, visit, role):
    url = f"{URL}/{visit['id']}"
    assert as_role(role).patch(url, {"version": 1, "complaints": "x"}).status_code == 403
    assert as_role(role).put(f"{url}/works", {"version": 1, "items": []}).status_code == 403
    assert as_role(role).put(f"{url}/diagnoses", {"version": 1, "items": []}).status_code == 403


def test_colleagues_and_strangers_do_not_write(clinic, rival, as_user, as_role, visit):
    for person in (as_user(clinic.doctor2.user), as_role("doctor", clinic=rival)):
        r = person.patch(f"{URL}/{visit['id']}", {"version": 1, "complaints": "x"})
        assert r.status_code == 404


def test_diagnoses_by_code_and_tooth(doctor, visit):
    url = f"{URL}/{visit['id']}/diagnoses"
    items = [{"icd10": "K02.1", "tooth": 36}, {"icd10": "K02.1"}]

    r = doctor.put(url, {"version": 1, "items": items})

    assert r.status_code == 200
    assert [(d["icd10"], d["tooth"]) for d in r.json()["diagnoses"]] == [
        ("K02.1", 36),
        ("K02.1", None),
    ]
    assert r.json()["version"] == 2
    assert doctor.put(url, {"version": 2, "items": items}).json()["version"] == 2


def test_an_unknown_code_or_tooth_is_named(doctor, visit):
    url = f"{URL}/{visit['id']}/diagnoses"

    code = doctor.put(url, {"version": 1, "items": [{"icd10": "K02.1"}, {"icd10": "Q99.9"}]})
    tooth = doctor.put(url, {"version": 1, "items": [{"icd10": "K02.1", "tooth": 19}]})

    assert (code.status_code, list(code.json()["fields"])) == (400, ["items.1.icd10"])
    assert (tooth.status_code, list(tooth.json()["fields"])) == (400, ["items.0.tooth"])


def test_there_are_fifty_two_teeth():
    assert len(TEETH) == 52
    wrong = [0, 9, 10, 19, 20, 29, 30, 39, 40, 49, 50, 56, 60, 66, 70, 76, 80, 86, 90, -11]
    assert not any(map(is_tooth, wrong))
    assert all(map(is_tooth, [11, 18, 28, 38, 48, 51, 55, 65, 75, 85]))
