"""Appointments: how many of each kind, how full the doctors were, and why visits were cancelled."""

from datetime import date
from typing import Any

from apps.calendar.models import Appointment
from apps.reports.queries.revenue import next_page
from apps.reports.queries.slice import SHORT_NAME, Slice, fetch, inside, within

STATUSES = [str(status) for status in Appointment.Status.values]
NOT_HELD = "('draft', 'canceled', 'no_show')"
CAME = ("arrived", "in_progress", "done")
# What figures count together; rows are asked for by the same words.
GROUPS = {
    "came": CAME,
    "sure": ("confirmed", *CAME),
    "held": ("booked", "confirmed", *CAME),
    "live": ("booked", "confirmed", *CAME, "no_show"),
    "asked": ("booked", "confirmed", *CAME, "no_show", "canceled"),
}

SOURCE = f"""
    FROM org_branch b
    JOIN calendar_appointment a ON a.organization_id = b.organization_id AND a.branch_id = b.id
     AND {within("a.starts_at")}
    WHERE b.organization_id = %(org)s AND {inside("a.branch_id", "a.employee_id")}
"""
SHIFTS = f"""
    FROM (
        SELECT w.employee_id, w.branch_id, range_agg(tstzrange(w.starts_at, w.ends_at)) AS hours
        FROM staff_working(%(from)s::date, %(to)s::date, NULL, NULL) AS w
        WHERE {inside("w.branch_id", "w.employee_id")}
        GROUP BY w.employee_id, w.branch_id
    ) AS s CROSS JOIN LATERAL unnest(s.hours) AS span
"""
MINUTES = "extract(epoch FROM {} - {})::int / 60"


def report(part: Slice, begins: date, ends: date) -> dict[str, Any]:
    params = {**part.params(), "from": begins, "to": ends}
    days: dict[date, dict[str, Any]] = {}
    for row in _by_day(params):
        day = days.setdefault(
            row["day"], {"day": row["day"], "total": 0, **dict.fromkeys(STATUSES, 0)}
        )
        day[row["status"]] += row["count"]
        day["total"] += row["count"]
    items = list(days.values())
    sums = {name: sum(day[name] for day in items) for name in ("total", *STATUSES)}
    return {
        "items": items,
        "totals": sums,
        "load": _load(params),
        "cancellations": _cancellations(params),
    }


def _by_day(params: dict[str, Any]) -> list[dict[str, Any]]:
    return fetch(
        f"""
        SELECT (a.starts_at AT TIME ZONE b.timezone)::date AS day, a.status, count(*)::int AS count
        {SOURCE} GROUP BY 1, 2 ORDER BY 1
        """,
        **params,
    )


def _load(params: dict[str, Any]) -> list[dict[str, Any]]:
    """Booked minutes beside the minutes of the roster, a doctor a row."""
    return fetch(
        f"""
        WITH booked AS (
            SELECT a.employee_id, count(*)::int AS appointments,
                   sum({MINUTES.format("a.ends_at", "a.starts_at")})::int AS minutes
            {SOURCE} AND a.status NOT IN {NOT_HELD} GROUP BY a.employee_id
        ), roster AS (
            SELECT s.employee_id, sum({MINUTES.format("upper(span)", "lower(span)")})::int AS minutes
            {SHIFTS} GROUP BY s.employee_id
        )
        SELECT json_build_object('id', e.id, 'name', {SHORT_NAME}) AS employee,
               coalesce(booked.appointments, 0) AS appointments,
               coalesce(booked.minutes, 0) AS booked_minutes,
               coalesce(roster.minutes, 0) AS shift_minutes,
               round(100.0 * coalesce(booked.minutes, 0) / nullif(roster.minutes, 0))::int AS percent
        FROM booked FULL JOIN roster USING (employee_id)
        JOIN staff_employee e ON e.id = employee_id AND e.organization_id = %(org)s
        JOIN staff_position t ON t.id = e.position_id AND t.organization_id = e.organization_id
        WHERE t.treats OR booked.minutes > 0
        ORDER BY e.last_name, e.first_name, e.id
        """,
        **params,
    )


def _cancellations(params: dict[str, Any]) -> list[dict[str, Any]]:
    return fetch(
        f"""
        SELECT a.cancel_reason AS reason, a.canceled_by, count(*)::int AS count
        {SOURCE} AND a.status = 'canceled' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 100
        """,
        **params,
    )


def rows(part: Slice, query: dict[str, Any]) -> dict[str, Any]:
    """The appointments behind a figure."""
    params = {**part.params(), "from": query["from"], "to": query["to"], "size": query["size"]}
    names = ("reason", "canceled_by", "weekday", "hour")
    params |= {name: query.get(name) for name in names}
    params["fresh"] = query.get("is_new_patient") or None
    status = query.get("status")
    params["statuses"] = list(GROUPS.get(status, (status,))) if status else None
    params["offset"] = (query["page"] - 1) * query["size"]
    chosen = f"""{SOURCE}
      AND (%(statuses)s::text[] IS NULL OR a.status = ANY(%(statuses)s::text[]))
      AND (%(reason)s::text IS NULL OR a.cancel_reason = %(reason)s)
      AND (%(canceled_by)s::text IS NULL OR a.canceled_by = %(canceled_by)s)
      AND (%(weekday)s::int IS NULL
           OR extract(isodow FROM a.starts_at AT TIME ZONE b.timezone) = %(weekday)s)
      AND (%(hour)s::int IS NULL OR extract(hour FROM a.starts_at AT TIME ZONE b.timezone) = %(hour)s)
      AND (%(fresh)s::boolean IS NULL OR a.is_new_patient AND a.status NOT IN ('draft', 'canceled'))
    """
    total = fetch(f"SELECT count(*) AS total {chosen}", **params)[0]["total"]
    items = fetch(
        f"""
        SELECT r.id, r.starts_at, r.ends_at, r.status, r.services_text AS services, r.is_new_patient,
               r.cancel_reason, r.canceled_by,
               json_build_object('id', c.id, 'name', concat_ws(' ', nullif(c.last_name, ''),
                   nullif(c.first_name, ''), nullif(c.middle_name, ''))) AS patient,
               json_build_object('id', e.id, 'name', {SHORT_NAME}) AS employee,
               json_build_object('id', r.branch_id, 'name', r.branch_name) AS branch
        FROM (
            SELECT a.*, b.name AS branch_name {chosen}
            ORDER BY a.starts_at DESC, a.id LIMIT %(size)s OFFSET %(offset)s
        ) AS r
        JOIN patients_patient c ON c.id = r.patient_id AND c.organization_id = %(org)s
        JOIN staff_employee e ON e.id = r.employee_id AND e.organization_id = %(org)s
        ORDER BY r.starts_at DESC, r.id
        """,
        **params,
    )
    return {"items": items, "total": total, "next": next_page(query, total)}
