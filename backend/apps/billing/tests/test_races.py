"""Money under contention, on a database where commits are real; each guard with a control that fails without it."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_a_little
from datetime import timedelta
from functools import partial
from random import Random
from threading import Event

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from apps.billing import actions, audit, books
from apps.billing.actions import shifts
from apps.billing.models import CashShift, Invoice, Payment
from apps.billing.tests.money import close, issue, open_shift, pay, refund
from apps.calendar import actions as calendar
from apps.calendar.models import Appointment
from apps.core.api import idempotency
from apps.core.tenancy import tenant
from apps.visits.actions import open_visit
from apps.visits.models import Visit
from apps.visits.pricing import Rights
from embedded.pytest_plugin import owner_address
from testing.clinics import build_clinic
from testing.races import committed, size, together


@pytest.fixture
def town(committed_db):
    """A clinic that is really there, an open shift and an invoice of 20 000."""
    clinic = build_clinic()
    cashier = clinic.client("cashier", clinic.branch)
    clinic.shift = open_shift(cashier, clinic.register, "1000").json()
    clinic.invoice = issue(clinic.client("owner"), clinic, "20000")
    clinic.database = committed_db
    return clinic


def cashiers(clinic, count):
    """The same person in several browsers."""
    return [clinic.client("cashier", clinic.branch) for _ in range(count)]


def payments(clinic):
    with tenant(clinic.pk):
        return list(Payment.objects.all())


def differences(clinic):
    with tenant(clinic.pk):
        return audit.check()


def parallel_copies(clinic, count=20):
    return together(
        [
            partial(pay, person, clinic.invoice, "100", key="the same")
            for person in cashiers(clinic, count)
        ]
    )


def test_twenty_copies_of_one_payment_make_one(town):
    answers = parallel_copies(town, size(20, 50))

    assert len(payments(town)) == 1
    done = [r for r in answers if r.status_code == 201]
    assert done
    assert len({r.content for r in done}) == 1
    rest = [r for r in answers if r.status_code != 201]
    assert {(r.status_code, r.json()["code"]) for r in rest} <= {(409, "in_flight")}
    assert differences(town) == []


def test_control_without_the_key_they_make_many(town, monkeypatch):
    monkeypatch.setattr(idempotency, "begin", lambda request, view: None)

    parallel_copies(town)

    assert len(payments(town)) > 1


def test_parallel_payments_never_overpay(town):
    answers = together([partial(pay, p, town.invoice, "3000") for p in cashiers(town, 12)])

    assert sorted(r.status_code for r in answers) == [201] * 6 + [409] * 6
    assert {r.json()["code"] for r in answers if r.status_code == 409} == {"overpaid"}
    assert differences(town) == []


def test_parallel_refunds_never_exceed_the_payment(town):
    (person,) = cashiers(town, 1)
    payment = pay(person, town.invoice, "10000").json()

    answers = together([partial(refund, p, payment, "3000") for p in cashiers(town, 8)])

    assert sorted(r.status_code for r in answers) == [201] * 3 + [409] * 5
    assert differences(town) == []


def test_one_open_shift_per_register(town):
    (person,) = cashiers(town, 1)
    close(person, town.shift, "1000")

    answers = together([partial(open_shift, p, town.register) for p in cashiers(town, 16)])

    assert sorted(r.status_code for r in answers) == [201] + [409] * 15
    assert {r.json()["code"] for r in answers if r.status_code == 409} == {"shift_open"}


def test_control_without_the_index_several_open(town):
    with psycopg.connect(owner_address(town.database), autocommit=True) as owner:
        owner.execute("DROP INDEX cash_shift_one_open")

    together([partial(open_shift, p, town.register) for p in cashiers(town, 4)])

    with tenant(town.pk):
        assert CashShift.objects.filter(register=town.register, closed_at=None).count() > 1


def test_a_payment_racing_the_close_lands_in_exactly_one_shift(town):
    (person,) = cashiers(town, 1)
    shift, taken = town.shift, 0
    for _ in range(size(6, 500)):
        calls = [partial(pay, p, town.invoice, "1") for p in cashiers(town, 3)]
        calls.insert(1, partial(close, person, shift, "0"))
        closed, *paid = sorted(together(calls), key=lambda r: "counted" not in r.json())

        assert closed.status_code == 200
        assert {r.status_code for r in paid} <= {201, 409}
        assert {r.json()["code"] for r in paid if r.status_code == 409} <= {"no_open_shift"}
        inside = [r for r in paid if r.status_code == 201]
        assert {r.json()["shift"] for r in inside} <= {shift["id"]}
        opened = float(closed.json()["opening_cash"])
        assert float(closed.json()["expected"]) == opened + len(inside)
        taken += len(inside)
        shift = open_shift(person, town.register).json()
    assert len(payments(town)) == taken
    assert differences(town) == []


def somebody_waits(town):
    with psycopg.connect(owner_address(town.database)) as owner:
        return owner.execute(
            "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        ).fetchone()


def close_in_the_middle_of_a_payment(town, monkeypatch):
    """The close comes when the payment is written and not yet committed."""
    written, go_on = Event(), Event()
    settle = books.settle

    def wait(invoice):
        settle(invoice)
        written.set()
        go_on.wait(10)

    monkeypatch.setattr(books, "settle", wait)
    payer, closer = cashiers(town, 2)
    with ThreadPoolExecutor(2) as pool:
        paying = pool.submit(committed, partial(pay, payer, town.invoice, "500"))
        assert written.wait(10)
        closing = pool.submit(committed, partial(close, closer, town.shift, "1500"))
        while not closing.done() and not somebody_waits(town):
            wait_a_little([closing], 0.02)
        go_on.set()
        assert paying.result(10).status_code == 201
        return closing.result(10).json()


def test_a_close_waits_for_a_payment_that_is_under_way(town, monkeypatch):
    closed = close_in_the_middle_of_a_payment(town, monkeypatch)

    assert (closed["expected"], closed["difference"]) == ("1500.00", "0.00")
    assert differences(town) == []


def test_control_without_the_lock_the_money_falls_between_two_shifts(town, monkeypatch):
    monkeypatch.setattr(shifts, "_HOLD", shifts._HOLD.replace("FOR SHARE OF s", ""))

    closed = close_in_the_middle_of_a_payment(town, monkeypatch)

    assert closed["expected"] == "1000.00"
    assert [d.what for d in differences(town)] == ["closed shift"]


class Changed(Exception):
    pass


def test_numbers_have_no_gaps_under_parallel_issues_with_rollbacks(town):
    threads, each = size(8, 32), size(6, 20)

    def work(seed):
        dice = Random(seed)
        for _ in range(each):
            try:
                with transaction.atomic(), tenant(town.pk):
                    actions.issue(
                        branch=town.branch,
                        patient=dice.choice([town.patient, town.patient2]),
                        employee_id=None,
                        items=[{"service": town.service2.pk, "quantity": 1}],
                        rights=Rights(False, 0),
                        by=town.user("owner"),
                        now=timezone.now(),
                    )
                    if dice.random() < 0.4:
                        raise Changed
            except Changed:
                continue

    town.user("owner")
    together([partial(work, seed) for seed in range(threads)])

    with tenant(town.pk):
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert 1 < len(numbers) < threads * each + 1
    assert numbers == list(range(1, len(numbers) + 1))
    assert differences(town) == []


def test_signing_in_several_windows_makes_one_invoice(town):
    with tenant(town.pk):
        visit = open_visit(
            patient=town.patient,
            branch=town.branch,
            employee=town.doctor,
            by=None,
            now=timezone.now(),
        )
    url = f"/api/v1/visits/{visit.pk}/sign"
    doctors = [town.client("doctor") for _ in range(6)]

    answers = together([partial(doctor.post, url, {"version": 1}) for doctor in doctors])

    assert sorted(r.status_code for r in answers) == [200] + [409] * 5
    with tenant(town.pk):
        assert Invoice.objects.filter(visit=visit).count() == 1


def test_signing_and_canceling_the_booking_end_one_way(town):
    for _ in range(size(3, 100)):
        now = timezone.now()
        with tenant(town.pk):
            appointment = Appointment.objects.create(
                branch=town.branch, patient=town.patient, employee=town.doctor,
                starts_at=now, ends_at=now + timedelta(minutes=30),
            )  # fmt: skip
            calendar.change_status(appointment=appointment, to="arrived", by=None, now=now)
            visit = Visit.objects.get(appointment=appointment)
        desk, doctor = town.client("registrar", town.branch), town.client("doctor")
        cancel = {"version": 2, "by": "clinic", "reason": "Передумал"}

        signed, canceled = together(
            [
                partial(doctor.post, f"/api/v1/visits/{visit.pk}/sign", {"version": 1}),
                partial(
                    desk.post, f"/api/v1/calendar/appointments/{appointment.pk}/cancel", cancel
                ),
            ]
        )

        assert sorted([signed.status_code, canceled.status_code]) == [200, 409]
        with tenant(town.pk):
            visit.refresh_from_db()
            appointment.refresh_from_db()
        assert (visit.status, appointment.status) in {("signed", "done"), ("canceled", "canceled")}
    assert differences(town) == []
