from typing import Any

import pytest

from apps.calendar.tests.helpers import URL, body


@pytest.fixture
def desk(as_role: Any) -> Any:
    return as_role("registrar")


@pytest.fixture
def booked(desk: Any, clinic: Any) -> dict[str, Any]:
    """An appointment at ten."""
    r = desk.post(URL, body(clinic, chair=str(clinic.chair.pk)))
    assert r.status_code == 201, r.content
    return r.json()
