"""The journal of events: written with its cause, kept of refusals, never changed."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.warehouse.models import Item
from embedded.pytest_plugin import owner_address
from testing.clinics import build_clinic

ITEMS = "/api/v1/warehouse/items"
THING = {"name": "Перчатки", "unit": "пара"}

ATTACKS = [
    "UPDATE core_journalentry SET data = '{}'",
    "UPDATE core_journalentry SET actor_id = NULL WHERE true",
    "DELETE FROM core_journalentry",
    "TRUNCATE core_journalentry",
    "TRUNCATE org_organization CASCADE",
    "ALTER TABLE core_journalentry DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE core_journalentry ADD COLUMN x int",
    "DROP TABLE core_journalentry",
    "DROP POLICY tenant ON core_journalentry",
    "GRANT UPDATE ON core_journalentry TO clinic_app; UPDATE core_journalentry SET event = 'x'",
    "SET ROLE clinic_owner",
    "WITH gone AS (DELETE FROM core_journalentry RETURNING 1) SELECT count(*) FROM gone",
    "INSERT INTO core_journalentry SELECT * FROM core_journalentry ON CONFLICT (id, organization_id) DO UPDATE SET event = 'x'",
    "SELECT * FROM core_journalentry FOR UPDATE",
    "MERGE INTO core_journalentry j USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_cannot_change_it(attack: str, as_role: Any, clinic: Any) -> None:
    assert as_role("warehouse").post(ITEMS, THING).status_code == 201
    with tenant(clinic.pk):
        before = list(JournalEntry.objects.values())
        assert before
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
        assert list(JournalEntry.objects.values()) == before


def test_nor_through_the_models_or_a_parent(as_role: Any, clinic: Any) -> None:
    client = as_role("warehouse")
    client.post(ITEMS, THING)
    with tenant(clinic.pk):
        entry = JournalEntry.objects.first()
        assert entry is not None
        for change in (
            entry.delete,
            entry.save,
            lambda: JournalEntry.objects.update(event="x"),
            lambda: JournalEntry.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        with pytest.raises((ProtectedError, DatabaseError)), transaction.atomic():
            client.user.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            clinic.organization.delete()
        assert JournalEntry.objects.count() == 1


def test_a_write_and_its_row_are_one(committed_db: str) -> None:
    clinic = build_clinic()
    client = clinic.client("warehouse")
    client.raise_request_exception = False
    with psycopg.connect(owner_address(committed_db), autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON core_journalentry FROM clinic_app")
        refused = client.post(ITEMS, THING)
        owner.execute("GRANT INSERT ON core_journalentry TO clinic_app")
    assert (refused.status_code, refused.json()["code"]) == (500, "broken")
    with tenant(clinic.pk):
        assert not Item.objects.exists()
    assert client.post(ITEMS, THING).status_code == 201  # the same request, and nothing in its way
    with tenant(clinic.pk):
        row = JournalEntry.objects.get()
        assert (row.event, row.outcome, row.actor) == ("item_added", "done", client.user)
        assert row.address == "127.0.0.1"
        assert row.object_id == Item.objects.get().pk


def test_a_refusal_leaves_a_row_and_nothing_else(as_role: Any, clinic: Any) -> None:
    client = as_role("marketer")

    assert client.post(ITEMS, THING).status_code == 403

    with tenant(clinic.pk):
        row = JournalEntry.objects.get()
        assert (row.outcome, row.actor, row.address) == ("refused", client.user, "127.0.0.1")
        assert row.data == {"method": "POST", "route": "api/v1/warehouse/items"}
        assert not Item.objects.exists()


def test_bad_input_leaves_no_row(as_role: Any, clinic: Any) -> None:
    assert as_role("warehouse").post(ITEMS, {"name": ""}).status_code == 400
    with tenant(clinic.pk):
        assert not JournalEntry.objects.exists()
