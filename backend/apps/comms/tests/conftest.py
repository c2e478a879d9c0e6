import json
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.calendar.models import Appointment
from apps.comms import simulator
from apps.comms.models import Message, Template
from apps.core.models import OutboxMessage
from apps.core.tenancy import tenant
from testing.clinics import Clinic

NOON = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 12:00 in Almaty, far from quiet hours


class Provider:
    """The simulator, reached the way that anybody reaches it: over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ledger(self) -> list[dict[str, Any]]:
        return self._call("/ledger")["items"]

    def control(self, mode: str, **more: Any) -> None:
        self._call("/control", {"mode": mode, **more})

    def _call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.url + path, data=data, timeout=5) as reply:
            return json.load(reply)


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[Provider]:
    monkeypatch.setattr(simulator, "DELIVERED_AFTER", 0.0)
    server = simulator.Simulator(("127.0.0.1", 0), simulator.Ledger(":memory:"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.SMS_MOCK_URL = f"http://127.0.0.1:{server.server_port}"
    yield Provider(settings.SMS_MOCK_URL)
    server.shutdown()
    thread.join()
    server.server_close()


def add_template(clinic: Clinic, text_ru: str, **fields: Any) -> Template:
    with tenant(clinic.pk):
        return Template.objects.create(**{"name": "Своё", "text_ru": text_ru} | fields)


def confirmation(
    clinic: Clinic, text: str = "_ИМЯ_ПАЦИЕНТА_, ждём _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_"
) -> Template:
    return add_template(clinic, text, name="Подтверждение", purpose="booking")


def add_appointment(clinic: Clinic, starts_at: datetime, **fields: Any) -> Appointment:
    with tenant(clinic.pk):
        return Appointment.objects.create(
            **{
                "branch": clinic.branch,
                "patient": clinic.patient,
                "employee": clinic.doctor,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=30),
            }
            | fields
        )


def messages(clinic: Clinic) -> list[Message]:
    with tenant(clinic.pk):
        return list(Message.objects.order_by("created_at", "id"))


def outbox_rows(clinic: Clinic, kind: str = "sms") -> list[OutboxMessage]:
    with tenant(clinic.pk):
        return list(OutboxMessage.objects.filter(kind=kind).order_by("created_at", "id"))
