"""What reports are told and what they show. The rows come from `queries` as they are; these document them."""

from typing import Any

from rest_framework import serializers

from apps.billing.models import Payment
from apps.calendar.models import Appointment
from apps.core.api import In, ListIn, Money, Out, TenantKey
from apps.core.api.periods import Day, Period
from apps.org.models import Branch
from apps.reports.queries.appointments import GROUPS
from apps.staff.models import Employee


class PartIn(Period, In):
    """A period of at most three years, a branch, a doctor."""

    longest_days = 1100
    days_required = True

    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")
    employee = TenantKey(Employee.objects, required=False, help_text="Only this doctor.")


class RevenueIn(PartIn):
    group = serializers.ChoiceField(
        choices=["day", "branch", "employee"], default="day", help_text="What one item stands for."
    )


class RevenueRowsIn(PartIn, ListIn):
    kind = serializers.ChoiceField(
        choices=[*Payment.Kind.values, "invoice"],
        required=False,
        help_text="`payment`, `refund`, or `invoice` for what was billed; payments and refunds by default.",
    )
    method = serializers.ChoiceField(choices=Payment.Method.values, required=False)


class DebtsIn(ListIn):
    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")
    employee = TenantKey(Employee.objects, required=False, help_text="Only this doctor.")


class AppointmentsIn(PartIn):
    longest_days = 367


class AppointmentRowsIn(AppointmentsIn, ListIn):
    status = serializers.ChoiceField(
        choices=[*Appointment.Status.values, *GROUPS],
        required=False,
        help_text=(
            "Or several: `came` (arrived, in_progress, done), `sure` (these and confirmed), `held` (and booked), "
            "`live` (and no_show), `asked` (and canceled)."
        ),
    )
    reason = serializers.CharField(
        max_length=250, required=False, allow_blank=True, help_text="Of the cancellation."
    )
    canceled_by = serializers.ChoiceField(
        choices=Appointment.CanceledBy.values, required=False, allow_blank=True
    )
    weekday = serializers.IntegerField(
        min_value=1, max_value=7, required=False, help_text="1 Monday … 7 Sunday."
    )
    hour = serializers.IntegerField(
        min_value=0,
        max_value=23,
        required=False,
        help_text="In which it begins, by the branch's clock.",
    )
    is_new_patient = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="True: first visits only."
    )


class DashboardIn(In):
    branch = TenantKey(Branch.objects, required=False, help_text="Only this branch.")
    date = Day(required=False, help_text="Today in the branch's zone by default.")


class NamedOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()


class RevenueSumsOut(Out):
    received_cash = Money()
    received_card = Money()
    refunded = Money(help_text="Given back, whichever way.")
    revenue = Money(help_text="Received less refunded, by the branch's date of the payment.")
    billed = Money(help_text="Completed works after discount, by the date of the invoice.")
    payments = serializers.IntegerField(help_text="How many payments, refunds not counted.")


class RevenueItemOut(RevenueSumsOut):
    key = serializers.CharField(
        allow_null=True,
        help_text="The day, or the id of the branch or doctor; null: without a doctor.",
    )
    label = serializers.CharField()  # type: ignore[assignment]


class RevenueOut(Out):
    items = RevenueItemOut(many=True)
    totals = RevenueSumsOut()
    debt = Money(help_text="What is owed now, whenever it was billed.")


class InvoiceRefOut(Out):
    id = serializers.UUIDField()
    label = serializers.CharField(help_text="The number as people read it, e.g. 2026-00042.")  # type: ignore[assignment]


class RevenueRowOut(Out):
    id = serializers.UUIDField(help_text="Of the payment, refund or invoice.")
    at = serializers.DateTimeField()
    day = serializers.DateField(help_text="The branch's date.")
    kind = serializers.ChoiceField(choices=[*Payment.Kind.values, "invoice"])
    method = serializers.CharField(help_text="`cash` or `card`; empty for an invoice.")
    amount = Money(help_text="Positive; a refund went out.")
    reason = serializers.CharField(help_text="Of a refund.")
    patient = NamedOut()
    invoice = InvoiceRefOut()
    branch = NamedOut()
    employee = NamedOut(allow_null=True)


class RevenueRowsOut(Out):
    items = RevenueRowOut(many=True)
    total = serializers.IntegerField(help_text="How many rows in all.")
    sum = Money(help_text="Of all rows, refunds subtracted: the figure that was clicked.")
    next = serializers.IntegerField(allow_null=True)


class DebtOut(Out):
    patient = NamedOut()
    amount = Money()
    invoices = serializers.IntegerField(help_text="How many are not paid in full.")
    oldest_at = serializers.DateTimeField(help_text="When the oldest of them was issued.")


class DebtsOut(Out):
    items = DebtOut(many=True)
    total = serializers.IntegerField(help_text="How many patients owe.")
    sum = Money()
    next = serializers.IntegerField(allow_null=True)


class CountsOut(Out):
    total = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        statuses = {status: serializers.IntegerField() for status in Appointment.Status.values}
        return {**super().get_fields(), **statuses}


class DayCountsOut(CountsOut):
    day = serializers.DateField()


class LoadOut(Out):
    employee = NamedOut()
    appointments = serializers.IntegerField(
        help_text="Without drafts, cancelled ones and no-shows."
    )
    booked_minutes = serializers.IntegerField()
    shift_minutes = serializers.IntegerField(help_text="By the roster.")
    percent = serializers.IntegerField(allow_null=True, help_text="Null: not on the roster.")


class CancellationOut(Out):
    reason = serializers.CharField(help_text="Empty: none was given.")
    canceled_by = serializers.CharField(help_text="`clinic`, `patient`, or empty.")
    count = serializers.IntegerField()


class AppointmentsOut(Out):
    items = DayCountsOut(many=True, help_text="Days that have appointments.")
    totals = CountsOut()
    load = LoadOut(many=True)
    cancellations = CancellationOut(many=True)


class AppointmentRowOut(Out):
    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=Appointment.Status.choices)
    services = serializers.CharField()
    is_new_patient = serializers.BooleanField()
    cancel_reason = serializers.CharField()
    canceled_by = serializers.CharField()
    patient = NamedOut()
    employee = NamedOut()
    branch = NamedOut()


class MoneyTileOut(Out):
    value = Money()
    before = Money(allow_null=True, help_text="The same weekday a week before; null: not known.")


class NumberTileOut(Out):
    value = serializers.IntegerField()
    before = serializers.IntegerField(help_text="The same weekday a week before.")


class TilesOut(Out):
    revenue = MoneyTileOut(allow_null=True, help_text="Null, like all money: not yours to see.")
    billed = MoneyTileOut(allow_null=True)
    debt = MoneyTileOut(allow_null=True, help_text="What is owed now.")
    appointments = NumberTileOut(help_text="Without drafts and cancelled ones.")
    arrived = NumberTileOut(help_text="Came: arrived, in the chair or done.")
    no_shows = NumberTileOut()
    canceled = NumberTileOut()
    new_patients = NumberTileOut(help_text="First visits.")


class MonthDayOut(Out):
    day = serializers.IntegerField(help_text="Of the month.")
    date = serializers.DateField()
    revenue = Money()
    before = Money(help_text="The same day of the month before.")


class FunnelOut(Out):
    stage = serializers.ChoiceField(choices=["booked", "confirmed", "arrived", "done"])
    count = serializers.IntegerField(help_text="Who got at least so far.")


class HeatOut(Out):
    weekday = serializers.IntegerField(help_text="1 Monday … 7 Sunday.")
    hour = serializers.IntegerField(help_text="Of the branch's day.")
    appointments = serializers.IntegerField(help_text="That began in this hour, over four weeks.")


class BranchDayOut(Out):
    branch = NamedOut()
    color = serializers.CharField()
    revenue = Money(allow_null=True)
    billed = Money(allow_null=True)
    appointments = serializers.IntegerField()
    arrived = serializers.IntegerField()
    no_shows = serializers.IntegerField()
    booked_minutes = serializers.IntegerField()
    shift_minutes = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True, help_text="Booked of the roster's minutes.")


class DashboardOut(Out):
    date = serializers.DateField()
    tiles = TilesOut()
    month = MonthDayOut(many=True, allow_null=True, help_text="Null: money is not yours to see.")
    funnel = FunnelOut(many=True)
    heat = HeatOut(many=True, help_text="Hours in which something began.")
    branches = BranchDayOut(many=True)
    debts = DebtOut(many=True, allow_null=True, help_text="The ten largest.")
