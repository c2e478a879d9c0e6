"""What every test can ask for: a clinic, a rival of the same shape, and people who are logged in.

``committed_db`` (embedded.pytest_plugin) gives a database of the test's own, where commits are real; there use
``build_clinic()`` of ``testing.clinics`` instead of ``clinic``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from apps.core.tenancy import tenant
from testing.clinics import Clinic, build_clinic

AsRole = Callable[..., APIClient]
InTenant = Callable[..., AbstractContextManager[None]]


@pytest.fixture(autouse=True, scope="session")
def no_static_files() -> None:
    """Each client would look through all files of the interface anew."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture
def clinic(db: None) -> Clinic:
    return build_clinic()


@pytest.fixture
def rival(db: None) -> Clinic:
    """Another organisation. Every text field of it holds ``testing.clinics.CANARY``."""
    return build_clinic(canary=True)


@pytest.fixture
def as_role(clinic: Clinic) -> AsRole:
    """``as_role("registrar")``, ``as_role("doctor", clinic=rival)``, ``as_role("cashier", branch=clinic.branch)``."""

    def log_in(role: str, *, clinic: Clinic = clinic, branch: Any = None) -> APIClient:
        return clinic.client(role, branch)

    return log_in


@pytest.fixture
def as_user(clinic: Clinic) -> AsRole:
    """``as_user(clinic.doctor2.user)``"""

    def log_in(user: Any, *, clinic: Clinic = clinic) -> APIClient:
        return clinic.client_of(user)

    return log_in


@pytest.fixture
def anonymous() -> APIClient:
    client = APIClient()
    client.default_format = "json"
    return client


@pytest.fixture
def in_tenant(clinic: Clinic) -> InTenant:
    """``with in_tenant(): …`` opens our clinic, ``in_tenant(rival)`` the other one."""

    def enter(of: Clinic = clinic) -> AbstractContextManager[None]:
        return tenant(of.pk)

    return enter


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What proofs counted (``record_property("figures", …)``), to be quoted."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid}: {value}")
