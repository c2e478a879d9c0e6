"""Sells, takes and gives back at a chosen moment, through the verbs of billing."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.billing import actions
from apps.billing.models import Invoice, Payment, Register
from apps.core.tenancy import tenant
from apps.visits.pricing import Rights
from testing.clinics import Clinic

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)  # a Tuesday, 12:00 in Almaty


class Desk:
    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.by = clinic.user("accountant")
        self.shifts: dict[Any, Any] = {}

    def sell(
        self,
        amount: Any,
        now: datetime = NOON,
        employee: Any = "doctor",
        branch: Any = None,
        patient: Any = None,
    ) -> Invoice:
        doctor = self.clinic.doctor if employee == "doctor" else employee
        item = {"service": self.clinic.service2.pk, "price": Decimal(amount), "quantity": 1}
        with tenant(self.clinic.pk):
            return actions.issue(
                branch=branch or self.clinic.branch,
                patient=patient or self.clinic.patient,
                employee_id=doctor and doctor.pk,
                items=[item],
                rights=Rights(price=True, discount_cap=Decimal(100)),
                by=self.by,
                now=now,
            )

    def take(
        self, invoice: Invoice, amount: Any, method: str = "cash", now: datetime = NOON
    ) -> Payment:
        with tenant(self.clinic.pk):
            self._open(invoice.branch)
            fresh = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
            return actions.take(
                invoice=fresh, method=method, amount=Decimal(amount), by=self.by, now=now
            )

    def give_back(self, payment: Payment, amount: Any, now: datetime = NOON) -> Payment:
        with tenant(self.clinic.pk):
            fresh = Invoice.objects.select_for_update(of=("self",)).get(pk=payment.invoice_id)
            return actions.refund(
                payment=payment,
                invoice=fresh,
                amount=Decimal(amount),
                reason="Ошибка",
                by=self.by,
                now=now,
            )

    def _open(self, branch: Any) -> None:
        if branch.pk in self.shifts:
            return
        register, _ = Register.objects.get_or_create(branch=branch, defaults={"name": "Касса"})
        self.shifts[branch.pk] = actions.open_shift(
            register=register, opening_cash=Decimal(0), by=self.by, now=NOON
        )
