"""Keeps the roll-ups: one statement per event, and the same sums computed anew from invoices and payments."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.core import prepared, tenancy
from apps.core.ids import uuid7

_ADD = """
WITH owed AS (
    INSERT INTO reports_debt (id, organization_id, branch_id, employee_id, amount)
    VALUES (%(debt_id)s, %(org)s, %(branch)s, %(employee)s, %(owed)s)
    ON CONFLICT (organization_id, branch_id, employee_id)
    DO UPDATE SET amount = reports_debt.amount + excluded.amount
)
INSERT INTO reports_dailyfigures AS f
    (id, organization_id, branch_id, employee_id, day,
     received_cash, received_card, refunded, billed, payments, invoices)
VALUES (%(id)s, %(org)s, %(branch)s, %(employee)s, %(day)s,
        %(received_cash)s, %(received_card)s, %(refunded)s, %(billed)s, %(payments)s, %(invoices)s)
ON CONFLICT (organization_id, day, branch_id, employee_id) DO UPDATE SET
    received_cash = f.received_cash + excluded.received_cash,
    received_card = f.received_card + excluded.received_card,
    refunded = f.refunded + excluded.refunded,
    billed = f.billed + excluded.billed,
    payments = f.payments + excluded.payments,
    invoices = f.invoices + excluded.invoices
"""

_DAYS_ANEW = """
SELECT branch_id, employee_id, day,
       sum(received_cash) AS received_cash, sum(received_card) AS received_card,
       sum(refunded) AS refunded, sum(billed) AS billed,
       sum(payments)::int AS payments, sum(invoices)::int AS invoices
FROM (
    SELECT p.branch_id, i.employee_id, (p.at AT TIME ZONE b.timezone)::date AS day,
           CASE WHEN p.kind = 'payment' AND p.method = 'cash' THEN p.amount ELSE 0 END AS received_cash,
           CASE WHEN p.kind = 'payment' AND p.method = 'card' THEN p.amount ELSE 0 END AS received_card,
           CASE WHEN p.kind = 'refund' THEN p.amount ELSE 0 END AS refunded,
           0 AS billed, CASE WHEN p.kind = 'payment' THEN 1 ELSE 0 END AS payments, 0 AS invoices
    FROM billing_payment p
    JOIN billing_invoice i ON i.id = p.invoice_id AND i.organization_id = p.organization_id
    JOIN org_branch b ON b.id = p.branch_id AND b.organization_id = p.organization_id
    WHERE p.organization_id = %(org)s
    UNION ALL
    SELECT i.branch_id, i.employee_id, (i.issued_at AT TIME ZONE b.timezone)::date,
           0, 0, 0, i.total, 0, 1
    FROM billing_invoice i
    JOIN org_branch b ON b.id = i.branch_id AND b.organization_id = i.organization_id
    WHERE i.organization_id = %(org)s
) AS facts
GROUP BY branch_id, employee_id, day
"""

_DEBTS_ANEW = """
SELECT branch_id, employee_id, sum(amount) AS amount
FROM (
    SELECT branch_id, employee_id, total AS amount
    FROM billing_invoice WHERE organization_id = %(org)s
    UNION ALL
    SELECT p.branch_id, i.employee_id, CASE WHEN p.kind = 'payment' THEN -p.amount ELSE p.amount END
    FROM billing_payment p
    JOIN billing_invoice i ON i.id = p.invoice_id AND i.organization_id = p.organization_id
    WHERE p.organization_id = %(org)s
) AS facts
GROUP BY branch_id, employee_id
"""

_FIGURES = ("received_cash", "received_card", "refunded", "billed", "payments", "invoices")


def add(*, branch: UUID | None, employee: str | None, day: str, **figures: Decimal | int) -> None:
    """Figures of one event; they and the debt that follows from them, in one statement."""
    values = {name: figures.get(name, 0) for name in _FIGURES}
    owed = values["billed"] + values["refunded"] - values["received_cash"] - values["received_card"]
    row = {
        "org": tenancy.current_organization_id(), "id": uuid7(), "debt_id": uuid7(), "branch": branch,
        "employee": employee, "day": date.fromisoformat(day), "owed": owed, **values,
    }  # fmt: skip
    with prepared.cursor() as cursor:
        cursor.execute(_ADD, row)


@transaction.atomic
def rebuild(organization_id: UUID) -> None:
    """Throw the roll-ups away and sum invoices and payments anew. Waits for whoever is writing them."""
    with tenancy.tenant(organization_id):
        _run("LOCK TABLE reports_dailyfigures, reports_debt IN SHARE ROW EXCLUSIVE MODE")
        _run("DELETE FROM reports_dailyfigures WHERE organization_id = %(org)s")
        _run("DELETE FROM reports_debt WHERE organization_id = %(org)s")
        _run(
            f"""
            INSERT INTO reports_dailyfigures
                (id, organization_id, branch_id, employee_id, day,
                 received_cash, received_card, refunded, billed, payments, invoices)
            SELECT gen_random_uuid(), %(org)s, anew.* FROM ({_DAYS_ANEW}) AS anew
            """
        )
        _run(
            f"""
            INSERT INTO reports_debt (id, organization_id, branch_id, employee_id, amount)
            SELECT gen_random_uuid(), %(org)s, anew.* FROM ({_DEBTS_ANEW}) AS anew
            """
        )


def check() -> list[dict[str, Any]]:
    """Where the roll-ups of the open organisation differ from what they are sums of. Empty: nowhere."""
    kept_days = (
        f"SELECT branch_id, employee_id, day, {', '.join(_FIGURES)} FROM reports_dailyfigures"
    )
    kept_debts = "SELECT branch_id, employee_id, amount FROM reports_debt"
    return _differences(_DAYS_ANEW, kept_days, key=3) + _differences(_DEBTS_ANEW, kept_debts, key=2)


def _differences(anew: str, kept: str, *, key: int) -> list[dict[str, Any]]:
    expected = {row[:key]: row[key:] for row in _run(anew)}
    found = {row[:key]: row[key:] for row in _run(f"{kept} WHERE organization_id = %(org)s")}
    return [
        {"of": where, "kept": found.get(where), "journal": expected.get(where)}
        for where in sorted(expected.keys() | found.keys(), key=str)
        if any(found.get(where) or ()) or any(expected.get(where) or ())
        if found.get(where) != expected.get(where)
    ]


def _run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"org": tenancy.current_organization_id(), **values})
        return cursor.fetchall() if cursor.description else []
