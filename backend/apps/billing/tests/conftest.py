from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.billing import audit
from apps.billing.tests import money
from apps.core.tenancy import tenant
from testing.clinics import Clinic


@pytest.fixture
def owner(clinic: Clinic) -> APIClient:
    return clinic.client("owner")


@pytest.fixture
def cashier(clinic: Clinic) -> APIClient:
    return clinic.client("cashier", clinic.branch)


@pytest.fixture
def shift(clinic: Clinic, cashier: APIClient) -> Any:
    """An open shift of the cashier, 1 000 in the drawer."""
    return money.open_shift(cashier, clinic.register, "1000").json()


@pytest.fixture
def invoice(clinic: Clinic, owner: APIClient) -> Any:
    """20 000 to pay."""
    return money.issue(owner, clinic, "20000")


@pytest.fixture(autouse=True)
def books_agree(request: Any) -> Any:
    """After every test: each balance is the sum of its transfers."""
    clinic = request.getfixturevalue("clinic") if "clinic" in request.fixturenames else None
    yield
    if clinic is not None:
        with tenant(clinic.pk):
            assert audit.check() == []
