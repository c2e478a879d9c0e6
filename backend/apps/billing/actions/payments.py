"""Money in and out. The invoice is locked first, then the shift is held open, then the patient's balance moves:
always in this order, so that payments wait for each other and never lock each other out."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from apps.billing import books
from apps.billing.actions import shifts
from apps.billing.events import PaymentRefunded, PaymentTaken
from apps.billing.models import CashShift, Invoice, Payment
from apps.core import inserts
from apps.core.errors import DomainError
from apps.core.events import Event, record
from apps.core.models.user import User


class Overpaid(DomainError):
    """details: ``due``."""

    code = "overpaid"
    message = _("That is more than is left to pay.")


class RefundTooLarge(DomainError):
    """details: ``refundable``."""

    code = "refund_too_large"
    message = _("That is more than is left of this payment.")


@transaction.atomic(savepoint=False)
def take(
    *,
    invoice: Invoice,
    method: str,
    amount: Decimal,
    by: User,
    now: datetime,
    shift_id: UUID | None = None,
    register_id: UUID | None = None,
) -> Payment:
    """``invoice`` is locked by the caller. The money lands in exactly one open shift of its branch."""
    due = invoice.total - invoice.paid
    if amount > due:
        raise Overpaid(details={"due": str(due)})
    shift = shifts.hold_open(invoice.branch_id, by=by, shift_id=shift_id, register_id=register_id)
    payment = Payment(
        invoice=invoice,
        shift=shift,
        branch_id=invoice.branch_id,
        patient=invoice.patient,
        kind=Payment.Kind.PAYMENT,
        method=method,
        amount=amount,
        at=now,
        by=by,
    )
    _book(payment, invoice, shift)
    record(_event(PaymentTaken, payment, invoice))
    return payment


@transaction.atomic(savepoint=False)
def refund(
    *,
    payment: Payment,
    invoice: Invoice,
    amount: Decimal,
    reason: str,
    by: User,
    now: datetime,
    method: str = "",
    shift_id: UUID | None = None,
    register_id: UUID | None = None,
) -> Payment:
    """Give back a part or all of one payment; the patient owes it again. ``invoice`` is locked by the caller."""
    left = refundable(payment)
    if amount > left:
        raise RefundTooLarge(details={"refundable": str(left)})
    shift = shifts.hold_open(invoice.branch_id, by=by, shift_id=shift_id, register_id=register_id)
    back = Payment(
        invoice=invoice,
        shift=shift,
        branch_id=invoice.branch_id,
        patient=invoice.patient,
        kind=Payment.Kind.REFUND,
        method=method or payment.method,
        amount=amount,
        refund_of=payment,
        reason=reason,
        at=now,
        by=by,
    )
    _book(back, invoice, shift)
    record(_event(PaymentRefunded, back, invoice, refund_of=str(payment.pk)))
    return back


def refundable(payment: Payment) -> Decimal:
    if payment.kind == Payment.Kind.REFUND:
        return Decimal("0.00")
    gone = Payment.objects.filter(refund_of=payment).aggregate(sum=Sum("amount"))["sum"]
    return payment.amount - (gone or 0)


def _book(payment: Payment, invoice: Invoice, shift: CashShift) -> None:
    owed = (books.Kind.RECEIVABLE, invoice.patient_id)
    money = (
        (books.Kind.CASH, shift.register_id)
        if payment.method == Payment.Method.CASH
        else (books.Kind.CARD, invoice.branch_id)
    )
    comes_in = payment.kind == Payment.Kind.PAYMENT
    entry = books.entry(
        operation_id=payment.pk,
        at=payment.at,
        source=owed if comes_in else money,
        target=money if comes_in else owed,
        amount=payment.amount,
        invoice=invoice,
        shift_id=shift.id,
    )
    inserts.insert([payment, entry])
    books.settle(invoice)
    books.move_balance(invoice.patient_id, payment.amount if comes_in else -payment.amount)


def _event(kind: type[Event], payment: Payment, invoice: Invoice, **more: Any) -> Event:
    return kind(
        id=payment.pk,
        branch_id=payment.branch_id,
        patient_id=payment.patient_id,
        by=payment.by,
        data={
            "invoice": str(invoice.pk),
            "employee_id": invoice.employee_id and str(invoice.employee_id),
            "method": str(payment.method),
            "amount": str(payment.amount),
            "day": invoice.branch.today(payment.at).isoformat(),
            "shift": str(payment.shift_id),
            "state": str(invoice.state),
            **more,
        },
    )
