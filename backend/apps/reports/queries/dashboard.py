"""The owner's morning: one statement for the money of two months, one for the appointments, one for the rest each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.reports.queries import debts
from apps.reports.queries.appointments import CAME, GROUPS, MINUTES, NOT_HELD, SHIFTS, SOURCE
from apps.reports.queries.revenue import ZERO
from apps.reports.queries.slice import Slice, fetch, inside

WEEK = timedelta(days=7)
HEAT_DAYS = 28
FUNNEL = {"booked": "asked", "confirmed": "sure", "arrived": "came", "done": "done"}


def read(visits: Slice, money: Slice | None, day: date) -> dict[str, Any]:
    """``money`` is empty for those who may not see it; then so are its figures."""
    counts = _counts(visits, day)
    cash = _money(money, day) if money else []
    return {
        "date": day,
        "tiles": _tiles(
            counts, cash if money else None, debts.total(money) if money else None, day
        ),
        "month": _month(cash, day) if money else None,
        "funnel": _funnel([row for row in counts if row["day"] == day]),
        "heat": _heat(visits, day),
        "branches": _branches(visits, counts, cash if money else None, day),
        "debts": debts.page(money, {"page": 1, "size": 10})["items"] if money else None,
    }


def _counts(part: Slice, day: date) -> list[dict[str, Any]]:
    """Appointments of the day and of the same weekday a week ago, by branch and status."""
    return fetch(
        f"""
        SELECT v.day, a.branch_id, a.status, count(*)::int AS count,
               count(*) FILTER (WHERE a.is_new_patient)::int AS fresh,
               sum({MINUTES.format("a.ends_at", "a.starts_at")})::int AS minutes
        FROM unnest(%(days)s::date[]) AS v(day)
        CROSS JOIN org_branch b
        JOIN calendar_appointment a ON a.organization_id = b.organization_id AND a.branch_id = b.id
         AND a.starts_at >= (v.day::timestamp AT TIME ZONE b.timezone)
         AND a.starts_at < ((v.day + 1)::timestamp AT TIME ZONE b.timezone)
        WHERE b.organization_id = %(org)s AND {inside("a.branch_id", "a.employee_id")}
        GROUP BY 1, 2, 3
        """,
        **part.params(),
        days=[day, day - WEEK],
    )


def _money(part: Slice, day: date) -> list[dict[str, Any]]:
    """Each branch's days from the first of last month to the end of this one."""
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return fetch(
        f"""
        SELECT f.day, f.branch_id, sum(f.received_cash + f.received_card - f.refunded) AS revenue,
               sum(f.billed) AS billed
        FROM reports_dailyfigures f
        WHERE f.organization_id = %(org)s AND f.day >= %(from)s AND f.day < %(until)s
          AND {inside("f.branch_id", "f.employee_id")}
        GROUP BY 1, 2
        """,
        **part.params(),
        **{"from": min(before, day - WEEK), "until": after},
    )


def _tiles(
    counts: list[dict[str, Any]], cash: list[dict[str, Any]] | None, debt: Decimal | None, day: date
) -> dict[str, Any]:
    def both(of: Any) -> dict[str, Any]:
        return {"value": of(day), "before": of(day - WEEK)}

    def number(*statuses: str, figure: str = "count") -> dict[str, Any]:
        return both(
            lambda on: sum(r[figure] for r in counts if r["day"] == on and r["status"] in statuses)
        )

    def sum_of(figure: str) -> dict[str, Any] | None:
        if cash is None:
            return None
        return both(lambda on: sum((r[figure] for r in cash if r["day"] == on), ZERO))

    live = GROUPS["live"]
    return {
        "revenue": sum_of("revenue"),
        "billed": sum_of("billed"),
        "debt": None if cash is None else {"value": debt, "before": None},
        "appointments": number(*live),
        "arrived": number(*CAME),
        "no_shows": number("no_show"),
        "canceled": number("canceled"),
        "new_patients": number(*live, figure="fresh"),
    }


def _month(cash: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    length = ((first + timedelta(days=32)).replace(day=1) - first).days
    by_day: dict[date, Decimal] = {}
    for row in cash:
        by_day[row["day"]] = by_day.get(row["day"], ZERO) + row["revenue"]
    last_month = {on.day: sum_ for on, sum_ in by_day.items() if before <= on < first}
    return [
        {
            "day": n,
            "date": first + timedelta(days=n - 1),
            "revenue": by_day.get(first + timedelta(days=n - 1), ZERO),
            "before": last_month.get(n, ZERO),
        }
        for n in range(1, length + 1)
    ]


def _funnel(counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"stage": stage, "count": _sum_of(counts, GROUPS.get(group, (group,)))}
        for stage, group in FUNNEL.items()
    ]


def _sum_of(counts: list[dict[str, Any]], statuses: tuple[str, ...]) -> int:
    return sum(row["count"] for row in counts if row["status"] in statuses)


def _heat(part: Slice, day: date) -> list[dict[str, Any]]:
    """How many visits begin in each hour of each weekday, over four weeks."""
    return fetch(
        f"""
        SELECT extract(isodow FROM a.starts_at AT TIME ZONE b.timezone)::int AS weekday,
               extract(hour FROM a.starts_at AT TIME ZONE b.timezone)::int AS hour,
               count(*)::int AS appointments
        {SOURCE} AND a.status NOT IN {NOT_HELD} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        **part.params(),
        **{"from": day - timedelta(days=HEAT_DAYS - 1), "to": day},
    )


def _branches(
    part: Slice, counts: list[dict[str, Any]], cash: list[dict[str, Any]] | None, day: date
) -> list[dict[str, Any]]:
    branches = fetch(
        f"""
        SELECT b.id, b.name, b.color, coalesce(r.minutes, 0) AS shift_minutes
        FROM org_branch b LEFT JOIN (
            SELECT s.branch_id, sum({MINUTES.format("upper(span)", "lower(span)")})::int AS minutes
            {SHIFTS} GROUP BY s.branch_id
        ) AS r ON r.branch_id = b.id
        WHERE b.organization_id = %(org)s AND b.is_active
          AND (%(everything)s OR b.id = ANY(%(branches)s::uuid[]) OR r.minutes > 0)
          AND (%(branch)s::uuid IS NULL OR b.id = %(branch)s::uuid)
        ORDER BY b.position, b.name, b.id
        """,
        **part.params(),
        **{"from": day, "to": day},
    )
    today = [row for row in counts if row["day"] == day]
    return [_branch(branch, today, cash, day) for branch in branches]


def _branch(
    branch: dict[str, Any],
    today: list[dict[str, Any]],
    cash: list[dict[str, Any]] | None,
    day: date,
) -> dict[str, Any]:
    here = [row for row in today if row["branch_id"] == branch["id"]]
    money = [row for row in cash or [] if row["branch_id"] == branch["id"] and row["day"] == day]
    held = GROUPS["held"]

    def number(*statuses: str, figure: str = "count") -> int:
        return sum(row[figure] for row in here if row["status"] in statuses)

    booked, shift = number(*held, figure="minutes"), branch["shift_minutes"]
    return {
        "branch": {"id": branch["id"], "name": branch["name"]},
        "color": branch["color"],
        "revenue": None if cash is None else sum((row["revenue"] for row in money), ZERO),
        "billed": None if cash is None else sum((row["billed"] for row in money), ZERO),
        "appointments": number(*held, "no_show"),
        "arrived": number(*CAME),
        "no_shows": number("no_show"),
        "booked_minutes": booked,
        "shift_minutes": shift,
        "percent": (200 * booked + shift) // (2 * shift) if shift else None,
    }
