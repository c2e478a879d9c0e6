from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.billing import actions, queries
from apps.billing.api.inputs import InvoiceIn, InvoicesIn
from apps.billing.api.outputs import InvoiceOut, InvoicePage
from apps.billing.models import Invoice
from apps.core import screens
from apps.core.api import StaffRequest, TenantViewSet, page_of
from apps.core.errors import Forbidden, InvalidInput
from apps.core.events import viewed
from apps.visits import access, pricing


class InvoiceViewSet(TenantViewSet):
    """Invoices: what patients are asked to pay, numbered without gaps."""

    queryset = Invoice.objects.none()
    serializer_class = InvoiceOut
    permission = "invoices:read"
    write_permission = "invoices:write"

    @extend_schema(parameters=[InvoicesIn], responses=InvoicePage)
    def list(self, request: StaffRequest) -> Response:
        """Invoices, the newest first."""
        query = self.read(InvoicesIn)
        branch = query.get("branch")
        if branch and not (self.reach.own or self.reach.covers(branch.pk)):
            raise InvalidInput(fields={"branch": [pricing.UNKNOWN]})
        screens.seen("invoices_list", by=request.user, branch_id=branch.pk if branch else None)
        rows = queries.filtered_invoices(queries.invoices_within(self.reach, self.caller), query)
        return self.answer(page_of(queries.with_people(rows), query, queries.invoice_rows))

    @extend_schema(request=InvoiceIn, responses={201: InvoiceOut})
    def create(self, request: StaffRequest) -> Response:
        """Issue an invoice by hand. That of a visit issues itself when the visit is signed."""
        data = self.read(InvoiceIn)
        branch, employee = data["branch"], data.get("employee")
        if not self.caller.may("invoices:write", branch.pk):
            raise Forbidden
        if not access.knows(self.caller, data["patient"]):
            raise InvalidInput(fields={"patient": [pricing.UNKNOWN]})
        invoice = actions.issue(
            branch=branch,
            patient=data["patient"],
            employee_id=employee.pk if employee else None,
            items=data["lines"],
            rights=pricing.Rights(
                self.caller.may("services:write", branch.pk),
                pricing.discount_cap(self.caller, branch.pk),
            ),
            by=request.user,
            now=timezone.now(),
        )
        return self._detail(invoice, status=201)

    @extend_schema(responses=InvoiceOut)
    def retrieve(self, request: StaffRequest, pk: UUID) -> Response:
        """One invoice with its lines and payments. Opening it leaves a row in the journal."""
        rows = queries.with_people(queries.invoices_within(self.reach, self.caller))
        invoice: Invoice = self.one(rows, pk)
        viewed("invoices", invoice.pk, by=request.user, patient_id=invoice.patient_id)
        return self._detail(invoice)

    def _detail(self, invoice: Invoice, status: int = 200) -> Response:
        may, branch_id = self.caller.may, invoice.branch_id
        payments = None
        if may("payments:read", branch_id):
            rows = queries.payments_shown(invoice.payments.all()).order_by("at", "id")
            payments = queries.payment_rows(rows)
        shown = queries.invoice_row(invoice) | {
            "lines": queries.line_rows(invoice),
            "payments": payments,
            "can": {
                "pay": invoice.paid < invoice.total and may("payments:write", branch_id),
                "refund": invoice.paid > 0 and may("payments:refund", branch_id),
            },
        }
        return self.answer(shown, status=status)
