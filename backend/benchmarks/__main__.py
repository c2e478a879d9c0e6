"""`python -m benchmarks [--size full|tenth|smoke] [--seconds N] [--only day,search,…]`: the table of speeds.

Each figure stands beside the same data fetched by one hand-written statement and beside an authenticated empty view,
measured in the same run. Ratios may be compared between machines; absolute figures may not.
"""

import argparse
import json
import random
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from benchmarks import data
from benchmarks.http import Request, Result, drive
from benchmarks.live import live_update
from benchmarks.place import Place, ready

SIZES = {"full": data.FULL, "tenth": data.TENTH, "smoke": data.SMOKE}
ALMATY = ZoneInfo("Asia/Almaty")


@dataclass
class Row:
    what: str
    rate: float
    p50: float
    p95: float
    note: str = ""


class Bench:
    def __init__(self, place: Place, seconds: float, size: data.Size) -> None:
        self.place, self.seconds, self.size = place, seconds, size
        self.headers = (("Authorization", f"Bearer {place.token}"), ("Accept-Language", "ru"))
        self.branches = [data.number("branch", 0, b) for b in range(data.BRANCHES)]
        self.rows: list[Row] = []
        self.random = random.Random(1)
        self.empty = 0.0

    def get(self, path: str, **query: str) -> Request:
        tail = f"?{urllib.parse.urlencode(query)}" if query else ""
        return Request("GET", path + tail, self.headers)

    def run(
        self, what: str, make: Callable[[int], Request], *, expect: set[int], note: str = "",
        connections: int = 8,
    ) -> Result:  # fmt: skip
        result = drive(self.place.port, make, connections=connections, seconds=self.seconds)
        wrong = {s: n for s, n in result.statuses.items() if s not in expect}
        if wrong:
            note = f"{note} UNEXPECTED {wrong}"
        self.rows.append(
            Row(what, result.rate, result.percentile(0.5), result.percentile(0.95), note)
        )
        print(
            f"  {what:<42} {result.rate:>8.1f}/s  p50 {result.percentile(0.5):6.1f} ms  {note}",
            flush=True,
        )
        return result

    def days(self) -> list[date]:
        span = min(self.size.days - 32, 400)
        return [self.place.today - timedelta(days=1 + n) for n in range(max(1, span))]

    def bounds(self, day: date) -> dict[str, str]:
        begins = datetime.combine(day, time(), ALMATY).astimezone(UTC)
        return {"begins": begins.isoformat(), "ends": (begins + timedelta(days=1)).isoformat()}

    def against(self, name: str, values: dict[str, str], rate: float) -> str:
        statement = self.place.pgbench(name, values)
        through = drive(
            self.place.port, lambda n: self.get(f"/bench/{name}", **values), seconds=self.seconds
        ).rate
        return f"statement {statement:.0f}/s → ×{rate / statement:.2f}; through the server {through:.0f}/s → ×{rate / through:.2f}"

    def all(self, only: set[str]) -> None:
        self.empty = self.run(
            "authenticated empty view", lambda n: self.get("/bench/empty"), expect={200}
        ).rate
        for name in ("day", "week", "search", "card", "book", "pay", "live", "revenue"):
            if not only or name in only:
                getattr(self, name)()

    def day(self) -> None:
        days, organization = self.days(), str(self.place.organization)
        made = self.run(
            "day view, whole day of a branch",
            lambda n: self.get(
                "/api/v1/calendar/day",
                branch=str(self.branches[n % 5]),
                date=days[n % len(days)].isoformat(),
            ),
            expect={200},
        )
        values = {"organization": organization, "branch": str(self.branches[0])} | self.bounds(
            days[0]
        )
        self.rows[-1].note = f"{made.bytes // 1024} KB; {self.against('day', values, made.rate)}"
        print(f"      {self.rows[-1].note}")
        tag = self._tag(days[0])
        same = self.run(
            "day view, unchanged (304)",
            lambda n: Request(
                "GET",
                f"/api/v1/calendar/day?branch={self.branches[0]}&date={days[0]}",
                (*self.headers, ("If-None-Match", tag)),
            ),
            expect={304},
        )
        self.rows[-1].note = f"×{same.rate / self.empty:.2f} of the empty view"
        print(f"      {self.rows[-1].note}")

    def _tag(self, day: date) -> str:
        import urllib.request

        request = urllib.request.Request(
            f"http://127.0.0.1:{self.place.port}/api/v1/calendar/day?branch={self.branches[0]}&date={day}",
            headers=dict(self.headers),
        )
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers["ETag"])

    def week(self) -> None:
        days, organization = self.days(), str(self.place.organization)
        first = days[min(len(days) - 1, 10)]
        made = self.run(
            "week view, whole week of a branch",
            lambda n: self.get(
                "/api/v1/calendar/appointments",
                branch=str(self.branches[n % 5]),
                **{"from": first.isoformat(), "to": (first + timedelta(days=6)).isoformat()},
            ),
            expect={200},
        )
        begins = datetime.combine(first, time(), ALMATY).astimezone(UTC)
        values = {
            "organization": organization,
            "branch": str(self.branches[0]),
            "begins": begins.isoformat(),
            "ends": (begins + timedelta(days=7)).isoformat(),
        }
        self.rows[-1].note = f"{made.bytes // 1024} KB; {self.against('day', values, made.rate)}"
        print(f"      {self.rows[-1].note}")

    def search(self) -> None:
        asked = [
            "ахмет",
            "иван",
            "мұрат",
            "серик",
            "0012",
            "7700",
            "akhmet",
            "нұрлан",
            "касым",
            "попо",
        ]
        made = self.run(
            "patient search",
            lambda n: self.get("/api/v1/patients", q=asked[n % len(asked)], size="20"),
            expect={200},
        )
        values = {"organization": str(self.place.organization), "q": "ахмет"}
        self.rows[-1].note = self.against("search", values, made.rate)
        print(f"      {self.rows[-1].note}")

    def card(self) -> None:
        patients = [data.number("patient", 0, 1 + n * 37 % self.size.patients) for n in range(500)]
        made = self.run(
            "patient card",
            lambda n: self.get(f"/api/v1/patients/{patients[n % 500]}"),
            expect={200},
        )
        values = {"organization": str(self.place.organization), "patient": str(patients[0])}
        self.rows[-1].note = self.against("card", values, made.rate)
        print(f"      {self.rows[-1].note}")

    def book(self) -> None:
        """Free places lie beyond the loaded days, in working time."""
        begin = self.place.today + timedelta(days=40 + self.random.randrange(200))
        run = self.random.randrange(10**6)

        def make(n: int) -> Request:
            place, slot = n % (data.BRANCHES * data.DOCTORS), n // (data.BRANCHES * data.DOCTORS)
            b, d = divmod(place, data.DOCTORS)
            day = begin + timedelta(days=slot // 36)
            at = datetime.combine(day, time(9), ALMATY) + timedelta(minutes=15 * (slot % 36))
            body = {
                "branch": str(self.branches[b]),
                "patient": str(
                    data.number("patient", 0, 1 + (n * 7919 + run) % self.size.patients)
                ),
                "employee": str(data.number("employee", 0, b, d)),
                "chair": str(data.number("chair", 0, b, d)),
                "starts_at": at.isoformat(),
                "ends_at": (at + timedelta(minutes=15)).isoformat(),
                "services": [{"service": str(data.number("service", 0))}],
            }
            return Request("POST", "/api/v1/calendar/appointments", self.headers, body)

        self.run("booking, occupancy, journal, live event", make, expect={201, 409})
        rivals = drive(self.place.port, lambda n: make(10**5), connections=50, seconds=0.01)
        print(f"      50 rivals for one slot: {json.dumps(rivals.statuses)}")
        self.rows[-1].note += f" 50 rivals: {json.dumps(rivals.statuses)}"

    def pay(self) -> None:
        invoices, shift = self._invoices()

        def make(n: int) -> Request:
            body = {
                "invoice": invoices[n % len(invoices)],
                "shift": shift,
                "method": "cash",
                "amount": "1.00",
            }
            headers = (*self.headers, ("Idempotency-Key", str(uuid4())))
            return Request("POST", "/api/v1/billing/payments", headers, body)

        self.run("payment, with journal", make, expect={201})
        key = str(uuid4())
        body = {"invoice": invoices[0], "shift": shift, "method": "cash", "amount": "2.00"}
        copies = drive(
            self.place.port,
            lambda n: Request(
                "POST", "/api/v1/billing/payments", (*self.headers, ("Idempotency-Key", key)), body
            ),
            connections=20,
            seconds=0.01,
        )
        print(f"      20 copies with one key: {json.dumps(copies.statuses)}")
        self.rows[-1].note += f" 20 copies: {json.dumps(copies.statuses)}"

    def _invoices(self) -> tuple[list[str], str]:
        service = str(data.number("service", 0))
        made: list[str] = []
        for n in range(40):
            body = {
                "patient": str(data.number("patient", 0, 1 + n)),
                "branch": str(self.branches[0]),
                "lines": [{"service": service, "quantity": 50}],
            }
            made.append(self._post("/api/v1/billing/invoices", body)["id"])
        register = str(data.number("register", 0, 0))
        try:
            shift = self._post(
                "/api/v1/billing/shifts", {"register": register, "opening_cash": "0"}
            )["id"]
        except urllib.error.HTTPError:
            shift = self._fetch(f"/api/v1/billing/shifts?branch={self.branches[0]}&open=true")[
                "items"
            ][0]["id"]
        return made, shift

    def _post(self, path: str, body: dict[str, object]) -> dict[str, str]:
        return self._fetch(path, json.dumps(body).encode())

    def _fetch(self, path: str, body: bytes | None = None) -> dict:  # type: ignore[type-arg]
        headers = dict(self.headers) | {
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.place.port}{path}", body, headers)
        with urllib.request.urlopen(request) as answer:
            return dict(json.loads(answer.read()))

    def live(self) -> None:
        row = live_update(self.place, self.headers, self.branches[1])
        self.rows.append(Row("change → last of the open browsers", 0, row.p50, row.p95, row.note))
        print(
            f"  {'change → last of the open browsers':<42} p50 {row.p50:6.1f} ms p95 {row.p95:6.1f} ms  {row.note}"
        )

    def revenue(self) -> None:
        ends = self.place.today
        begins = ends - timedelta(days=365)
        made = self.run(
            "revenue report over a year",
            lambda n: self.get(
                "/api/v1/reports/revenue", **{"from": str(begins), "to": str(ends), "group": "day"}
            ),
            expect={200},
        )
        values = {
            "organization": str(self.place.organization),
            "from": str(begins),
            "to": str(ends),
        }
        self.rows[-1].note = self.against("revenue", values, made.rate)
        print(f"      {self.rows[-1].note}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="full")
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--threads", type=int, default=4)
    arguments.add_argument("--only", default="")
    chosen = arguments.parse_args()
    size = SIZES[chosen.size]
    with ready(size, chosen.size, chosen.threads) as place:
        bench = Bench(place, chosen.seconds, size)
        bench.all(set(filter(None, chosen.only.split(","))))
        print(
            f"\n| {'What':<42} | {'per second':>10} | {'p50 ms':>7} | {'p95 ms':>7} | Beside it |"
        )
        print("|---|---|---|---|---|")
        for row in bench.rows:
            print(
                f"| {row.what:<42} | {row.rate:>10.1f} | {row.p50:>7.1f} | {row.p95:>7.1f} | {row.note} |"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
