"""The verbs of the cash desk as a client says them."""

from typing import Any
from uuid import uuid4

from rest_framework.test import APIClient

from testing.clinics import Clinic

INVOICES = "/api/v1/billing/invoices"
PAYMENTS = "/api/v1/billing/payments"
SHIFTS = "/api/v1/billing/shifts"
REGISTERS = "/api/v1/billing/registers"


def issue(
    person: APIClient, clinic: Clinic, price: str = "5000", quantity: int = 1, **more: Any
) -> Any:
    """An invoice by hand; a price other than 5 000 needs a right to set prices."""
    line = {"service": str(clinic.service2.pk), "price": price, "quantity": quantity}
    body = {"branch": str(clinic.branch.pk), "patient": str(clinic.patient.pk), "lines": [line]}
    answer = person.post(INVOICES, body | more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def open_shift(person: APIClient, register: Any, opening_cash: str = "0", key: str = "") -> Any:
    body = {"register": str(getattr(register, "pk", register)), "opening_cash": opening_cash}
    return person.post(SHIFTS, body, headers={"Idempotency-Key": key or uuid4().hex})


def pay(
    person: APIClient, invoice: Any, amount: Any, method: str = "cash", key: str = "", **more: Any
) -> Any:
    body = {"invoice": invoice["id"], "amount": amount, "method": method} | more
    return person.post(PAYMENTS, body, headers={"Idempotency-Key": key or uuid4().hex})


def refund(person: APIClient, payment: Any, amount: Any, key: str = "", **more: Any) -> Any:
    body = {"amount": amount, "reason": "Ошибка кассира"} | more
    url = f"{PAYMENTS}/{payment['id']}/refund"
    return person.post(url, body, headers={"Idempotency-Key": key or uuid4().hex})


def close(
    person: APIClient, shift: Any, counted: str, version: int | None = None, key: str = ""
) -> Any:
    body = {"counted": counted, "version": version or shift["version"]}
    url = f"{SHIFTS}/{shift['id']}/close"
    return person.post(url, body, headers={"Idempotency-Key": key or uuid4().hex})
