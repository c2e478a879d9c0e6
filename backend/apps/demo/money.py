"""Invoices of the signed visits, a cash shift per working day, payments, debts and a few refunds."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from apps.billing import books
from apps.billing.models import (
    Account,
    CashShift,
    Invoice,
    InvoiceLine,
    Payment,
    Register,
    Transfer,
)
from apps.core import numbering
from apps.core.kz.money import tenge
from apps.demo.schedule import Written
from apps.demo.world import World, instant
from apps.org.models import Branch
from apps.visits.models import Visit

OPENING = Decimal(20_000)
NOTHING = Decimal()


@dataclass
class Money:
    invoices: list[Invoice] = field(default_factory=list)
    lines: list[InvoiceLine] = field(default_factory=list)
    shifts: dict[tuple[UUID, date], CashShift] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    accounts: dict[tuple[str, UUID], Account] = field(default_factory=dict)
    drawer: dict[UUID, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def build(world: World, written: Written) -> None:
    money = Money()
    registers = {row.branch_id: row for row in Register.objects.all()}
    works: dict[UUID, list[Any]] = defaultdict(list)
    for work in written.works:
        works[work.visit_id].append(work)
    signed = sorted(
        (v for v in written.visits if v.signed_at), key=lambda v: v.signed_at or v.arrived_at
    )
    first: dict[int, int] = {}
    for visit in signed:
        day = visit.branch.today(visit.signed_at or world.now)
        if day.year not in first:
            count = sum(v.branch.today(v.signed_at or world.now).year == day.year for v in signed)
            first[day.year] = numbering.take("invoice", day.year, count)
        _invoice(world, money, visit, day.year, first[day.year], works[visit.pk])
        first[day.year] += 1
        _settle(world, money, registers[visit.branch_id], visit, money.invoices[-1])
    _close(world, money)
    for rows in (
        list(money.accounts.values()), money.invoices, money.lines, list(money.shifts.values()),
        money.payments, money.transfers,
    ):  # fmt: skip
        if rows:
            type(rows[0]).objects.bulk_create(rows, batch_size=2000)
    _balances(world)


def _invoice(
    world: World, money: Money, visit: Visit, year: int, number: int, works: list[Any]
) -> None:
    assert visit.signed_at is not None
    invoice = Invoice(
        id=world.id(), branch=visit.branch, patient=visit.patient, visit=visit, employee=visit.employee,
        year=year, number=number, issued_at=visit.signed_at, total=visit.total,
    )  # fmt: skip
    money.invoices.append(invoice)
    for work in works:
        money.lines.append(
            InvoiceLine(
                id=world.id(), invoice=invoice, service=work.service, employee=work.employee,
                name=work.service.name, tooth=work.tooth, quantity=work.quantity, price=work.price,
                discount_percent=work.discount_percent, amount=work.amount, position=work.position,
            )
        )  # fmt: skip
    if invoice.total:
        _transfer(
            world, money, invoice.pk, visit.signed_at, ("revenue", visit.branch_id),
            ("receivable", visit.patient_id), invoice.total, invoice, None,
        )  # fmt: skip


def _settle(world: World, money: Money, register: Register, visit: Visit, invoice: Invoice) -> None:
    """Most pay at once, some a part, some later or not yet; one in a hundred gets something back."""
    chance, at = world.rng.random(), (visit.signed_at or world.now) + timedelta(minutes=7)
    branch = visit.branch
    if not invoice.total or at > world.now or chance > 0.93:
        _state(invoice, NOTHING, NOTHING)
        return
    part = tenge(invoice.total / 2) if chance > 0.83 else invoice.total
    payment = _pay(world, money, register, branch, invoice, "payment", part, at)
    refunded = NOTHING
    if chance < 0.01:
        refunded = tenge(part / 4)
        _pay(
            world,
            money,
            register,
            branch,
            invoice,
            "refund",
            refunded,
            at + timedelta(minutes=3),
            payment,
        )
    elif part < invoice.total and chance > 0.88:
        later = at + timedelta(days=7)
        if later < world.now and str(branch.today(later).isoweekday()) in branch.hours:
            _pay(world, money, register, branch, invoice, "payment", invoice.total - part, later)
            part = invoice.total
    _state(invoice, part - refunded, refunded)


def _state(invoice: Invoice, paid: Decimal, refunded: Decimal) -> None:
    invoice.paid, invoice.refunded = paid, refunded
    invoice.state = books.state(invoice.total, paid, refunded)


def _pay(
    world: World, money: Money, register: Register, branch: Branch, invoice: Invoice, kind: str,
    amount: Decimal, at: datetime, refund_of: Payment | None = None,
) -> Payment:  # fmt: skip
    shift = _shift(world, money, register, branch, branch.today(at))
    method = refund_of.method if refund_of else world.rng.choices(["cash", "card"], [35, 65])[0]
    payment = Payment(
        id=world.id(), invoice=invoice, shift=shift, branch=branch, patient_id=invoice.patient_id,
        kind=kind, method=method, amount=amount, at=at, by=shift.opened_by, refund_of=refund_of,
        reason="Пациент отказался от части услуг" if refund_of else "",
    )  # fmt: skip
    money.payments.append(payment)
    place = (method, register.pk if method == "cash" else branch.pk)
    owed = ("receivable", invoice.patient_id)
    source, target = (place, owed) if kind == "refund" else (owed, place)
    _transfer(world, money, payment.pk, at, source, target, amount, invoice, shift)
    if method == "cash":
        money.drawer[shift.pk] += amount if kind == "payment" else -amount
    return payment


def _shift(world: World, money: Money, register: Register, branch: Branch, day: date) -> CashShift:
    key = (register.pk, day)
    if key not in money.shifts:
        cashier = next(
            (
                u
                for login, u in world.users.items()
                if login.rstrip("0123456789").endswith("cashier")
            ),
            next(iter(world.users.values())),
        )
        money.shifts[key] = CashShift(
            id=world.id(), register=register, opened_by=cashier, opening_cash=OPENING,
            opened_at=instant(branch, day, time(8, 45)),
        )  # fmt: skip
    return money.shifts[key]


def _close(world: World, money: Money) -> None:
    """Yesterday and before are counted; now and then the drawer is a little short. Today's stay open."""
    for (_, day), shift in money.shifts.items():
        branch = shift.register.branch
        if day >= branch.today(world.now):
            continue
        shift.expected = OPENING + money.drawer[shift.pk]
        shift.counted = shift.expected - (500 if world.rng.random() < 0.05 else 0)
        shift.closed_at = instant(branch, day, time(20, 15))
        shift.closed_by = shift.opened_by


def _transfer(
    world: World, money: Money, operation_id: UUID, at: datetime, source: tuple[str, UUID],
    target: tuple[str, UUID], amount: Decimal, invoice: Invoice, shift: CashShift | None,
) -> None:  # fmt: skip
    sides = []
    for kind, subject in (source, target):
        if (kind, subject) not in money.accounts:
            money.accounts[kind, subject] = Account(id=world.id(), kind=kind, subject_id=subject)
        sides.append(money.accounts[kind, subject])
    money.transfers.append(
        Transfer(
            id=world.id(), operation_id=operation_id, at=at, source=sides[0], target=sides[1],
            amount=amount, invoice=invoice, shift=shift,
        )
    )  # fmt: skip


def _balances(world: World) -> None:
    """Each patient's balance as the sum of his transfers."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO patients_patientaccount (id, organization_id, patient_id, balance)
            SELECT gen_random_uuid(), a.organization_id, a.subject_id,
                   sum(CASE WHEN t.source_id = a.id THEN t.amount ELSE -t.amount END)
            FROM billing_account a
            JOIN billing_transfer t ON t.organization_id = a.organization_id
                                   AND a.id IN (t.source_id, t.target_id)
            WHERE a.organization_id = %s AND a.kind = 'receivable'
            GROUP BY a.organization_id, a.subject_id
            """,
            [world.organization.pk],
        )
