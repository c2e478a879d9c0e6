"""Revenue: payments received less refunds, by the branch's date. Beside it what was billed, and what is owed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.reports.queries.slice import SHORT_NAME, Slice, fetch, inside, within

ZERO = Decimal("0.00")
FIGURES = ("received_cash", "received_card", "refunded", "revenue", "billed", "payments")

_SUMS = """
    sum(f.received_cash) AS received_cash, sum(f.received_card) AS received_card,
    sum(f.refunded) AS refunded,
    sum(f.received_cash) + sum(f.received_card) - sum(f.refunded) AS revenue,
    sum(f.billed) AS billed, sum(f.payments)::int AS payments
"""
_GROUPS = {
    "day": ("f.day::text AS key, f.day::text AS label", "", "f.day", "key"),
    "branch": (
        "f.branch_id::text AS key, b.name AS label",
        "JOIN org_branch b ON b.id = f.branch_id AND b.organization_id = f.organization_id",
        "f.branch_id, b.name, b.position",
        "label",
    ),
    "employee": (
        f"f.employee_id::text AS key, coalesce({SHORT_NAME}, '') AS label",
        "LEFT JOIN staff_employee e ON e.id = f.employee_id AND e.organization_id = f.organization_id",
        "f.employee_id, e.last_name, e.first_name, e.middle_name",
        "revenue DESC, label",
    ),
}


def report(part: Slice, begins: date, ends: date, group: str) -> dict[str, Any]:
    """One statement over the roll-ups, whatever the period."""
    columns, join, by, order = _GROUPS[group]
    rows = fetch(
        f"""
        SELECT g.*, (
            SELECT coalesce(sum(d.amount), 0.00) FROM reports_debt d
            WHERE d.organization_id = %(org)s AND {inside("d.branch_id", "d.employee_id")}
        ) AS debt
        FROM (SELECT 1) AS always LEFT JOIN (
            SELECT {columns}, {_SUMS}
            FROM reports_dailyfigures f {join}
            WHERE f.organization_id = %(org)s AND f.day BETWEEN %(from)s AND %(to)s
              AND {inside("f.branch_id", "f.employee_id")}
            GROUP BY {by}
        ) AS g ON true
        ORDER BY {order}
        """,
        **part.params(),
        **{"from": begins, "to": ends},
    )
    debt = rows[0]["debt"]
    items = [
        {name: value for name, value in row.items() if name != "debt"}
        for row in rows
        if row["payments"] is not None
    ]
    if group == "day":
        items = _every_day(items, begins, ends)
    return {"items": items, "totals": totals(items), "debt": debt}


def totals(items: list[dict[str, Any]]) -> dict[str, Any]:
    sums = {name: sum((item[name] for item in items), ZERO) for name in FIGURES}
    return {**sums, "payments": int(sums["payments"])}


def _every_day(items: list[dict[str, Any]], begins: date, ends: date) -> list[dict[str, Any]]:
    """Days without money are part of the picture."""
    found = {item["key"]: item for item in items}
    days = ((begins + timedelta(days=n)).isoformat() for n in range((ends - begins).days + 1))
    nothing = dict.fromkeys(FIGURES, ZERO) | {"payments": 0}
    return [found.get(day) or {"key": day, "label": day, **nothing} for day in days]


_PAYMENTS = f"""
    FROM org_branch b
    JOIN billing_payment p ON p.organization_id = b.organization_id AND p.branch_id = b.id
     AND {within("p.at")}
    JOIN billing_invoice i ON i.id = p.invoice_id AND i.organization_id = p.organization_id
    WHERE b.organization_id = %(org)s AND {inside("p.branch_id", "i.employee_id")}
      AND (%(kind)s::text IS NULL OR p.kind = %(kind)s)
      AND (%(method)s::text IS NULL OR p.method = %(method)s)
"""
_INVOICES = f"""
    FROM org_branch b
    JOIN billing_invoice i ON i.organization_id = b.organization_id AND i.branch_id = b.id
     AND {within("i.issued_at")}
    WHERE b.organization_id = %(org)s AND {inside("i.branch_id", "i.employee_id")}
"""
_SHOWN = f"""
    SELECT r.id, r.at, (r.at AT TIME ZONE r.timezone)::date AS day, r.kind, r.method, r.amount, r.reason,
           json_build_object('id', c.id, 'name', concat_ws(' ', nullif(c.last_name, ''),
               nullif(c.first_name, ''), nullif(c.middle_name, ''))) AS patient,
           json_build_object('id', r.invoice_id, 'label', r.year || '-' || lpad(r.number::text, 5, '0')) AS invoice,
           json_build_object('id', r.branch_id, 'name', r.branch_name) AS branch,
           CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'name', {SHORT_NAME}) END AS employee
    FROM page r
    JOIN patients_patient c ON c.id = r.patient_id AND c.organization_id = %(org)s
    LEFT JOIN staff_employee e ON e.id = r.employee_id AND e.organization_id = %(org)s
    ORDER BY r.at DESC, r.id
"""


def rows(part: Slice, query: dict[str, Any]) -> dict[str, Any]:
    """The payments and refunds behind a figure, or with ``kind=invoice`` what was billed."""
    of_invoices = query.get("kind") == "invoice"
    if of_invoices:
        source, moment, amount = _INVOICES, "i.issued_at", "i.total"
        columns = "i.id, i.issued_at AS at, 'invoice' AS kind, '' AS method, i.total AS amount, '' AS reason"
    else:
        source, moment = _PAYMENTS, "p.at"
        amount = "CASE WHEN p.kind = 'refund' THEN -p.amount ELSE p.amount END"
        columns = "p.id, p.at, p.kind, p.method, p.amount, p.reason"
    params = {
        **part.params(),
        "from": query["from"],
        "to": query["to"],
        "kind": query.get("kind") or None,
        "method": query.get("method") or None,
        "size": query["size"],
        "offset": (query["page"] - 1) * query["size"],
    }
    whole = fetch(
        f"SELECT count(*) AS total, coalesce(sum({amount}), 0.00) AS sum {source}", **params
    )[0]
    items = fetch(
        f"""
        WITH page AS (
            SELECT {columns}, i.id AS invoice_id, i.year, i.number, i.patient_id, i.employee_id,
                   b.id AS branch_id, b.name AS branch_name, b.timezone
            {source} ORDER BY {moment} DESC, id LIMIT %(size)s OFFSET %(offset)s
        ) {_SHOWN}
        """,
        **params,
    )
    return {"items": items, **whole, "next": next_page(query, whole["total"])}


def next_page(query: dict[str, Any], total: int) -> int | None:
    return query["page"] + 1 if query["page"] * query["size"] < total else None
