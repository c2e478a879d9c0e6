"""Invariants 65 and 90: the process dies at each point of a payment and of a booking; the same key does it once.

The child is a copy of this process that is killed at the point. That it was killed shows that the point was reached.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from apps.billing import audit as money
from apps.billing import books
from apps.billing.actions import payments, shifts
from apps.billing.models import Payment
from apps.billing.tests.money import issue, open_shift
from apps.calendar import audit, facts, occupancy
from apps.calendar.models import Appointment
from apps.comms.models import Message, Template
from apps.core import events, outbox, realtime
from apps.core.api import idempotency
from apps.core.api.views import Transactional
from apps.core.models import JournalEntry, OutboxMessage
from apps.core.tenancy import tenant
from testing.clinics import Clinic, build_clinic

COMMON = [
    (idempotency, "_lock"),
    (events, "journal"),
    (idempotency, "keep"),
    (realtime, "notify"),  # committed, nobody told
    (Transactional, "_touch_session"),  # committed, not answered
]
OF_A_PAYMENT = [
    (shifts, "hold_open"),
    (payments, "_book"),
    (books, "settle"),
    (books, "move_balance"),
]
OF_A_BOOKING = [(occupancy, "claim"), (facts, "tell"), (outbox, "post")]
BEFORE, AFTER = "before", "after"


@pytest.fixture
def clinic(committed_db: str) -> Clinic:
    clinic = build_clinic()
    with tenant(clinic.pk):
        Template.objects.create(name="Запись", purpose="booking", text_ru="Ждём вас")
    return clinic


def points(of_its_own: list[tuple[Any, str]]) -> list[Any]:
    return [
        pytest.param(module, name, when, id=f"{when} {name}")
        for module, name in [*COMMON, *of_its_own]
        for when in (BEFORE, AFTER)
    ]


def dies_at(module: Any, name: str, when: str, request: Callable[[], Any]) -> None:
    connections.close_all()
    child = os.fork()
    if child == 0:
        real = getattr(module, name)

        def deadly(*args: Any, **kwargs: Any) -> None:
            if when == AFTER:
                real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        signal.alarm(30)  # should it wait for ever
        try:
            setattr(module, name, deadly)
            request()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    reached = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert reached, "the point was not reached"


def insists(request: Callable[[], Any]) -> Any:
    """The database needs a moment to see that the dead one is gone."""
    for _ in range(100):
        answer = request()
        if answer.status_code != 409 or answer.json()["code"] != "in_flight":
            return answer
        time.sleep(0.05)
    raise AssertionError("in flight for ever")


@pytest.mark.parametrize(("module", "name", "when"), points(OF_A_PAYMENT))
def test_a_payment_happens_once(module: Any, name: str, when: str, clinic: Clinic) -> None:
    cashier = clinic.client("cashier", clinic.branch)
    open_shift(cashier, clinic.register)
    invoice = issue(clinic.client("owner"), clinic, "900")
    body = {"invoice": invoice["id"], "amount": "300", "method": "cash"}

    def pays() -> Any:
        return cashier.post("/api/v1/billing/payments", body, headers={"Idempotency-Key": "once"})

    dies_at(module, name, when, pays)

    answer = insists(pays)
    assert answer.status_code == 201
    with tenant(clinic.pk):
        assert [str(pk) for pk in Payment.objects.values_list("pk", flat=True)] == [
            answer.json()["id"]
        ]
        assert JournalEntry.objects.filter(event="payment_taken").count() == 1
        assert money.check() == []


@pytest.mark.parametrize(("module", "name", "when"), points(OF_A_BOOKING))
def test_a_booking_happens_once(module: Any, name: str, when: str, clinic: Clinic) -> None:
    desk = clinic.client("registrar", clinic.branch)
    starts = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0) + timedelta(7)
    body = {
        "branch": str(clinic.branch.pk),
        "patient": str(clinic.patient.pk),
        "employee": str(clinic.doctor.pk),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=30)).isoformat(),
    }

    def books_it() -> Any:
        headers = {"Idempotency-Key": "once"}
        return desk.post("/api/v1/calendar/appointments", body, headers=headers)

    dies_at(module, name, when, books_it)

    answer = insists(books_it)
    assert answer.status_code == 201
    with tenant(clinic.pk):
        assert str(Appointment.objects.get().pk) == answer.json()["id"]
        assert JournalEntry.objects.filter(event="appointment_booked").count() == 1
        assert Message.objects.count() == OutboxMessage.objects.count() == 1
        assert audit.overlaps() == audit.adrift() == []
