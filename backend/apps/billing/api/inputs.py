"""What billing is told. Sums, states, numbers, authors and moments are never among it."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.billing.models import Invoice, Payment, Register
from apps.core.api import In, ListIn, Money, TenantKey
from apps.core.api.periods import Period
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.staff.models import Employee
from apps.visits.api.shapes import LineIn, VersionIn


class _PeriodIn(Period, ListIn):
    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")
    patient = serializers.UUIDField(required=False, help_text="Only this patient.")


class InvoicesIn(_PeriodIn):
    state = serializers.ChoiceField(Invoice.State.choices, required=False, help_text="Its state.")
    is_due = serializers.BooleanField(required=False, help_text="True: something is left to pay.")
    visit = serializers.UUIDField(required=False, help_text="The invoice of this visit.")
    employee = serializers.UUIDField(required=False, help_text="Invoices of this doctor.")
    q = serializers.CharField(
        required=False, max_length=20, help_text="A number: `42` or `2026-00042`."
    )


class InvoiceIn(In):
    branch = TenantKey(Branch.objects, help_text="Who sells.")
    patient = TenantKey(Patient.objects, help_text="Who buys.")
    employee = TenantKey(
        Employee.objects, required=False, allow_null=True, help_text="Whose sale it is."
    )
    lines = serializers.ListField(
        child=LineIn(), max_length=100, help_text="What is sold, priced by the server."
    )


class PaymentsIn(_PeriodIn):
    invoice = serializers.UUIDField(required=False, help_text="Payments of this invoice.")
    shift = serializers.UUIDField(required=False, help_text="Payments of this cash shift.")
    method = serializers.ChoiceField(Payment.Method.choices, required=False, help_text="How.")
    kind = serializers.ChoiceField(
        Payment.Kind.choices, required=False, help_text="Money in, or money back."
    )


class _MoneyIn(In):
    amount = Money(min_value=Decimal("0.01"), help_text="Tenge, above zero, at most two places.")
    shift = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The shift; empty: one's own open shift in the branch, else its oldest open one.",
    )
    register = serializers.UUIDField(
        required=False, allow_null=True, help_text="The register with that shift."
    )


class PaymentIn(_MoneyIn):
    invoice = serializers.UUIDField(help_text="What is paid.")
    method = serializers.ChoiceField(Payment.Method.choices, help_text="How.")
    kind = serializers.ChoiceField(
        Payment.Kind.choices, default=Payment.Kind.PAYMENT, help_text="Always `payment`."
    )

    def validate_kind(self, kind: str) -> str:
        if kind != Payment.Kind.PAYMENT:
            raise serializers.ValidationError(_("Refund the payment that was taken instead."))
        return kind


class RefundIn(_MoneyIn):
    reason = serializers.CharField(max_length=250, help_text="Why the money goes back.")
    method = serializers.ChoiceField(
        Payment.Method.choices, required=False, help_text="Empty: as it was paid."
    )


class RegistersIn(In):
    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")


class RegisterIn(In):
    branch = TenantKey(Branch.objects, help_text="Where it stands.")
    name = serializers.CharField(max_length=80, help_text="Unique in the branch.")


class RegisterChangeIn(VersionIn):
    name = serializers.CharField(max_length=80, required=False, help_text="Unique in the branch.")
    is_active = serializers.BooleanField(required=False, help_text="False: no new shifts.")


class ShiftsIn(ListIn):
    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")
    open = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="True: open ones; false: closed."
    )


class ShiftOpenIn(In):
    register = TenantKey(Register.objects, help_text="The register.")
    opening_cash = Money(min_value=0, default="0.00", help_text="Cash in the drawer beforehand.")


class ShiftCloseIn(VersionIn):
    counted = Money(min_value=0, help_text="Cash counted in the drawer.")
