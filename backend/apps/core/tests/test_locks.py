"""The four locks, each with its control: the same question with the lock open must be answered."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import ValidationError

from apps.core.api import TenantKey
from apps.core.checks import tenant_models_are_locked
from apps.core.tenancy import (
    NoTenant,
    TenantForeignKey,
    TenantManager,
    TenantModel,
    organization_or_none,
    tenant,
)
from apps.org.models import Branch, Room
from apps.patients.models import Patient
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic

TENANT = [m for m in apps.get_models(include_auto_created=True) if issubclass(m, TenantModel)]


@pytest.fixture
def two(committed_db: str) -> tuple[Clinic, Clinic]:
    return build_clinic(), build_clinic(canary=True)


@pytest.fixture
def owner(committed_db: str) -> Iterator[psycopg.Connection[Any]]:
    """The schema's owner, to open a lock for a control."""
    with psycopg.connect(owner_address(committed_db), autocommit=True) as found:
        yield found


def ask(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)


# --- 1: the manager


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.label)
def test_a_query_outside_of_a_tenant_raises(model: Any, db: None) -> None:
    for ask_it in (
        lambda: list(model.objects.all()),
        lambda: model.objects.filter(pk=None).exists(),
        lambda: model._base_manager.count(),
        lambda: model._default_manager.create(),
        lambda: model.objects.bulk_create([]),
        lambda: model.objects.update(id=None),
    ):
        with pytest.raises(NoTenant):
            ask_it()


def test_its_control(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked(monkeypatch)
    assert list(Patient.objects.all()) == []  # no exception, though the third lock still holds


def test_a_queryset_that_leaves_its_tenant_finds_nothing(clinic: Clinic, rival: Clinic) -> None:
    with tenant(clinic.pk):
        rows = Patient.objects.all()
    with tenant(rival.pk):
        assert list(rows) == []


def test_the_tenant_lasts_as_long_as_its_block(clinic: Clinic, rival: Clinic) -> None:
    with tenant(clinic.pk):
        with tenant(rival.pk):
            assert Branch.objects.filter(pk=rival.branch.pk).exists()
        assert not Branch.objects.filter(pk=rival.branch.pk).exists()
        assert ask("SELECT current_setting('app.organization_id')") == [(str(clinic.pk),)]
    assert ask("SELECT current_setting('app.organization_id', true)") == [("",)]


# --- 2: ids that we are given


def test_a_strangers_id_does_not_exist(clinic: Clinic, rival: Clinic) -> None:
    key = TenantKey(Patient.objects)
    with tenant(clinic.pk):
        assert key.run_validation(str(clinic.patient.pk)) == clinic.patient
        with pytest.raises(ValidationError) as refused:
            key.run_validation(str(rival.patient.pk))
        with pytest.raises(ValidationError) as unknown:
            key.run_validation(str(clinic.branch.pk))
    same = str(refused.value.detail).replace(str(rival.patient.pk), "")
    assert same == str(unknown.value.detail).replace(str(clinic.branch.pk), "")


def test_control_of_the_second_and_third_lock(
    two: tuple[Clinic, Clinic], owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = two
    owner.execute("ALTER TABLE patients_patient DISABLE ROW LEVEL SECURITY")
    assert ask("SELECT count(*) FROM patients_patient") == [(4,)]
    key = TenantKey(Patient.objects)
    with tenant(ours.pk):
        with pytest.raises(ValidationError):
            key.run_validation(str(theirs.patient.pk))  # the first two locks are enough
        unlocked(monkeypatch)
        assert key.run_validation(str(theirs.patient.pk)) == theirs.patient


# --- 3: row level security, asked in SQL as the application


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.label)
def test_without_a_tenant_there_is_nothing(model: Any, clinic: Clinic, rival: Clinic) -> None:
    table = model._meta.db_table
    with transaction.atomic():
        assert ask(f'SELECT count(*) FROM "{table}"') == [(0,)]
    with tenant(rival.pk):
        assert ask(f'SELECT count(*) FROM "{table}" WHERE organization_id = %s', clinic.pk) == [
            (0,)
        ]
    if not model.append_only:
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET id = id')
            assert cursor.rowcount == 0
            cursor.execute(f'DELETE FROM "{table}"')
            assert cursor.rowcount == 0


@pytest.mark.parametrize("inside", [False, True])
def test_a_row_of_another_organization_cannot_be_written(
    clinic: Clinic, rival: Clinic, inside: bool
) -> None:
    sql = "INSERT INTO core_branchcounter (id, organization_id, branch_id, value) VALUES (gen_random_uuid(), %s, gen_random_uuid(), 1)"

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [rival.pk])

    with pytest.raises(DatabaseError, match="row-level security"):
        if inside:
            with tenant(clinic.pk):
                write()
        else:
            write()
    with (
        tenant(clinic.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE org_branch SET organization_id = %s", [rival.pk])


def test_the_setting_dies_with_its_transaction(two: tuple[Clinic, Clinic]) -> None:
    with tenant(two[0].pk):
        assert ask("SELECT count(*) FROM patients_patient") == [(2,)]
    assert ask("SELECT current_setting('app.organization_id', true)") == [("",)]
    assert ask("SELECT count(*) FROM patients_patient") == [(0,)]
    with pytest.raises(ZeroDivisionError), tenant(two[1].pk):
        1 / 0  # noqa: B018
    assert ask("SELECT count(*) FROM patients_patient") == [(0,)]


def test_the_setting_is_taken_back_where_the_transaction_goes_on(
    two: tuple[Clinic, Clinic],
) -> None:
    ours, theirs = two
    setting = "SELECT current_setting('app.organization_id', true)"
    with transaction.atomic():
        with tenant(ours.pk):
            with tenant(theirs.pk):
                assert ask(setting) == [(str(theirs.pk),)]
            assert ask(setting) == [(str(ours.pk),)]
        assert ask(setting) == [("",)]
        with transaction.atomic(), tenant(ours.pk, to_the_end=True):
            pass
        assert ask(setting) == [("",)]


def test_a_request_tells_the_database_its_organisation_once(two: tuple[Clinic, Clinic]) -> None:
    client = two[0].client("registrar")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/api/v1/patients/{two[0].patient.pk}").status_code == 200

    told = [q["sql"] for q in asked.captured_queries if "set_config" in q["sql"]]
    assert len(told) == 1
    assert ask("SELECT count(*) FROM patients_patient") == [(0,)]


def test_a_connection_that_dies_at_the_door_leaves_nobody_inside(
    two: tuple[Clinic, Clinic],
) -> None:
    ours, _ = two
    with pytest.raises(OperationalError), transaction.atomic():
        connection.connection.close()
        with tenant(ours.pk):
            pass

    assert organization_or_none() is None
    with tenant(ours.pk):
        assert Patient.objects.filter(pk=ours.patient.pk).update(note="") == 1


# --- 4: keys


def edges() -> list[tuple[Any, Any]]:
    return [
        (model, field)
        for model in TENANT
        if not model.append_only
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    ]


def test_a_link_into_another_organization_cannot_be_stored(clinic: Clinic, rival: Clinic) -> None:
    tried = 0
    for model, field in edges():
        with tenant(rival.pk):
            target = field.related_model.objects.first()
        with tenant(clinic.pk):
            row = model.objects.first()
            if row is None or target is None:
                continue
            tried += 1
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                _point(model, field, row, target)
            cause: Any = refused.value.__cause__
            assert cause.sqlstate == "23503", f"{model.__name__}.{field.name}"
            assert cause.diag.constraint_name.endswith("_tfk"), cause
    assert tried >= 15


def _point(model: Any, field: Any, row: Any, target: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',
            [target.pk, row.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_control_of_the_fourth_lock(two: tuple[Clinic, Clinic], owner: Any) -> None:
    ours, theirs = two
    owner.execute("ALTER TABLE org_room DROP CONSTRAINT org_room_branch_id_tfk")
    with tenant(ours.pk):
        _point(Room, Room._meta.get_field("branch"), ours.room, theirs.branch)
        assert ask("SELECT branch_id FROM org_room") == [(theirs.branch.pk,)]
        transaction.set_rollback(True)


# --- and that nobody writes a model without them


def test_the_models_pass_the_checks() -> None:
    assert tenant_models_are_locked() == []


def test_the_checks_find_what_they_should() -> None:
    class Loose(TenantModel):
        branch = models.ForeignKey(Branch, models.CASCADE, related_name="+")
        branches = models.ManyToManyField(Branch, related_name="+")
        code = models.CharField(max_length=4, unique=True)

        class Meta:
            app_label = "core"
            constraints = (models.UniqueConstraint(fields=["branch"], name="loose"),)

    try:
        found = [fault.id for fault in tenant_models_are_locked() if fault.obj is Loose]
    finally:
        registered = apps.all_models["core"]
        for name in ("loose", "loose_branches"):
            registered.pop(name, None)
        apps.clear_cache()
    assert sorted(found) == ["clinic.E001", "clinic.E001", "clinic.E004", "clinic.E005"]
