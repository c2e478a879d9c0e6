"""The journal of transfers, and what follows from it. Whatever is shown as a balance is a sum of these rows."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.billing.models import Account, Invoice, Transfer
from apps.core import prepared, tenancy
from apps.core.events import touch_day
from apps.core.ids import uuid7
from apps.patients import balance

Side = tuple[str, UUID]  # the kind of an account and whose it is
Kind = Account.Kind
State = Invoice.State

_SETTLED = """
SELECT coalesce(sum(t.amount) FILTER (WHERE s.kind = 'receivable'), 0),
       coalesce(sum(t.amount) FILTER (WHERE g.kind = 'receivable' AND s.kind <> 'revenue'), 0)
FROM billing_transfer t
JOIN billing_account s ON s.id = t.source_id AND s.organization_id = t.organization_id
JOIN billing_account g ON g.id = t.target_id AND g.organization_id = t.organization_id
WHERE t.organization_id = %s AND t.invoice_id = %s
"""

_IN_DRAWER = """
SELECT coalesce(sum(CASE WHEN g.kind = 'cash' THEN t.amount ELSE 0 END)
              - sum(CASE WHEN s.kind = 'cash' THEN t.amount ELSE 0 END), 0)
FROM billing_transfer t
JOIN billing_account s ON s.id = t.source_id AND s.organization_id = t.organization_id
JOIN billing_account g ON g.id = t.target_id AND g.organization_id = t.organization_id
WHERE t.organization_id = %s AND t.shift_id = %s
"""


_SETTLE = """
UPDATE billing_invoice SET paid = %s, refunded = %s, state = %s, version = %s, updated_at = now()
WHERE organization_id = %s AND id = %s
"""


def entry(
    *,
    operation_id: UUID,
    at: datetime,
    source: Side,
    target: Side,
    amount: Decimal,
    invoice: Invoice,
    shift_id: UUID | None = None,
) -> Transfer:
    """A row of the journal, to be written with what it is the money of."""
    accounts = _accounts(source, target)
    return Transfer(
        operation_id=operation_id,
        at=at,
        source_id=accounts[source],
        target_id=accounts[target],
        amount=amount,
        invoice=invoice,
        shift_id=shift_id,
    )


def settle(invoice: Invoice) -> None:
    """Derive what was paid from the journal. The one place that writes an invoice's sums and state."""
    key = [tenancy.current_organization_id(), invoice.pk]
    received, refunded = prepared.one(_SETTLED, key)
    invoice.paid, invoice.refunded = received - refunded, refunded
    invoice.state = state(invoice.total, invoice.paid, invoice.refunded)
    invoice.bump()
    with prepared.cursor() as cursor:
        cursor.execute(_SETTLE, [invoice.paid, refunded, str(invoice.state), invoice.version, *key])


def state(total: Decimal, paid: Decimal, refunded: Decimal) -> str:
    if paid >= total:
        return State.PAID
    if paid > 0:
        return State.PARTIAL
    return State.REFUNDED if refunded > 0 else State.ISSUED


def move_balance(patient_id: UUID, delta: Decimal) -> None:
    """The patient's roll-up, and every branch whose calendar shows the mark of his debt."""
    balance.move(patient_id, delta)
    with prepared.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT branch_id FROM calendar_appointment"
            " WHERE organization_id = %s AND patient_id = %s",
            [tenancy.current_organization_id(), patient_id],
        )
        touch_day(*(branch for (branch,) in cursor.fetchall()))


def cash_moved(shift_id: UUID) -> Decimal:
    """Cash that came less cash that went in a shift."""
    return Decimal(prepared.one(_IN_DRAWER, [tenancy.current_organization_id(), shift_id])[0])


def _accounts(*sides: Side) -> dict[Side, UUID]:
    found = _find(sides)
    missing = sorted(set(sides) - set(found))
    if missing:
        Account.objects.bulk_create(
            [Account(id=uuid7(), kind=kind, subject_id=subject) for kind, subject in missing],
            ignore_conflicts=True,  # somebody else may open the same account this very moment
        )
        found |= _find(missing)
    return found


def _find(sides: tuple[Side, ...] | list[Side]) -> dict[Side, UUID]:
    kinds, subjects = zip(*sides, strict=True)
    with prepared.cursor() as cursor:
        cursor.execute(
            "SELECT kind, subject_id, id FROM billing_account"
            " WHERE organization_id = %s AND kind = ANY(%s) AND subject_id = ANY(%s)",
            [tenancy.current_organization_id(), list(map(str, kinds)), list(subjects)],
        )
        return {(kind, subject): pk for kind, subject, pk in cursor.fetchall()}
