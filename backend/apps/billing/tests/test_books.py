"""The books: random work keeps every balance equal to its sum, the audit sees any tampering, history cannot be written."""

from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from apps.billing import audit, books
from apps.billing.models import CashShift, Invoice, Payment, Transfer
from apps.billing.tests.money import close, issue, open_shift, pay, refund
from apps.core.tenancy import tenant
from apps.patients.models import PatientAccount
from testing.races import size


class Model:
    """What a careful clerk would have in his notebook."""

    def __init__(self, clinic, seed):
        self.dice = Random(seed)
        self.clinic = clinic
        self.owner = clinic.client("owner")
        self.cashier = clinic.client("cashier", clinic.branch)
        self.due, self.owed, self.left = {}, {}, {}
        self.invoices, self.payments = [], []
        self.shift, self.drawer = None, Decimal(0)

    def amount(self, most):
        some = Decimal(self.dice.randint(1, int(most * 100) or 1)) / 100
        return self.dice.choice([some, most, most + Decimal("0.01")])

    def issue(self):
        price = Decimal(self.dice.randint(0, 3_000_000)) / 100
        patient = self.dice.choice([self.clinic.patient, self.clinic.patient2])
        invoice = issue(self.owner, self.clinic, str(price), patient=str(patient.pk))
        self.invoices.append(invoice)
        self.due[invoice["id"]] = Decimal(invoice["total"])
        self.owed[str(patient.pk)] = self.owed.get(str(patient.pk), 0) + price

    def pay(self):
        if not self.invoices:
            return
        invoice = self.dice.choice(self.invoices)
        due = self.due[invoice["id"]]
        amount, method = self.amount(due), self.dice.choice(["cash", "card"])
        r = pay(self.cashier, invoice, str(amount), method)
        if amount == 0:
            assert r.status_code == 400, r.content
        elif amount > due:
            assert r.json()["code"] == "overpaid", r.content
        elif self.shift is None:
            assert r.json()["code"] == "no_open_shift", r.content
        else:
            assert r.status_code == 201, r.content
            self.moved(invoice, method, amount)
            self.payments.append((r.json(), invoice))
            self.left[r.json()["id"]] = amount
            assert Decimal(r.json()["invoice_due"]) == self.due[invoice["id"]]

    def refund(self):
        if not self.payments:
            return
        payment, invoice = self.dice.choice(self.payments)
        left = self.left[payment["id"]]
        amount, method = self.amount(left), self.dice.choice(["cash", "card"])
        r = refund(self.cashier, payment, str(amount), method=method)
        if amount == 0:
            assert r.status_code == 400, r.content
        elif amount > left:
            assert r.json()["code"] == "refund_too_large", r.content
        elif self.shift is None:
            assert r.json()["code"] == "no_open_shift", r.content
        else:
            assert r.status_code == 201, r.content
            self.moved(invoice, method, -amount)
            self.left[payment["id"]] -= amount

    def moved(self, invoice, method, amount):
        self.due[invoice["id"]] -= amount
        self.owed[invoice["patient"]["id"]] -= amount
        self.drawer += amount if method == "cash" else 0

    def turn_shift(self):
        if self.shift is None:
            self.drawer = Decimal(self.dice.randint(0, 10_000))
            self.shift = open_shift(self.cashier, self.clinic.register, str(self.drawer)).json()
        elif self.dice.random() < 0.3:
            r = close(self.cashier, self.shift, "0")
            assert Decimal(r.json()["expected"]) == self.drawer
            self.shift = None

    def check(self):
        with tenant(self.clinic.pk):
            assert audit.check() == []
            for pk, owed in self.owed.items():
                assert PatientAccount.objects.get(patient_id=pk).balance == -owed
            for invoice in Invoice.objects.all():
                assert invoice.total - invoice.paid == self.due[str(invoice.pk)]


@pytest.mark.parametrize("seed", range(size(3, 200)))
def test_random_work_keeps_every_balance_equal_to_its_sum(clinic, seed):
    model = Model(clinic, seed)
    verbs = [model.issue, model.issue, model.pay, model.pay, model.pay, model.refund, model.refund]
    model.turn_shift()
    for step in range(size(40, 50)):
        model.dice.choice([*verbs, model.turn_shift])()
        if step % 10 == 9:
            model.check()
    model.check()


@pytest.fixture
def worked(clinic, cashier, shift, invoice):
    payment = pay(cashier, invoice, "7000").json()
    refund(cashier, payment, "500")
    close(cashier, shift, "7500")
    return payment


TAMPERINGS = {
    "patient balance": [
        "UPDATE patients_patientaccount SET balance = balance + 1 WHERE balance <> 0",
        "DELETE FROM patients_patientaccount",
        "UPDATE patients_patientaccount SET balance = 5 WHERE balance = 0",
    ],
    "invoice": [
        "UPDATE billing_invoice SET paid = paid + 1",
        "UPDATE billing_invoice SET refunded = 0",
        "UPDATE billing_invoice SET state = 'paid'",
    ],
    "invoice lines": ["UPDATE billing_invoiceline SET amount = amount - 1"],
    "invoice numbers": ["UPDATE billing_invoice SET number = number + 1"],
    "closed shift": ["UPDATE billing_cashshift SET expected = expected + 1"],
}


def test_the_audit_sees_any_tampering(clinic, worked):
    with tenant(clinic.pk):
        assert audit.check() == []
        for what, statement in [(what, s) for what, every in TAMPERINGS.items() for s in every]:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount > 0, statement
                assert what in {difference.what for difference in audit.check()}, statement
                transaction.set_rollback(True)


def test_the_audit_sees_a_payment_that_was_not_booked_and_a_booking_without_a_payment(
    clinic, worked
):
    with tenant(clinic.pk):
        paid = Payment.objects.get(pk=worked["id"])
        with transaction.atomic():
            fields = ("invoice", "shift", "branch_id", "patient_id", "at", "by")
            extra = Payment.objects.create(
                kind="payment", method="card", amount=1, **{f: getattr(paid, f) for f in fields}
            )
            assert [(d.what, d.id) for d in audit.check()] == [("payment", extra.pk)]
            transaction.set_rollback(True)
        with transaction.atomic():
            stray = books.entry(
                operation_id=paid.invoice_id, at=paid.at, source=("card", clinic.branch.pk),
                target=("receivable", clinic.patient.pk), amount=Decimal(1), invoice=paid.invoice,
            )  # fmt: skip
            stray.save()
            assert {d.what for d in audit.check()} == {"patient balance", "invoice", "payment"}
            transaction.set_rollback(True)


def test_the_command_says_whether_the_books_agree(clinic, rival, worked):
    out = StringIO()
    call_command("check_books", stdout=out)
    assert f"{clinic.organization.name}: 0 differences" in out.getvalue()

    with transaction.atomic():
        with tenant(clinic.pk):
            CashShift.objects.update(expected=1)
        with pytest.raises(CommandError, match="1 differences"):
            call_command("check_books", stdout=StringIO())
        transaction.set_rollback(True)


ATTACKS = [
    "UPDATE {table} SET amount = 1",
    "UPDATE {table} SET at = now()",
    "UPDATE {table} SET organization_id = gen_random_uuid()",
    "DELETE FROM {table}",
    "DELETE FROM {table} USING billing_invoice i WHERE i.id = {table}.invoice_id",
    "TRUNCATE {table}",
    "TRUNCATE billing_invoice CASCADE",
    "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id, organization_id) DO UPDATE SET amount = 1",
    "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone",
    "SELECT * FROM {table} FOR UPDATE",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} DROP CONSTRAINT {constraint}",
    "GRANT UPDATE ON {table} TO clinic_app; UPDATE {table} SET amount = 1",
    "SET ROLE clinic_owner",
    "DELETE FROM billing_account; SET CONSTRAINTS ALL IMMEDIATE",
    "DELETE FROM billing_invoice; SET CONSTRAINTS ALL IMMEDIATE",
    "DELETE FROM billing_cashshift; SET CONSTRAINTS ALL IMMEDIATE",
    "INSERT INTO {table} SELECT * FROM {table}",
]


@pytest.mark.parametrize("table", ["billing_payment", "billing_transfer"])
def test_history_cannot_be_rewritten(clinic, worked, table):
    constraint = {"billing_payment": "payment_positive", "billing_transfer": "transfer_positive"}[
        table
    ]

    def rows():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY id)), count(*) FROM {table} t"
            )
            return cursor.fetchone()

    with tenant(clinic.pk):
        before = rows()
        for attack in ATTACKS:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack.format(table=table, constraint=constraint))
            assert rows() == before, attack
        assert before[1] > 0


@pytest.mark.parametrize("model", [Payment, Transfer])
def test_nor_through_the_models(clinic, worked, model):
    with tenant(clinic.pk):
        row = model.objects.first()
        row.amount = Decimal(1)
        for attack in (
            row.save,
            row.delete,
            model.objects.all().delete,
            Invoice.objects.all().delete,
        ):
            with pytest.raises(Exception), transaction.atomic():  # noqa: B017 - protected or forbidden
                attack()
        assert model.objects.get(pk=row.pk).amount != 1
