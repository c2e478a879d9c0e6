"""The function of the owner that sees past row level security: its organisation test, and the indexes it uses."""

import pytest
from django.db import connection

from apps.core.ids import uuid7
from apps.core.kz import names
from apps.core.tenancy import tenant
from apps.patients.models import CareLink, Patient
from apps.patients.search import kept
from testing.clinics import build_clinic

CALL = """SELECT last_name FROM patient_search(
  %s, %s, NULL, NULL, NULL, %s, %s, NULL, %s, %s::uuid[], %s, false, 200, 50, 0)"""


def search(organization_id, text, *, everybody=True, branches=(), treating=None, card=None):
    with connection.cursor() as cursor:
        cursor.execute(
            CALL,
            [organization_id, [f"%{text}%"], [text], card, everybody, list(branches), treating],
        )
        return [row[0] for row in cursor.fetchall()]


def test_another_organisations_id_finds_nothing(clinic, rival):
    with tenant(rival.pk):
        assert len(search(rival.pk, "canary")) == 2
    with tenant(clinic.pk):
        assert search(rival.pk, "canary") == []
        assert search(rival.pk, "canary", everybody=False, branches=[rival.branch.pk]) == []
        assert search(rival.pk, "canary", everybody=False, treating=rival.doctor.user_id) == []
        assert search(clinic.pk, "canary") == []


def test_without_an_organisation_nothing_is_found(clinic):
    assert search(clinic.pk, "оспан") == []
    assert search(None, "оспан") == []
    with tenant(clinic.pk):
        assert search(clinic.pk, "оспан") == ["Оспанова"]
        assert search(None, "оспан") == []


def test_only_the_application_may_call_it(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.prosecdef, pg_get_userbyid(p.proowner), p.proconfig,
                      has_function_privilege('public', p.oid, 'EXECUTE'),
                      has_function_privilege(current_user, p.oid, 'EXECUTE')
               FROM pg_proc p WHERE p.proname = 'patient_search'"""
        )
        definer, owner, config, public, ours = cursor.fetchone()
    assert (definer, owner, public, ours) == (True, "clinic_owner", False, True)
    assert "search_path=pg_catalog, public, pg_temp" in config


def test_the_database_knows_cyrillic_trigrams(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('ахметов'))")
        assert cursor.fetchone()[0] == 8


@pytest.fixture
def many(committed_db):
    """Five thousand patients of one clinic."""
    clinic = build_clinic()
    with tenant(clinic.pk):
        rows = [
            Patient(
                id=uuid7(), card_number=number, last_name=who["last_name"], first_name=who["first_name"],
                middle_name=who["middle_name"], phone=who["phone"], branch=clinic.branch,
                search=kept(who["last_name"], who["first_name"], who["middle_name"], who["phone"], number),
            )
            for number, who in enumerate(names.people(5000, seed=3), start=1)
        ]  # fmt: skip
        Patient.objects.bulk_create(rows, batch_size=1000)
        CareLink.objects.bulk_create(
            [CareLink(patient=row, branch=clinic.branch) for row in rows], batch_size=1000
        )
    return clinic


def scans() -> dict[str, int]:
    """Sequential scans of the tables of the search in this transaction so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, seq_scan FROM pg_stat_xact_user_tables
               WHERE relname IN ('patients_patient', 'patients_carelink', 'staff_employee', 'patients_patientaccount')"""
        )
        return dict(cursor.fetchall())


def test_no_search_reads_a_table_from_end_to_end(many):
    with tenant(many.pk):
        before = scans()
        for text in ("ахмет", "ова", "700", "zzz"):
            search(many.pk, text, card=77)
            search(many.pk, text, everybody=False, branches=[many.branch.pk], card=77)
            search(many.pk, text, everybody=False, treating=many.doctor.user_id, card=77)
        assert scans() == before


def test_the_guard_notices_a_sequential_scan(many):
    """The control of the test above."""
    with tenant(many.pk):
        before = scans()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        list(Patient.objects.filter(note__contains="x"))
        assert scans() != before
