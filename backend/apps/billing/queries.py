"""Wide reads of the money: plain rows for the lists of invoices, payments, registers and shifts."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.billing import books
from apps.billing.models import CashShift, Invoice, Payment, Register, label
from apps.core import prepared, tenancy
from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.patients.models import Patient

_NUMBER = re.compile(r"(?:([0-9]{4})[-/ ])?0*([0-9]{1,9})")
_NOTHING = Value(Decimal("0.00"))


def invoices_within(reach: Scope, caller: Caller) -> QuerySet[Invoice]:
    """One's own are the invoices of the visits one conducted."""
    rows: QuerySet[Invoice] = Invoice.objects.all()
    if reach.all:
        return rows
    inside = Q(branch_id__in=reach.branches)
    if reach.own:
        inside |= Q(employee__user=caller.user)
    return rows.filter(inside)


def shifts_within(reach: Scope, caller: Caller) -> QuerySet[CashShift]:
    """One's own are the shifts one opened."""
    rows: QuerySet[CashShift] = CashShift.objects.all()
    if reach.all:
        return rows
    inside = Q(register__branch_id__in=reach.branches)
    if reach.own:
        inside |= Q(opened_by=caller.user)
    return rows.filter(inside)


# In the order of the model: `from_db` gives out the values in that order.
_INVOICE = tuple(field.attname for field in Invoice._meta.concrete_fields)
_PAYER = ("last_name", "first_name", "middle_name", "card_number")
_LOCK = f"""
SELECT {", ".join(f"i.{name}" for name in _INVOICE)}, b.timezone, {", ".join(f"p.{name}" for name in _PAYER)}
FROM billing_invoice i
JOIN org_branch b ON b.organization_id = i.organization_id AND b.id = i.branch_id
JOIN patients_patient p ON p.organization_id = i.organization_id AND p.id = i.patient_id
WHERE i.organization_id = %(organization)s AND i.id = %(invoice)s
  AND (%(all)s OR i.branch_id = ANY(%(branches)s::uuid[]))
FOR UPDATE OF i
"""


def locked_invoice(pk: UUID, reach: Scope) -> Invoice | None:
    """The invoice, locked; none when it is out of reach. Of its branch only the time zone is known, of its patient what a
    payment shows."""
    values = {
        "organization": tenancy.current_organization_id(),
        "invoice": pk,
        "all": reach.all,
        "branches": sorted(reach.branches),
    }
    row = prepared.one(_LOCK, values)
    if row is None:
        return None
    columns, timezone, payer = row[: len(_INVOICE)], row[len(_INVOICE)], row[len(_INVOICE) + 1 :]
    invoice = Invoice.from_db("default", _INVOICE, columns)
    invoice.branch = Branch(id=invoice.branch_id, timezone=timezone)
    invoice.patient = Patient(id=invoice.patient_id, **dict(zip(_PAYER, payer, strict=True)))
    return invoice


def filtered_invoices(rows: QuerySet[Invoice], query: dict[str, Any]) -> QuerySet[Invoice]:
    for name in ("branch", "patient", "visit", "employee", "state"):
        if query.get(name):
            rows = rows.filter(**{name: query[name]})
    if query.get("is_due"):
        rows = rows.filter(paid__lt=F("total"))
    rows = between(rows, "issued_at", query)
    if query.get("q"):
        rows = _numbered(rows, query["q"])
    return rows.order_by("-issued_at", "id")


def _numbered(rows: QuerySet[Invoice], text: str) -> QuerySet[Invoice]:
    found = _NUMBER.fullmatch(text.strip().lstrip("№# "))
    if found is None:
        return rows.none()
    year, number = found.groups()
    rows = rows.filter(number=int(number))
    return rows.filter(year=int(year)) if year else rows


def filtered_payments(rows: QuerySet[Payment], query: dict[str, Any]) -> QuerySet[Payment]:
    for name in ("branch", "patient", "invoice", "shift", "method", "kind"):
        if query.get(name):
            rows = rows.filter(**{name: query[name]})
    return between(rows, "at", query).order_by("-at", "-id")


def between(rows: QuerySet[Any], field: str, query: dict[str, Any]) -> QuerySet[Any]:
    """Whole days of the branch asked for; without one, of the organisation's first."""
    first, last = query.get("from"), query.get("to")
    if first is None and last is None:
        return rows
    branch = query.get("branch") or Branch.objects.order_by("position", "id").first() or Branch()
    if first is not None:
        rows = rows.filter(**{f"{field}__gte": branch.day(first)[0]})
    if last is not None:
        rows = rows.filter(**{f"{field}__lt": branch.day(last)[1]})
    return rows


def invoice_rows(rows: Iterable[Invoice]) -> list[dict[str, Any]]:
    return [invoice_row(row) for row in rows]


def with_people(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return rows.select_related("patient", "employee").only(
        *(field.attname for field in Invoice._meta.local_fields),
        *(f"patient__{name}" for name in ("last_name", "first_name", "middle_name", "card_number")),
        *(f"employee__{name}" for name in ("last_name", "first_name", "middle_name")),
    )


def invoice_row(row: Invoice) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": row.label,
        "year": row.year,
        "number": row.number,
        "branch": row.branch_id,
        "visit": row.visit_id,
        "patient": _patient(row.patient),
        "employee": row.employee and {"id": row.employee.pk, "name": row.employee.short_name},
        "issued_at": row.issued_at,
        "total": row.total,
        "paid": row.paid,
        "refunded": row.refunded,
        "due": row.total - row.paid,
        "state": row.state,
    }


def _patient(patient: Any) -> dict[str, Any]:
    return {"id": patient.pk, "name": patient.full_name, "card_number": patient.card_number}


def line_rows(invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {
            "id": line.pk,
            "service": line.service_id,
            "name": line.name,
            "tooth": line.tooth,
            "quantity": line.quantity,
            "price": line.price,
            "discount_percent": line.discount_percent,
            "amount": line.amount,
            "employee": line.employee_id,
            "employee_name": line.employee.short_name if line.employee else None,
        }
        for line in invoice.lines.select_related("employee").order_by("position")
    ]


def payments_shown(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    given_back = (
        Payment.objects.filter(refund_of=OuterRef("pk"))
        .order_by()
        .values("refund_of")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return rows.select_related("invoice", "patient", "shift__register", "by").annotate(
        given_back=Coalesce(Subquery(given_back), _NOTHING)
    )


def payment_rows(rows: Iterable[Payment]) -> list[dict[str, Any]]:
    return [_payment_row(row, row.given_back) for row in rows]  # type: ignore[attr-defined]


def _payment_row(row: Any, given_back: Decimal) -> dict[str, Any]:
    is_payment = row.kind == Payment.Kind.PAYMENT
    return {
        "id": row.pk,
        "invoice": row.invoice_id,
        "invoice_label": label(row.invoice.year, row.invoice.number),
        "branch": row.branch_id,
        "patient": _patient(row.patient),
        "kind": row.kind,
        "method": row.method,
        "amount": row.amount,
        "refundable": row.amount - given_back if is_payment else Decimal("0.00"),
        "refund_of": row.refund_of_id,
        "reason": row.reason,
        "at": row.at,
        "by": row.by.short_name,
        "shift": row.shift_id,
        "register_name": row.shift.register.name,
    }


def register_rows(rows: QuerySet[Register], caller: Caller) -> list[dict[str, Any]]:
    registers = list(rows.order_by("branch__position", "name", "id"))
    shifts = CashShift.objects.filter(register__in=registers, closed_at=None)
    opened = {shift.register_id: shift for shift in shifts.select_related("opened_by")}
    return [
        {
            "id": register.pk,
            "version": register.version,
            "branch": register.branch_id,
            "name": register.name,
            "is_active": register.is_active,
            "open_shift": _open_shift(opened.get(register.pk), caller),
        }
        for register in registers
    ]


def _open_shift(shift: CashShift | None, caller: Caller) -> dict[str, Any] | None:
    if shift is None:
        return None
    return {
        "id": shift.pk,
        "opened_by": shift.opened_by.short_name,
        "opened_at": shift.opened_at,
        "is_mine": shift.opened_by_id == caller.user.pk,
    }


def with_register(rows: QuerySet[CashShift]) -> QuerySet[CashShift]:
    return rows.select_related("register", "opened_by", "closed_by")


def shift_row(row: CashShift, caller: Caller) -> dict[str, Any]:
    closed = row.counted is not None and row.expected is not None
    return {
        "id": row.pk,
        "version": row.version,
        "register": row.register_id,
        "register_name": row.register.name,
        "branch": row.register.branch_id,
        "opened_by": row.opened_by.short_name,
        "opened_at": row.opened_at,
        "opening_cash": row.opening_cash,
        "closed_by": row.closed_by.short_name if row.closed_by else None,
        "closed_at": row.closed_at,
        "expected": row.expected,
        "counted": row.counted,
        "difference": row.counted - row.expected if closed else None,  # type: ignore[operator]
        "is_mine": row.opened_by_id == caller.user.pk,
    }


def shift_report(row: CashShift, caller: Caller) -> dict[str, Any]:
    """The X report: what came and went by method, and what should be in the drawer now."""
    sums = {
        (method, kind): (amount, count)
        for method, kind, amount, count in Payment.objects.filter(shift=row)
        .order_by()
        .values_list("method", "kind")
        .annotate(Sum("amount"), Count("id"))
    }
    nothing = (Decimal("0.00"), 0)
    methods = []
    for method in Payment.Method:
        came, payments = sums.get((method.value, Payment.Kind.PAYMENT.value), nothing)
        went, refunds = sums.get((method.value, Payment.Kind.REFUND.value), nothing)
        methods.append(
            {
                "method": method.value,
                "received": came,
                "refunded": went,
                "net": came - went,
                "payments": payments,
                "refunds": refunds,
            }
        )
    shown = shift_row(row, caller)
    if row.closed_at is None:
        shown["expected"] = row.opening_cash + books.cash_moved(row.pk)
    return shown | {"methods": methods}


def one_payment(payment: Payment, invoice: Invoice) -> dict[str, Any]:
    """One that was made this moment, so that nothing of it was given back yet."""
    return _payment_row(payment, Decimal("0.00")) | {
        "invoice_state": invoice.state,
        "invoice_paid": invoice.paid,
        "invoice_due": invoice.total - invoice.paid,
    }
