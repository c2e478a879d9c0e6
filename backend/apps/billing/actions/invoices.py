from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.billing import books
from apps.billing.events import InvoiceIssued
from apps.billing.models import Invoice, InvoiceLine
from apps.core import inserts, numbering
from apps.core.errors import InvalidInput
from apps.core.events import record
from apps.core.models.user import User
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.visits import pricing
from apps.visits.models import Visit


class InvoiceWithoutLines(InvalidInput):
    def __init__(self) -> None:
        super().__init__(fields={"lines": [_("Add at least one service.")]})


def issue_for_visit(*, visit_id: UUID, by: User | None, now: datetime) -> Invoice:
    """What was done in a signed visit, at the prices frozen there."""
    visit = Visit.objects.select_related("branch", "patient").get(pk=visit_id)
    works = visit.works.select_related("service").order_by("position")
    return _issue(
        branch=visit.branch,
        patient=visit.patient,
        employee_id=visit.employee_id,
        lines=list(works),
        by=by,
        now=now,
        visit_id=visit.pk,
    )


def issue(
    *,
    branch: Branch,
    patient: Patient,
    employee_id: UUID | None,
    items: Sequence[dict[str, Any]],
    rights: pricing.Rights,
    by: User,
    now: datetime,
) -> Invoice:
    """An invoice by hand: what was sold without a visit."""
    if not items:
        raise InvoiceWithoutLines
    lines = pricing.lines(items, path="lines", rights=rights, employee_id=employee_id)
    return _issue(
        branch=branch, patient=patient, employee_id=employee_id, lines=lines, by=by, now=now
    )


@transaction.atomic(savepoint=False)
def _issue(
    *,
    branch: Branch,
    patient: Patient,
    employee_id: UUID | None,
    lines: Sequence[Any],
    by: User | None,
    now: datetime,
    visit_id: UUID | None = None,
) -> Invoice:
    total, day = pricing.total(lines), branch.today(now)
    invoice = Invoice.objects.create(
        branch=branch,
        patient=patient,
        visit_id=visit_id,
        employee_id=employee_id,
        year=day.year,
        number=numbering.take("invoice", day.year),
        issued_at=now,
        total=total,
        state=books.state(total, pricing.NOTHING, pricing.NOTHING),
    )
    InvoiceLine.objects.bulk_create(_frozen(invoice, lines))
    if total:
        entry = books.entry(
            operation_id=invoice.pk,
            at=now,
            source=(books.Kind.REVENUE, branch.pk),
            target=(books.Kind.RECEIVABLE, patient.pk),
            amount=total,
            invoice=invoice,
        )
        inserts.insert([entry])
        books.move_balance(patient.pk, -total)
    record(
        InvoiceIssued(
            id=invoice.pk,
            branch_id=branch.pk,
            patient_id=patient.pk,
            by=by,
            data={
                "label": invoice.label,
                "year": invoice.year,
                "number": invoice.number,
                "total": str(total),
                "visit": visit_id and str(visit_id),
                "employee_id": employee_id and str(employee_id),
                "day": day.isoformat(),
            },
        )
    )
    return invoice


def _frozen(invoice: Invoice, lines: Iterable[Any]) -> Iterable[InvoiceLine]:
    for position, line in enumerate(lines):
        yield InvoiceLine(
            invoice=invoice,
            service=line.service,
            employee_id=line.employee_id,
            name=line.service.name,
            tooth=line.tooth,
            quantity=line.quantity,
            price=line.price,
            discount_percent=line.discount_percent,
            amount=line.amount,
            position=position,
        )
