"""Invariant 6: few connections, many organisations, errors at any moment, and nobody is ever somebody else."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction

from apps.core import tenancy
from apps.core.tenancy import organization_or_none, tenant
from apps.patients.models import Patient
from testing.clinics import Clinic, build_clinic
from testing.races import size, together


class Trouble(Exception):
    pass


@pytest.fixture
def pooled(committed_db: str) -> Iterator[None]:
    """Threads share four connections, as those of the web process do."""
    options = connections.settings["default"]["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 20}
    yield
    connection.close()
    connection.close_pool()
    options["pool"] = False


def test_no_request_ever_meets_another_organisation(pooled: None) -> None:
    assert mistakes([build_clinic(canary=number > 0) for number in range(4)]) == 0


def test_control_a_setting_that_outlives_its_transaction_is_found(
    pooled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_good(organization_id: Any) -> None:
        if organization_id:
            ask("SELECT set_config('app.organization_id', %s, false)", str(organization_id))

    clinics = [build_clinic(canary=number > 0) for number in range(4)]
    monkeypatch.setattr(tenancy, "_set_in_database", for_good)
    assert mistakes(clinics) > 0


def mistakes(clinics: list[Clinic], threads: int = 6) -> int:
    return sum(together([lambda s=s: _requests(clinics, s) for s in range(threads)]))


def _requests(clinics: list[Clinic], seed: int) -> int:
    dice, wrong = random.Random(seed), 0
    for _ in range(size(60, 1700)):
        wrong += not _outside_is_empty()
        clinic = dice.choice(clinics)
        try:
            with tenant(clinic.pk):
                wrong += not _echoes(clinic)
                _trouble(dice)
        except Exception:  # any of them, as a request would meet it
            wrong += organization_or_none() is not None
        connection.close()  # back into the pool
    return wrong


def _outside_is_empty() -> bool:
    with transaction.atomic():
        return ask("SELECT count(*) FROM patients_patient") == 0


def _echoes(clinic: Clinic) -> bool:
    if ask("SELECT current_setting('app.organization_id')") != str(clinic.pk):
        return False
    return {row.organization_id for row in Patient.objects.all()} == {clinic.pk}


def _trouble(dice: random.Random) -> None:
    kind = dice.randrange(6)
    if kind == 0:
        raise Trouble
    if kind == 1:
        ask("SELECT 1 / 0")
    if kind == 2:
        connection.connection.close()
    if kind == 3:
        connection.set_rollback(True)


def ask(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchone()[0]
