"""Does everything that is shown equal the sum of the journal? Recomputes all of it, inside the current organisation."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core import tenancy


@dataclass(frozen=True)
class Difference:
    what: str
    id: Any
    shown: Any
    journal: Any


# Each statement answers the rows that differ: id, what is shown, what the journal says.
_SIDES = """
JOIN billing_account s ON s.id = t.source_id AND s.organization_id = t.organization_id
JOIN billing_account g ON g.id = t.target_id AND g.organization_id = t.organization_id
WHERE t.organization_id = %(organization)s
"""

CHECKS = {
    "patient balance": """
        WITH owed AS (
            SELECT a.subject_id AS patient_id,
                   sum(CASE WHEN t.source_id = a.id THEN t.amount ELSE -t.amount END) AS balance
            FROM billing_account a
            JOIN billing_transfer t
              ON t.organization_id = a.organization_id AND a.id IN (t.source_id, t.target_id)
            WHERE a.organization_id = %(organization)s AND a.kind = 'receivable'
            GROUP BY a.subject_id),
        shown AS (
            SELECT patient_id, balance FROM patients_patientaccount
            WHERE organization_id = %(organization)s)
        SELECT coalesce(shown.patient_id, owed.patient_id), shown.balance, owed.balance
        FROM shown FULL JOIN owed ON owed.patient_id = shown.patient_id
        WHERE coalesce(shown.balance, 0) <> coalesce(owed.balance, 0)""",
    "invoice": f"""
        WITH sums AS (
            SELECT t.invoice_id,
                   coalesce(sum(t.amount) FILTER (WHERE s.kind = 'revenue'), 0) AS billed,
                   coalesce(sum(t.amount) FILTER (WHERE s.kind = 'receivable'), 0) AS received,
                   coalesce(sum(t.amount) FILTER (
                       WHERE g.kind = 'receivable' AND s.kind <> 'revenue'), 0) AS given_back
            FROM billing_transfer t {_SIDES} GROUP BY t.invoice_id)
        SELECT i.id, concat_ws(' ', i.total, i.paid, i.refunded, i.state),
               concat_ws(' ', coalesce(billed, 0), coalesce(received - given_back, 0),
                         coalesce(given_back, 0))
        FROM billing_invoice i LEFT JOIN sums ON sums.invoice_id = i.id
        WHERE i.organization_id = %(organization)s AND (
            i.total <> coalesce(billed, 0) OR i.paid <> coalesce(received - given_back, 0)
            OR i.refunded <> coalesce(given_back, 0)
            OR i.state <> CASE WHEN i.paid >= i.total THEN 'paid' WHEN i.paid > 0 THEN 'partial'
                               WHEN i.refunded > 0 THEN 'refunded' ELSE 'issued' END)""",
    "invoice lines": """
        SELECT i.id, i.total, coalesce(sum(l.amount), 0)
        FROM billing_invoice i
        LEFT JOIN billing_invoiceline l ON l.invoice_id = i.id AND l.organization_id = i.organization_id
        WHERE i.organization_id = %(organization)s
        GROUP BY i.id, i.total HAVING i.total <> coalesce(sum(l.amount), 0)""",
    "payment": f"""
        WITH moved AS (
            SELECT t.operation_id, count(*) AS rows, sum(t.amount) AS amount,
                   min(CASE WHEN g.kind = 'receivable' THEN 'refund ' || s.kind
                            ELSE 'payment ' || g.kind END) AS what,
                   min(t.shift_id::text) AS shift, min(t.invoice_id::text) AS invoice
            FROM billing_transfer t {_SIDES} AND s.kind <> 'revenue' GROUP BY t.operation_id)
        SELECT coalesce(p.id, moved.operation_id), p.amount, moved.amount
        FROM (SELECT * FROM billing_payment WHERE organization_id = %(organization)s) p
        FULL JOIN moved ON moved.operation_id = p.id
        WHERE (p.amount, p.kind || ' ' || p.method, p.shift_id::text, p.invoice_id::text, 1)
              IS DISTINCT FROM (moved.amount, moved.what, moved.shift, moved.invoice, moved.rows)""",
    "closed shift": f"""
        WITH cash AS (
            SELECT t.shift_id,
                   sum(CASE WHEN g.kind = 'cash' THEN t.amount WHEN s.kind = 'cash' THEN -t.amount
                            ELSE 0 END) AS moved
            FROM billing_transfer t {_SIDES} GROUP BY t.shift_id)
        SELECT c.id, c.expected, c.opening_cash + coalesce(cash.moved, 0)
        FROM billing_cashshift c LEFT JOIN cash ON cash.shift_id = c.id
        WHERE c.organization_id = %(organization)s AND c.closed_at IS NOT NULL
          AND c.expected IS DISTINCT FROM c.opening_cash + coalesce(cash.moved, 0)""",
    "invoice numbers": """
        SELECT year, max(number), count(*) FROM billing_invoice
        WHERE organization_id = %(organization)s
        GROUP BY year HAVING max(number) <> count(*) OR min(number) <> 1""",
    "signed visit": """
        SELECT v.id, v.total, i.total
        FROM visits_visit v
        LEFT JOIN billing_invoice i ON i.visit_id = v.id AND i.organization_id = v.organization_id
        WHERE v.organization_id = %(organization)s AND v.status = 'signed'
          AND v.total IS DISTINCT FROM i.total""",
}


def check() -> list[Difference]:
    found = []
    parameters = {"organization": tenancy.current_organization_id()}
    with connection.cursor() as cursor:
        for what, statement in CHECKS.items():
            cursor.execute(statement, parameters)
            found += [Difference(what, *row) for row in cursor.fetchall()]
    return found
