"""Invariant 110: who waits too long for a lock or a statement is told to come again, and others keep their speed."""

import psycopg
import pytest
from django.db import connection

from apps.billing.models import Payment
from apps.billing.tests.money import issue, open_shift, pay
from apps.core.tenancy import tenant
from embedded.pytest_plugin import owner_address
from testing.clinics import build_clinic


@pytest.fixture
def town(committed_db):
    clinic = build_clinic()
    clinic.cashier = clinic.client("cashier", clinic.branch)
    open_shift(clinic.cashier, clinic.register)
    clinic.invoice, clinic.other = (issue(clinic.client("owner"), clinic, "900") for _ in range(2))
    clinic.database = committed_db
    return clinic


def test_a_payment_that_waits_too_long_is_503_and_others_go_on(town):
    with psycopg.connect(owner_address(town.database)) as owner:
        owner.execute("SELECT FROM billing_invoice WHERE id = %s FOR UPDATE", [town.invoice["id"]])
        hurry()

        late = pay(town.cashier, town.invoice, "100", key="late")
        other = pay(town.cashier, town.other, "200")

    assert (late.status_code, late.json()["code"]) == (503, "busy")
    assert late["Retry-After"] == "1"
    assert other.status_code == 201
    assert pay(town.cashier, town.invoice, "100", key="late").status_code == 201
    with tenant(town.pk):
        assert sorted(Payment.objects.values_list("amount", flat=True)) == [100, 200]


def hurry():
    """The same limits as in settings, only shorter. The connection stays as long as the thread asks."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '150ms'")


@pytest.mark.parametrize(
    "limit", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]
)
def test_no_connection_is_without_limits(limit, db):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {limit}")
        assert cursor.fetchone()[0] in {"5s", "30s"}
