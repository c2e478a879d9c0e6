"""Who owes, from the invoices that are not paid in full."""

from typing import Any

from apps.reports.queries.revenue import next_page
from apps.reports.queries.slice import Slice, fetch, inside

_OWED = f"""
    FROM billing_invoice i
    WHERE i.organization_id = %(org)s AND i.paid < i.total AND {inside("i.branch_id", "i.employee_id")}
"""


def total(part: Slice) -> Any:
    """From the roll-up; ``rollups.check`` proves that it is the sum of the invoices."""
    return fetch(
        f"""
        SELECT coalesce(sum(d.amount), 0.00) AS debt FROM reports_debt d
        WHERE d.organization_id = %(org)s AND {inside("d.branch_id", "d.employee_id")}
        """,
        **part.params(),
    )[0]["debt"]


def page(part: Slice, query: dict[str, Any]) -> dict[str, Any]:
    params = {**part.params(), "size": query["size"], "offset": (query["page"] - 1) * query["size"]}
    whole = fetch(
        f"SELECT count(DISTINCT i.patient_id) AS total, coalesce(sum(i.total - i.paid), 0.00) AS sum {_OWED}",
        **params,
    )[0]
    items = fetch(
        f"""
        SELECT json_build_object('id', c.id, 'name', concat_ws(' ', nullif(c.last_name, ''),
                   nullif(c.first_name, ''), nullif(c.middle_name, ''))) AS patient,
               d.amount, d.invoices, d.oldest_at
        FROM (
            SELECT i.patient_id, sum(i.total - i.paid) AS amount, count(*)::int AS invoices,
                   min(i.issued_at) AS oldest_at
            {_OWED} GROUP BY i.patient_id
            ORDER BY amount DESC, i.patient_id LIMIT %(size)s OFFSET %(offset)s
        ) AS d
        JOIN patients_patient c ON c.id = d.patient_id AND c.organization_id = %(org)s
        ORDER BY d.amount DESC, c.id
        """,
        **params,
    )
    return {"items": items, **whole, "next": next_page(query, whole["total"])}
