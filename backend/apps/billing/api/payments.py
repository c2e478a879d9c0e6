from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.billing import actions, queries
from apps.billing.api.inputs import PaymentIn, PaymentsIn, RefundIn
from apps.billing.api.outputs import PaymentDoneOut, PaymentPage
from apps.billing.api.parameters import KEY
from apps.billing.models import Payment
from apps.core import screens
from apps.core.api import StaffRequest, TenantViewSet, page_of
from apps.core.errors import InvalidInput, NotFound
from apps.visits import pricing


class PaymentViewSet(TenantViewSet):
    """Payments and refunds. They are never changed; a mistake is refunded."""

    queryset = Payment.objects.none()
    serializer_class = PaymentDoneOut
    permission = "payments:read"
    write_permission = "payments:write"
    permissions: ClassVar = {"refund": "payments:refund"}
    idempotent = "required"

    @extend_schema(parameters=[PaymentsIn], responses=PaymentPage)
    def list(self, request: StaffRequest) -> Response:
        """Payments and refunds, the newest first."""
        query = self.read(PaymentsIn)
        branch = query.get("branch")
        if branch and not self.reach.covers(branch.pk):
            raise InvalidInput(fields={"branch": [pricing.UNKNOWN]})
        screens.seen("payments_list", by=request.user, branch_id=branch.pk if branch else None)
        rows = queries.filtered_payments(self._payments(), query)
        return self.answer(page_of(queries.payments_shown(rows), query, queries.payment_rows))

    @extend_schema(request=PaymentIn, responses={201: PaymentDoneOut}, parameters=[KEY])
    def create(self, request: StaffRequest) -> Response:
        """Take money for an invoice. Refused: `no_open_shift` (details: the branch's `registers`), `overpaid` (`due`)."""
        data = self.read(PaymentIn)
        invoice = queries.locked_invoice(data["invoice"], self.reach)
        if invoice is None:
            raise InvalidInput(fields={"invoice": [pricing.UNKNOWN]})
        payment = actions.take(
            invoice=invoice,
            method=data["method"],
            amount=data["amount"],
            by=request.user,
            now=timezone.now(),
            **self._where(data),
        )
        return self.answer(queries.one_payment(payment, invoice), status=201)

    @extend_schema(request=RefundIn, responses={201: PaymentDoneOut}, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def refund(self, request: StaffRequest, pk: UUID) -> Response:
        """Give back a part or all of a payment. Refused: `no_open_shift`, `refund_too_large` (details: `refundable`)."""
        data = self.read(RefundIn)
        payment: Payment = self.one(self._payments(), pk)
        invoice = queries.locked_invoice(payment.invoice_id, self.reach)
        if invoice is None:
            raise NotFound
        back = actions.refund(
            payment=payment,
            invoice=invoice,
            amount=data["amount"],
            reason=data["reason"],
            method=data.get("method", ""),
            by=request.user,
            now=timezone.now(),
            **self._where(data),
        )
        return self.answer(queries.one_payment(back, invoice), status=201)

    def _payments(self) -> Any:
        rows = Payment.objects.all()
        return rows if self.reach.all else rows.filter(branch_id__in=self.reach.branches)

    def _where(self, data: dict[str, Any]) -> dict[str, UUID | None]:
        return {f"{name}_id": data.get(name) for name in ("shift", "register")}
