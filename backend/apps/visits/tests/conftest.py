from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from testing.clinics import Clinic

URL = "/api/v1/visits"


@pytest.fixture
def doctor(clinic: Clinic) -> APIClient:
    return clinic.client("doctor")


@pytest.fixture
def front_desk(clinic: Clinic) -> APIClient:
    return clinic.client("registrar", clinic.branch)


@pytest.fixture
def walk_in(clinic: Clinic, front_desk: APIClient) -> Callable[..., dict[str, Any]]:
    def come(**changes: Any) -> dict[str, Any]:
        body = {
            "patient": str(clinic.patient.pk),
            "branch": str(clinic.branch.pk),
            "employee": str(clinic.doctor.pk),
        }
        answer = front_desk.post(URL, body | changes)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return come


@pytest.fixture
def visit(walk_in: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """An open visit of ``clinic.patient`` with ``clinic.doctor``."""
    return walk_in()
