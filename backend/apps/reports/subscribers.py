"""Money moved: the roll-ups move with it, in the same transaction."""

from decimal import Decimal

from apps.billing.events import InvoiceIssued, PaymentRefunded, PaymentTaken
from apps.core.events import on
from apps.reports import rollups


@on(InvoiceIssued)
def billed(event: InvoiceIssued) -> None:
    _add(event, billed=Decimal(event.data["total"]), invoices=1)


@on(PaymentTaken)
def received(event: PaymentTaken) -> None:
    column = f"received_{event.data['method']}"
    _add(event, **{column: Decimal(event.data["amount"])}, payments=1)


@on(PaymentRefunded)
def refunded(event: PaymentRefunded) -> None:
    _add(event, refunded=Decimal(event.data["amount"]))


def _add(event: InvoiceIssued | PaymentTaken | PaymentRefunded, **figures: Decimal | int) -> None:
    data = event.data
    rollups.add(branch=event.branch_id, employee=data["employee_id"], day=data["day"], **figures)
