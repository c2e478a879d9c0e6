"""Day, week, search, card, revenue: what a front desk and an owner read all day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apps.core.kz import names
from apps.core.kz.text import kz_fold
from benchmarks.http import Request
from benchmarks.place import Place
from benchmarks.rounds import Rounds, at_least, beyond_first_version
from benchmarks.size import BRANCHES, number
from benchmarks.table import ratio

ALMATY = ZoneInfo("Asia/Almaty")
DAYS = 30  # recent ones, so that a short and a long history show the same


def day(bench: Rounds, tenth: Place | None) -> None:
    place = bench.place
    make = _days(place)
    row, turns = bench.measure(
        "day view of a branch", make, {200},
        statement=bench.literal("appointments", _windows(place, 1)),
        through=bench.through("appointments", _windows(place, 1)),
    )  # fmt: skip
    at_least(row, turns, 0.5, "statement", "SQL")
    beyond_first_version(row, 80, 4.4)
    _unchanged(bench)
    if tenth is not None:
        _history(bench, tenth, "day view at 10 × the history", _days(place), _days(tenth), 1.2)


def _unchanged(bench: Rounds) -> None:
    asked = _days(bench.place)(0)
    tag = asked.send(bench.place.port)[1]["ETag"]
    again = Request(asked.method, asked.path, (*asked.headers, ("If-None-Match", tag)))
    row, turns = bench.measure("day view, unchanged (304)", lambda n: again, {304})
    at_least(row, turns, 0.5, "empty", "empty view")


def week(bench: Rounds) -> None:
    place = bench.place
    weeks = [place.today - timedelta(days=7 * n) for n in range(1, 5)]

    def make(n: int) -> Request:
        ends = weeks[n % len(weeks)]
        return place.get(
            "/api/v1/calendar/appointments",
            branch=str(number("branch", 0, n % BRANCHES)),
            **{"from": str(ends - timedelta(days=6)), "to": str(ends)},
        )

    windows = _windows(place, 7)
    row, turns = bench.measure(
        "week view of a branch", make, {200},
        statement=bench.literal("appointments", windows),
        through=bench.through("appointments", windows),
    )  # fmt: skip
    at_least(row, turns, 0.5, "statement", "SQL")


def month(bench: Rounds, tenth: Place | None) -> None:
    """Minutes worked and booked, per doctor and day."""
    place, windows = bench.place, _windows(bench.place, 31)
    made = _months(place)
    bench.measure(
        "month view of a branch", made, {200},
        statement=bench.literal("load", windows), through=bench.through("load", windows),
    )  # fmt: skip
    if tenth:
        _history(bench, tenth, "month view at 10 × the history", made, _months(tenth), 1.2)


def _months(place: Place):  # type: ignore[no-untyped-def]
    made = [
        place.get(
            "/api/v1/calendar/load",
            branch=one["branch"],
            **{
                "from": str(place.today - timedelta(days=31 * (1 + n // BRANCHES))),
                "to": str(place.today - timedelta(days=1 + 31 * (n // BRANCHES))),
            },
        )
        for n, one in enumerate(_windows(place, 31))
    ]
    return lambda n: made[n % len(made)]


def slots(bench: Rounds) -> None:
    """The first twenty of a month, in all branches with everybody; and a month that has no room for so long a visit."""
    place = bench.place
    first, last = datetime.now(UTC).date(), datetime.now(UTC).date() + timedelta(days=30)
    for what, minutes in (("free-slot search", 30), ("free-slot search, nothing in a month", 715)):
        asked = place.get(
            "/api/v1/calendar/slots", minutes=str(minutes), **{"from": str(first), "to": str(last)}
        )
        values = [
            {
                "first": str(first),
                "last": str(last),
                "visit": f"{minutes} minutes",
                "not_before": f"{first}T00:00Z",
            }
        ]
        row, turns = bench.measure(
            what, lambda n, asked=asked: asked, {200},
            statement=bench.literal("slots", values), through=bench.through("slots", values),
            day=bench.ours("day beside", _days(place), {200}),
        )  # fmt: skip
        reached = ratio([one.rate for one in turns["day"]], [one.rate for one in turns["ours"]])
        if minutes == 30:
            row.promise(f"{reached:.2f} × a day view", "≤ 2 × a day view", reached <= 2)


def confirmations(bench: Rounds) -> None:
    """Everybody of a day that is ahead with what came of the calls, after every third was called in vain; and the plan
    that closes the gaps of such a day."""
    place = bench.place
    day = datetime.now(ALMATY).date() + timedelta(days=2)
    branches = [str(number("branch", 0, n)) for n in range(BRANCHES)]
    lists = [
        place.get("/api/v1/calendar/confirmations", branch=branch, date=str(day))
        for branch in branches
    ]
    for asked in lists:
        for one in asked.send(place.port)[0]["items"][::3]:
            if not one["attempts"]:  # the base serves again
                _call_in_vain(place, one)
    values = [
        {
            "organization": str(place.organization),
            "branch": branch,
            "begins": _midnight(day),
            "ends": _midnight(day + timedelta(days=1)),
        }
        for branch in branches
    ]
    row, turns = bench.measure(
        "confirmation list of a branch's day", lambda n: lists[n % BRANCHES], {200},
        statement=bench.literal("confirmations", values),
        through=bench.through("confirmations", values),
    )  # fmt: skip
    at_least(row, turns, 0.5, "statement", "SQL")
    row, _turns = bench.measure(
        "plan that closes a day's gaps",
        lambda n: place.get("/api/v1/calendar/gaps", branch=branches[n % BRANCHES], date=str(day)),
        {200},
    )
    row.promise(f"{row.alone:.0f} ms", "≤ 2000 ms", (row.alone or 0) <= 2000)


def _call_in_vain(place: Place, one: dict[str, str]) -> None:
    path = f"/api/v1/calendar/confirmations/{one['id']}/result"
    body = {"version": one["version"], "seen": None, "result": "no_answer"}
    Request("POST", path, place.headers, body).send(place.port)


def search(bench: Rounds) -> None:
    """Fragments of names in both alphabets, phones as they are typed, card numbers, a whole IIN."""
    place = bench.place
    typed = ["ахмет", "иван", "мұрат", "серик", "нұрлан", "касым", "жан", "777", "1043"]
    somebody, *others = islice(names.people(bench.size.patients, seed=1), 40, 43)
    phones = [one["phone"].lstrip("+") for one in others]
    typed += [f"8 ({phones[0][1:4]}) {phones[0][4:7]}", phones[1][-7:]]
    fragments = [*map(kz_fold, typed[:-2]), phones[0][1:7], phones[1][-7:]]
    organization = str(place.organization)
    values = [{"organization": organization, "pattern": f"%{one}%", "iin": ""} for one in fragments]
    values.append({"organization": organization, "pattern": "", "iin": place.iin_lookup(41)})
    typed.append(somebody["iin"])
    row, turns = bench.measure(
        "patient search",
        lambda n: place.get("/api/v1/patients", q=typed[n % len(typed)], size="20"),
        {200},
        statement=bench.literal("search", values),
        through=bench.through("search", values),
    )
    at_least(row, turns, 0.5, "through", "SQL through the server")
    beyond_first_version(row, 50, 5.8)


def card(bench: Rounds) -> None:
    place = bench.place
    patients = [number("patient", 0, 1 + n * 37 % bench.size.patients) for n in range(500)]
    values = [
        {"organization": str(place.organization), "patient": str(one)} for one in patients[:50]
    ]
    row, _turns = bench.measure(
        "patient card, with its journal row",
        lambda n: place.get(f"/api/v1/patients/{patients[n % 500]}"),
        {200},
        statement=bench.literal("card", values),
        through=bench.through("card", values),
    )
    beyond_first_version(row, 10, 53)


def revenue(bench: Rounds, tenth: Place | None) -> None:
    place = bench.place
    begins = place.today - timedelta(days=365)
    values = [
        {"organization": str(place.organization), "from": str(begins), "to": str(place.today)}
    ]
    row, _turns = bench.measure(
        "revenue report over a year", lambda n: _revenue(place, 365), {200},
        statement=bench.literal("revenue", values), through=bench.through("revenue", values),
    )  # fmt: skip
    row.promise(f"{row.alone:.1f} ms", "≤ 50 ms", (row.alone or 0) <= 50)
    before = place.memory  # the first reports have filled what the allocator keeps
    for _ in range(bench.rounds):
        bench.ours("revenue again", lambda n: _revenue(place, 365), {200}).run()
    grown = place.memory - before
    row.promise(f"memory {grown:+} MB of {before}", "flat", grown < 30)
    if tenth is not None:
        ours, theirs = _revenue(place, 70), _revenue(tenth, 70)
        what = "revenue report at 10 × the history"
        _history(bench, tenth, what, lambda n: ours, lambda n: theirs, 1.5)


def _history(bench: Rounds, tenth: Place, what: str, long, short, limit: float) -> None:  # type: ignore[no-untyped-def]
    row, turns = bench.measure(
        what, long, {200}, short=bench.ours("short history", short, {200}, at=tenth)
    )
    reached = ratio([one.rate for one in turns["short"]], [one.rate for one in turns["ours"]])
    row.promise(f"{reached:.2f} × its time", f"≤ {limit} × its time", reached <= limit)


def _days(place: Place):  # type: ignore[no-untyped-def]
    made = [
        place.get(
            "/api/v1/calendar/day",
            branch=str(number("branch", 0, n % BRANCHES)),
            date=str(place.today - timedelta(days=1 + n % DAYS)),
        )
        for n in range(BRANCHES * DAYS)
    ]
    return lambda n: made[n % len(made)]


def _windows(place: Place, days: int) -> list[dict[str, str]]:
    """A window of so many days for each branch, as values of the statement."""
    windows = []
    for n in range(BRANCHES * 4):
        ends = place.today - timedelta(days=days * (n // BRANCHES))
        windows.append(
            {
                "organization": str(place.organization),
                "branch": str(number("branch", 0, n % BRANCHES)),
                "begins": _midnight(ends - timedelta(days=days)),
                "ends": _midnight(ends),
            }
        )
    return windows


def _midnight(of: date) -> str:
    return datetime.combine(of, time(), ALMATY).astimezone(UTC).isoformat()


def _revenue(place: Place, days: int) -> Request:
    period = {"from": str(place.today - timedelta(days=days)), "to": str(place.today)}
    return place.get("/api/v1/reports/revenue", **period, group="day")
