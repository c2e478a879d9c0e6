from typing import Any

import pytest

from apps.core.tenancy import tenant
from apps.reports import rollups
from apps.reports.tests.money import Desk
from testing.clinics import Clinic


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic)


@pytest.fixture(autouse=True)
def rollups_agree(request: Any) -> Any:
    """After every test: each roll-up is the sum of its journal; who breaks it on purpose mends it again."""
    needs_clinic = "clinic" in request.fixturenames
    clinic = request.getfixturevalue("clinic") if needs_clinic else None
    yield
    if clinic is not None:
        with tenant(clinic.pk):
            assert rollups.check() == []
