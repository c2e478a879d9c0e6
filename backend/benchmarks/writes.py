"""Booking, moving and payment, with all that hangs on them; fifty rivals for one slot, twenty copies of one payment."""

import random
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from benchmarks import statements
from benchmarks.http import Request, drive
from benchmarks.live import live_update
from benchmarks.place import Place
from benchmarks.rounds import Rounds, beyond_first_version
from benchmarks.size import BRANCHES, DOCTORS, number
from benchmarks.table import Row

ALMATY = ZoneInfo("Asia/Almaty")
COLUMNS = [divmod(n, DOCTORS) for n in range(BRANCHES * DOCTORS)]  # a branch and its n-th doctor
QUARTERS = 36  # of an hour, in a doctor's day


def book(bench: Rounds) -> None:
    """Free places lie beyond the loaded days, in working time; a place of an earlier run may be taken."""
    place = bench.place
    asked = _Bookings(place, bench.size.patients)
    scripts = [
        statements.literal("booking", {
            "organization": str(place.organization), "branch": str(number("branch", 0, b)),
            "employee": str(number("employee", 0, b, d)), "chair": str(number("chair", 0, b, d)),
            "patient": str(number("patient", 0, 1 + b * DOCTORS + d)), "service": str(number("service", 0)),
        }) for b, d in COLUMNS
    ]  # fmt: skip
    row, _turns = bench.measure(
        "booking, with occupancy, journal, live event", asked, {201, 409},
        statement=bench.statement(scripts),
    )  # fmt: skip
    beyond_first_version(row, 5, 57)
    one = asked(random.randrange(10**6))
    rivals = drive(place.port, lambda n: one, connections=50, seconds=0).statuses
    row.promise(f"{rivals.get(201, 0)} of 50 rivals", "exactly 1", rivals.get(201) == 1)


class _Bookings:
    """Each number is a free place of its own."""

    def __init__(self, place: Place, patients: int) -> None:
        self.place, self.patients = place, patients
        self.day = place.today + timedelta(days=40 + random.randrange(200))

    def __call__(self, n: int) -> Request:
        column, slot = n % len(COLUMNS), n // len(COLUMNS)
        b, d = COLUMNS[column]
        day = self.day + timedelta(days=slot // QUARTERS % 200)
        at = datetime.combine(day, time(9), ALMATY) + timedelta(minutes=15 * (slot % QUARTERS))
        body = {
            "branch": str(number("branch", 0, b)),
            "patient": str(number("patient", 0, 1 + random.randrange(self.patients))),
            "employee": str(number("employee", 0, b, d)),
            "chair": str(number("chair", 0, b, d)),
            "starts_at": at.isoformat(),
            "ends_at": (at + timedelta(minutes=15)).isoformat(),
            "services": [{"service": str(number("service", 0))}],
        }
        return Request("POST", "/api/v1/calendar/appointments", self.place.headers, body)


MOVED, HOURS = 500, 8


def move(bench: Rounds) -> None:
    """Appointments of far days go a quarter down and up again, each at the version that its last move has made."""
    place = bench.place
    booked = _booked(place)

    def make(n: int) -> Request:
        row, times = booked[n % MOVED], n // MOVED
        starts, ends = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
        down = timedelta(minutes=15 * (1 - times % 2))
        body = {
            "version": times + 1,
            "starts_at": (starts + down).isoformat(),
            "ends_at": (ends + down).isoformat(),
        }
        path = f"/api/v1/calendar/appointments/{row['id']}"
        return Request("PATCH", path, place.headers, body)

    bench.measure("move, with occupancy, journal, live event", make, {200})
    _unbook(place, booked)  # so that the next run finds the same places free


def _booked(place: Place) -> list[dict[str, str]]:
    """The first quarters of some hours of each doctor with a patient of his own."""
    path, rows = "/api/v1/calendar/appointments", []
    for n in range(MOVED):
        b, d = COLUMNS[n % len(COLUMNS)]
        day = place.today + timedelta(days=500 + n // len(COLUMNS) // HOURS)
        at = datetime.combine(day, time(9 + n // len(COLUMNS) % HOURS), ALMATY)
        body: dict[str, object] = {
            "branch": str(number("branch", 0, b)),
            "patient": str(number("patient", 0, 1 + b * DOCTORS + d)),
            "employee": str(number("employee", 0, b, d)),
            "starts_at": at.isoformat(),
            "ends_at": (at + timedelta(minutes=15)).isoformat(),
        }
        rows.append(_post(place, path, body))
    return rows


def _unbook(place: Place, rows: list[dict[str, str]]) -> None:
    for row in rows:
        path = f"/api/v1/calendar/appointments/{row['id']}"
        now = place.get(path).send(place.port)[0]
        body = {"version": now["version"], "by": "clinic", "reason": "benchmark"}
        _post(place, f"{path}/cancel", body)


def pay(bench: Rounds) -> None:
    place = bench.place
    shifts = [_shift(place, b) for b in range(BRANCHES)]
    sold = [(n % BRANCHES, _invoice(place, n)) for n in range(8 * BRANCHES)]
    scripts = []
    for b, invoice in sold[:BRANCHES]:
        _payment(place, invoice, shifts[b]).send(place.port)  # opens the accounts of the statement
    for b, invoice in sold:
        values = {
            "organization": str(place.organization), "branch": str(number("branch", 0, b)), "invoice": invoice,
            "shift": shifts[b], "register": str(number("register", 0, b)), "by": str(number("user", 0)),
        }  # fmt: skip
        scripts.append(statements.literal("payment", values))

    def make(n: int) -> Request:
        b, invoice = sold[n % len(sold)]
        return _payment(place, invoice, shifts[b])

    row, _turns = bench.measure(
        "payment, with journal", make, {201}, statement=bench.statement(scripts)
    )
    beyond_first_version(row, 3, 97)
    before, one = _paid(place, sold[0][1]), make(0)
    copies = drive(place.port, lambda n: one, connections=20, seconds=0).statuses
    booked = round(_paid(place, sold[0][1]) - before)
    answers = ", ".join(f"{n} × {status}" for status, n in sorted(copies.items()))
    row.promise(f"{booked} of 20 copies ({answers})", "exactly 1", booked == 1)


def _payment(place: Place, invoice: str, shift: str) -> Request:
    headers = (*place.headers, ("Idempotency-Key", str(uuid4())))
    body = {"invoice": invoice, "shift": shift, "method": "cash", "amount": "1.00"}
    return Request("POST", "/api/v1/billing/payments", headers, body)


def _invoice(place: Place, n: int) -> str:
    line = {"service": str(number("service", 0)), "quantity": 50, "tooth": 36}
    body = {
        "patient": str(number("patient", 0, 1 + n)),
        "branch": str(number("branch", 0, n % BRANCHES)),
        "lines": [line],
    }
    return str(_post(place, "/api/v1/billing/invoices", body)["id"])


def _shift(place: Place, b: int) -> str:
    """The branch's open one of an earlier run, or a new one."""
    asked = place.get("/api/v1/billing/shifts", branch=str(number("branch", 0, b)), open="true")
    if found := asked.send(place.port)[0]["items"]:
        return str(found[0]["id"])
    body = {"register": str(number("register", 0, b)), "opening_cash": "0"}
    return str(_post(place, "/api/v1/billing/shifts", body)["id"])


def _post(place: Place, path: str, body: dict[str, object]):  # type: ignore[no-untyped-def]
    headers = (*place.headers, ("Idempotency-Key", str(uuid4())))
    return Request("POST", path, headers, body).send(place.port)[0]


def _paid(place: Place, invoice: str) -> float:
    return float(place.get(f"/api/v1/billing/invoices/{invoice}").send(place.port)[0]["paid"])


def live(bench: Rounds) -> None:
    heard = live_update(bench.place)
    booked, sent, bare = (_middle(one) for one in (heard.booked, heard.sent, heard.bare))
    p95 = heard.booked[int(len(heard.booked) * 0.95) - 1]
    print(
        f"  live update: booked {booked:.0f} ms, sent {sent:.0f} ms, bare layer {bare:.0f} ms",
        flush=True,
    )
    row = Row("booking → last of 500 open browsers", p50=booked, p95=p95)
    times = (
        f"{booked / sent:.1f} × a bare send to them of {sent:.0f} ms (to one process {bare:.0f} ms)"
    )
    row.promise(times, "≤ 3 ×", booked <= 3 * sent)
    bench.rows.append(row)


def _middle(ordered: list[float]) -> float:
    return ordered[len(ordered) // 2]
