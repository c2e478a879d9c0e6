import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from apps.billing.actions import Overpaid
from apps.billing.events import PaymentTaken
from apps.core import events
from apps.core.tenancy import tenant
from apps.org.models import Branch
from apps.reports import rollups
from apps.reports.models import DailyFigures, Debt
from apps.reports.tests.money import NOON, Desk
from testing.races import size

REVENUE = "/api/v1/reports/revenue"
ZERO = Decimal("0.00")


def test_a_day_gathers_what_happened_on_it(clinic, desk):
    invoice = desk.sell(20_000)
    payment = desk.take(invoice, 12_000)
    desk.take(invoice, 5_000, "card")
    desk.give_back(payment, 2_000)

    with tenant(clinic.pk):
        day = DailyFigures.objects.get()
        debt = Debt.objects.get()
    assert (day.day, day.branch_id, day.employee_id) == (
        date(2026, 3, 10),
        clinic.branch.pk,
        clinic.doctor.pk,
    )
    assert (day.received_cash, day.received_card, day.refunded) == (12_000, 5_000, 2_000)
    assert (day.billed, day.payments, day.invoices) == (20_000, 2, 1)
    assert debt.amount == 20_000 - 12_000 - 5_000 + 2_000


def test_the_day_is_the_branchs(clinic, desk):
    late = NOON.replace(hour=19, minute=30)  # half past midnight of the 11th in Almaty
    desk.take(desk.sell(100, late), 100, now=late)
    with tenant(clinic.pk):
        assert DailyFigures.objects.get().day == date(2026, 3, 11)


def test_a_sale_without_a_doctor_has_a_row_of_its_own(clinic, desk):
    for _ in range(2):
        desk.take(desk.sell(100, employee=None), 40)
    with tenant(clinic.pk):
        assert (DailyFigures.objects.get().billed, Debt.objects.get().amount) == (200, 120)


def test_what_is_rolled_back_is_not_counted(clinic, desk):
    invoice = desk.sell(100)
    with pytest.raises(Overpaid), transaction.atomic():
        desk.take(invoice, 101)
    with tenant(clinic.pk):
        assert DailyFigures.objects.get().payments == 0


@pytest.mark.parametrize("seed", range(size(4, 200)))
def test_random_work_keeps_each_figure_equal_to_its_sum(clinic, rival, as_role, seed):
    """Sales, payments and refunds at any hour, in two branches of different zones, by two doctors or nobody."""
    dice, desk = random.Random(seed), Desk(clinic)
    with tenant(clinic.pk):
        Branch.objects.filter(pk=clinic.other_branch.pk).update(timezone="Asia/Kathmandu")
        branches = list(Branch.objects.all())
    stranger = Desk(rival)
    stranger.take(stranger.sell(777), 777)
    doctors = [clinic.doctor, clinic.doctor2, None]
    invoices, payments = [], []
    model = {"received": ZERO, "refunded": ZERO, "billed": ZERO, "payments": 0}
    left, due = {}, {}

    for _ in range(size(40, 60)):
        now = NOON + timedelta(minutes=dice.randint(-20_000, 20_000))
        verb = dice.choice(["sell", "take", "take", "give_back"])
        if verb == "sell" or not invoices:
            amount = Decimal(dice.randint(1, 5_000_000)) / 100
            invoice = desk.sell(amount, now, dice.choice(doctors), dice.choice(branches))
            invoices.append(invoice)
            due[invoice.pk] = amount
            model["billed"] += amount
        elif verb == "take":
            invoice = dice.choice(invoices)
            if due[invoice.pk] > 0:
                amount = Decimal(dice.randint(1, int(due[invoice.pk] * 100))) / 100
                payment = desk.take(invoice, amount, dice.choice(["cash", "card"]), now)
                payments.append(payment)
                left[payment.pk] = amount
                due[invoice.pk] -= amount
                model["received"] += amount
                model["payments"] += 1
        elif payments:
            payment = dice.choice(payments)
            if left[payment.pk] > 0:
                amount = Decimal(dice.randint(1, int(left[payment.pk] * 100))) / 100
                desk.give_back(payment, amount, now)
                left[payment.pk] -= amount
                due[payment.invoice_id] += amount
                model["refunded"] += amount

    owner = as_role("owner")
    period = {"from": "2026-02-01", "to": "2026-04-30"}
    for group in ("day", "branch", "employee"):
        report = owner.get(REVENUE, period | {"group": group}).json()
        totals = report["totals"]
        assert (
            Decimal(totals["received_cash"]) + Decimal(totals["received_card"]) == model["received"]
        )
        assert Decimal(totals["refunded"]) == model["refunded"]
        assert Decimal(totals["revenue"]) == model["received"] - model["refunded"]
        assert Decimal(totals["billed"]) == model["billed"]
        assert totals["payments"] == model["payments"]
        assert Decimal(report["debt"]) == sum(due.values())
        assert_rows_make_up(owner, report["items"], period, group)
    assert Decimal(owner.get("/api/v1/reports/debts").json()["sum"]) == sum(due.values())
    with tenant(clinic.pk):
        kept = sorted(
            DailyFigures.objects.values_list("day", "branch", "employee", "billed"), key=str
        )
        assert rollups.check() == []
        rollups.rebuild(clinic.pk)
        assert rollups.check() == []
        again = sorted(
            DailyFigures.objects.values_list("day", "branch", "employee", "billed"), key=str
        )
    assert again == kept


def assert_rows_make_up(owner, items, period, group):
    """A click on a figure shows rows whose sum is the figure."""
    for item in items[:: 7 if group == "day" else 1]:
        if item["key"] is None:
            continue
        chosen = (
            {"from": item["key"], "to": item["key"]} if group == "day" else {group: item["key"]}
        )
        url = f"{REVENUE}/rows"
        rows = owner.get(url, period | chosen | {"size": 200}).json()
        assert Decimal(rows["sum"]) == Decimal(item["revenue"])
        assert rows["total"] == len(rows["items"])
        signed = [
            Decimal(row["amount"]) * (-1 if row["kind"] == "refund" else 1) for row in rows["items"]
        ]
        assert sum(signed) == Decimal(item["revenue"])
        billed = owner.get(url, period | chosen | {"kind": "invoice"}).json()
        assert Decimal(billed["sum"]) == Decimal(item["billed"])


def test_control_without_the_subscriber_the_check_finds_it(clinic, desk, monkeypatch):
    invoice = desk.sell(100)
    monkeypatch.setitem(events._subscribers, PaymentTaken, [])
    desk.take(invoice, 60)

    with tenant(clinic.pk):
        assert len(rollups.check()) == 2  # the day, and the debt
        rollups.rebuild(clinic.pk)
        assert rollups.check() == []


def test_a_changed_figure_is_found(clinic, desk):
    desk.sell(100)
    with tenant(clinic.pk):
        DailyFigures.objects.update(billed=99)
        assert [found["kept"][3] for found in rollups.check()] == [99]
        rollups.rebuild(clinic.pk)


def test_rebuilding_one_clinic_leaves_another_alone(clinic, rival, desk):
    Desk(rival).sell(300)
    desk.sell(100)
    with tenant(rival.pk):
        DailyFigures.objects.update(billed=7)
    with tenant(clinic.pk):
        rollups.rebuild(clinic.pk)
    with tenant(rival.pk):
        assert DailyFigures.objects.get().billed == 7
