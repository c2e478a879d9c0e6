from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from apps.calendar import detail
from apps.calendar.api import appointments, missed
from apps.calendar.tests.helpers import URL, body


@pytest.fixture
def desk(as_role: Any) -> Any:
    return as_role("registrar")


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What the calendar takes for now; sessions and keys keep their own clock."""

    def turn(to: datetime) -> None:
        for module in (appointments, missed, detail):
            monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: to))

    return turn


@pytest.fixture
def booked(desk: Any, clinic: Any) -> dict[str, Any]:
    """An appointment at ten."""
    r = desk.post(URL, body(clinic, chair=str(clinic.chair.pk)))
    assert r.status_code == 201, r.content
    return r.json()
