"""What billing shows."""

from rest_framework import serializers

from apps.billing.models import Invoice, Payment
from apps.core.api import Money, Out
from apps.core.schema import page_schema


class PayerOut(Out):
    id = serializers.UUIDField(help_text="The patient.")
    name = serializers.CharField(help_text="Full name.")
    card_number = serializers.IntegerField(help_text="Number of the card.")


class SellerOut(Out):
    id = serializers.UUIDField(help_text="The employee.")
    name = serializers.CharField(help_text="Last name and initials.")


class InvoiceRowOut(Out):
    id = serializers.UUIDField(help_text="The invoice.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="Its number as people read it, `2026-00042`."
    )
    year = serializers.IntegerField(help_text="Year of the number.")
    number = serializers.IntegerField(help_text="Without gaps per organisation and year.")
    branch = serializers.UUIDField(help_text="The branch.")
    visit = serializers.UUIDField(allow_null=True, help_text="The visit; null: made by hand.")
    patient = PayerOut(help_text="Who owes.")
    employee = SellerOut(allow_null=True, help_text="Whose sale it is.")
    issued_at = serializers.DateTimeField(help_text="When it was issued.")
    total = Money(help_text="To be paid in all.")
    paid = Money(help_text="Received less refunded.")
    refunded = Money(help_text="Given back.")
    due = Money(help_text="Left to pay.")
    state = serializers.ChoiceField(Invoice.State.choices, help_text="Follows from the payments.")


class InvoiceLineOut(Out):
    id = serializers.UUIDField(help_text="The line.")
    service = serializers.UUIDField(help_text="The service.")
    name = serializers.CharField(help_text="Its name on that day.")
    tooth = serializers.IntegerField(allow_null=True, help_text="ISO 3950.")
    quantity = serializers.IntegerField(help_text="How many.")
    price = Money(max_digits=12, help_text="Price of one, frozen.")
    discount_percent = serializers.DecimalField(5, 2, help_text="Discount.")
    amount = Money(help_text="Price × quantity less discount.")
    employee = serializers.UUIDField(allow_null=True, help_text="Who did it.")
    employee_name = serializers.CharField(allow_null=True, help_text="Last name and initials.")


class PaymentOut(Out):
    id = serializers.UUIDField(help_text="The payment.")
    invoice = serializers.UUIDField(help_text="What was paid.")
    invoice_label = serializers.CharField(help_text="Number of the invoice.")
    branch = serializers.UUIDField(help_text="The branch.")
    patient = PayerOut(help_text="Who paid.")
    kind = serializers.ChoiceField(Payment.Kind.choices, help_text="Money in, or money back.")
    method = serializers.ChoiceField(Payment.Method.choices, help_text="How.")
    amount = Money(help_text="Always positive.")
    refundable = Money(help_text="What may still be given back of it.")
    refund_of = serializers.UUIDField(allow_null=True, help_text="The payment that was refunded.")
    reason = serializers.CharField(help_text="Why it was refunded.")
    at = serializers.DateTimeField(help_text="When.")
    by = serializers.CharField(help_text="Who took it or gave it back.")
    shift = serializers.UUIDField(help_text="The cash shift.")
    register_name = serializers.CharField(help_text="The register.")


class PaymentDoneOut(PaymentOut):
    invoice_state = serializers.ChoiceField(Invoice.State.choices, help_text="Afterwards.")
    invoice_paid = Money(help_text="Paid for the invoice, afterwards.")
    invoice_due = Money(help_text="Left to pay, afterwards.")


class InvoiceRightsOut(Out):
    pay = serializers.BooleanField(help_text="May take a payment for it now.")
    refund = serializers.BooleanField(help_text="May give money back.")


class InvoiceOut(InvoiceRowOut):
    lines = InvoiceLineOut(many=True, help_text="What was sold.")
    payments = PaymentOut(
        many=True, allow_null=True, help_text="In their order; null for those who may not see them."
    )
    can = InvoiceRightsOut(help_text="What the caller may do with it.")


class OpenShiftOut(Out):
    id = serializers.UUIDField(help_text="The shift.")
    opened_by = serializers.CharField(help_text="Last name and initials.")
    opened_at = serializers.DateTimeField(help_text="Since when.")
    is_mine = serializers.BooleanField(help_text="The caller opened it.")


class RegisterOut(Out):
    id = serializers.UUIDField(help_text="The register.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch = serializers.UUIDField(help_text="Where it stands.")
    name = serializers.CharField(help_text="Its name.")
    is_active = serializers.BooleanField(help_text="Shifts may be opened at it.")
    open_shift = OpenShiftOut(allow_null=True, help_text="The open shift, if any.")


class ShiftRowOut(Out):
    id = serializers.UUIDField(help_text="The shift.")
    version = serializers.IntegerField(help_text="Send it back when closing.")
    register = serializers.UUIDField(help_text="The register.")
    register_name = serializers.CharField(help_text="Its name.")
    branch = serializers.UUIDField(help_text="Its branch.")
    opened_by = serializers.CharField(help_text="Who opened it.")
    opened_at = serializers.DateTimeField(help_text="When.")
    opening_cash = Money(help_text="Cash in the drawer beforehand.")
    closed_by = serializers.CharField(allow_null=True, help_text="Who closed it.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Null: open.")
    expected = Money(allow_null=True, help_text="Cash that should be there.")
    counted = Money(allow_null=True, help_text="Cash that was counted at the close.")
    difference = Money(allow_null=True, help_text="Counted less expected.")
    is_mine = serializers.BooleanField(help_text="The caller opened it.")


class ShiftMethodOut(Out):
    method = serializers.ChoiceField(Payment.Method.choices, help_text="How.")
    received = Money(help_text="Money in.")
    refunded = Money(help_text="Money back.")
    net = Money(help_text="In less back.")
    payments = serializers.IntegerField(help_text="How many payments.")
    refunds = serializers.IntegerField(help_text="How many refunds.")


class ShiftOut(ShiftRowOut):
    methods = ShiftMethodOut(many=True, help_text="The X report; after the close, the Z report.")


InvoicePage = page_schema(InvoiceRowOut, "InvoicePage")
PaymentPage = page_schema(PaymentOut, "PaymentPage")
RegisterPage = page_schema(RegisterOut, "RegisterPage")
CashShiftPage = page_schema(ShiftRowOut, "CashShiftPage")
