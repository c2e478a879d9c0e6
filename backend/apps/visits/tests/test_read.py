from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core import screens
from apps.core.models import JournalEntry
from apps.patients.models import CareLink
from apps.staff.models import Employee
from apps.visits import queries
from testing.clinics import CANARY

URL = "/api/v1/visits"


def test_the_worklist_shows_the_day(clinic, doctor, visit):
    r = doctor.get(URL, {"branch": str(clinic.branch.pk)})

    assert (r.status_code, r.json()["total"], r.json()["next"]) == (200, 1, None)
    (row,) = r.json()["items"]
    assert row["id"] == visit["id"]
    assert row["patient"]["name"] == clinic.patient.full_name
    assert row["patient"]["card_number"] == clinic.patient.card_number
    assert row["patient"]["age"] == clinic.patient.age(clinic.branch.today(timezone.now()))
    assert row["patient"]["allergies"] == clinic.patient.allergies
    assert row["employee"]["name"] == clinic.doctor.short_name


def test_the_worklist_is_one_statement_however_long(clinic, doctor, walk_in):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert doctor.get(URL, {"branch": str(clinic.branch.pk)}).status_code == 200
        return [q["sql"] for q in seen if "FROM visits_visit" in q["sql"]], len(seen)

    walk_in()
    first = statements()
    for _ in range(5):
        walk_in()
    assert len(first[0]) == 1
    assert statements()[1] == first[1]


def test_filters(clinic, front_desk, visit, walk_in):
    other = walk_in(employee=str(clinic.doctor2.pk))
    yesterday = clinic.branch.today(timezone.now()) - timedelta(days=1)

    def ids(**query):
        return [row["id"] for row in front_desk.get(URL, query).json()["items"]]

    assert set(ids()) == {visit["id"], other["id"]}
    assert ids(employee=str(clinic.doctor2.pk)) == [other["id"]]
    assert ids(status="signed") == []
    assert ids(date=str(yesterday)) == []


def test_a_branch_out_of_reach_does_not_exist(clinic, rival, front_desk, visit):
    for branch in (clinic.other_branch, rival.branch):
        r = front_desk.get(URL, {"branch": str(branch.pk)})
        assert (r.status_code, list(r.json()["fields"])) == (400, ["branch"])


def test_a_doctor_sees_his_own_visits_only(clinic, as_user, visit):
    colleague = as_user(clinic.doctor2.user)

    assert colleague.get(URL).json()["items"] == []
    assert colleague.get(f"{URL}/{visit['id']}").status_code == 404


def test_an_assistant_sees_the_patients_he_is_linked_with(clinic, as_role, in_tenant, visit):
    assistant = as_role("assistant")
    assert assistant.get(f"{URL}/{visit['id']}").status_code == 404

    with in_tenant():
        helper = Employee.objects.create(
            user=assistant.user, position=clinic.position, last_name="Ли", first_name="Вера"
        )
        CareLink.objects.create(patient=clinic.patient, branch=clinic.branch, employee=helper)

    assert [row["id"] for row in assistant.get(URL).json()["items"]] == [visit["id"]]
    shown = assistant.get(f"{URL}/{visit['id']}").json()
    assert shown["diary"] is not None
    assert (shown["can"]["diary"], shown["can"]["works"], shown["can"]["sign"]) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("role", "record"),
    [("owner", True), ("admin", False), ("branch_admin", False), ("registrar", False),
     ("cashier", False), ("accountant", False), ("readonly", False)],
)  # fmt: skip
def test_the_record_is_shown_to_those_who_may_read_it(clinic, as_role, doctor, visit, role, record):
    doctor.patch(f"{URL}/{visit['id']}", {"version": 1, "complaints": "Болит зуб 36"})

    shown = as_role(role).get(f"{URL}/{visit['id']}").json()

    assert (shown["diary"] is not None, shown["diagnoses"] is not None) == (record, record)
    assert ("Болит" in str(shown)) is record
    assert shown["works"] == []


@pytest.mark.parametrize("role", ["warehouse", "marketer", "call_center"])
def test_other_roles_see_no_visit(as_role, visit, role):
    assert as_role(role).get(URL).status_code == 403
    assert as_role(role).get(f"{URL}/{visit['id']}").status_code == 403


def test_looking_at_the_worklist_is_journalled_once_a_quarter(
    doctor, visit, in_tenant, django_capture_on_commit_callbacks
):
    screens._written.clear()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            doctor.get(URL)

    with in_tenant():
        assert JournalEntry.objects.filter(event="worklist_viewed").count() == 1


def test_the_worklist_scans_no_table(clinic, in_tenant):
    with in_tenant(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        began, ends = clinic.branch.day(clinic.branch.today(timezone.now()))
        wanted = {
            "organization": clinic.pk, "branches": [clinic.branch.pk], "day": began.date(),
            "begins": began, "ends": ends, "employee": None, "status": "", "all": True,
            "covered": [], "own": False, "user": clinic.doctor.user.pk, "helps": False,
        }  # fmt: skip
        cursor.execute(f"EXPLAIN {queries._WORKLIST}", wanted)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "yesterday", "2026-13-01"])
def test_days_that_nobody_has_are_refused(doctor, day):
    r = doctor.get(URL, {"date": day})

    assert (r.status_code, list(r.json()["fields"])) == (400, ["date"])


def test_opening_a_visit_is_journalled(clinic, as_role, in_tenant, visit):
    owner = as_role("owner")
    owner.get(f"{URL}/{visit['id']}")

    with in_tenant():
        entry = JournalEntry.objects.get(event="visits_viewed")
    assert (str(entry.object_id), entry.patient_id) == (visit["id"], clinic.patient.pk)
    assert entry.actor == owner.user


def test_a_visit_of_another_clinic_does_not_exist(clinic, rival, as_role, visit):
    stranger = as_role("owner", clinic=rival)

    assert stranger.get(f"{URL}/{visit['id']}").status_code == 404
    assert stranger.get(URL).json()["items"] == []
    assert CANARY not in as_role("owner").get(URL).content.decode()
