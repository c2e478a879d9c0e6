"""Rounds of rivals: in each round every rival runs once for some seconds, so that a busy machine is busy for all.

Beside the rate of each stands what a request costs: the time that processors have worked for the servers and the
database. It says the same on a busy machine as on a quiet one.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import statements
from benchmarks.http import Request, Result, drive
from benchmarks.place import Place
from benchmarks.size import Size
from benchmarks.table import Row, ratio

Make = Callable[[int], Request]


@dataclass(frozen=True)
class Rival:
    place: Place
    run: Callable[[], Result]

    def turn(self) -> Result:
        before = self.place.busy
        result = self.run()
        result.cost = (self.place.busy - before) * 1000 / max(1, result.count)
        return result


Turns = dict[str, list[Result]]


class Rounds:
    def __init__(self, place: Place, size: Size, *, seconds: float, rounds: int) -> None:
        self.place, self.size, self.seconds, self.rounds = place, size, seconds, rounds
        self.rows: list[Row] = []
        self.faults: list[str] = []
        self.sent: Counter[str] = Counter()  # so that each turn goes on where the last one stopped

    def ours(
        self, what: str, make: Make, expect: set[int], *, connections: int = 8, at: Place | None = None
    ) -> Rival:  # fmt: skip
        place = at or self.place

        def run() -> Result:
            result = drive(
                place.port,
                make,
                connections=connections,
                seconds=self.seconds,
                first=self.sent[what],
            )
            self.sent[what] += result.count
            wrong = {status: n for status, n in result.statuses.items() if status not in expect}
            if wrong:
                self.faults.append(f"{what}: answers {wrong}")
            return result

        return Rival(place, run)

    def statement(self, scripts: Sequence[str]) -> Rival:
        return Rival(self.place, lambda: self.place.pgbench(scripts, self.seconds))

    def literal(self, name: str, values: Sequence[dict[str, str]]) -> Rival:
        return self.statement([statements.literal(name, one) for one in values])

    def through(self, name: str, values: Sequence[dict[str, str]]) -> Rival:
        """The same statements, each answered by a view that does nothing else."""
        made = [self.place.get(f"/bench/{name}", **one) for one in values]
        return self.ours(f"statement {name}", lambda n: made[n % len(made)], {200})

    def measure(
        self, what: str, make: Make, expect: set[int], **beside: Rival
    ) -> tuple[Row, Turns]:
        """A row of the table, and the turns of each rival. The empty view always takes part."""
        empty = self.ours("empty view", lambda n: self.place.get("/bench/empty"), {200})
        rivals = {"ours": self.ours(what, make, expect), **beside, "empty": empty}
        turns: Turns = {name: [] for name in rivals}
        for _ in range(self.rounds):
            for name, rival in rivals.items():
                turns[name].append(rival.turn())
        rate = {name: statistics.median(one.rate for one in of) for name, of in turns.items()}
        cost = {name: statistics.median(one.cost for one in of) for name, of in turns.items()}
        row = Row(
            what,
            rate=rate["ours"],
            p50=statistics.median(one.percentile(0.5) for one in turns["ours"]),
            p95=statistics.median(one.percentile(0.95) for one in turns["ours"]),
            alone=self.ours(what, make, expect, connections=1).run().percentile(0.5),
            cost=cost["ours"],
            statement=rate.get("statement"),
            statement_cost=cost.get("statement"),
            through=rate.get("through"),
            empty=rate["empty"],
        )
        self.rows.append(row)
        shown = (f"{name} {rate[name]:.0f}/s at {cost[name]:.2f} ms" for name in rivals)
        print(f"  {what}: {', '.join(shown)}; alone {row.alone:.1f} ms", flush=True)
        return row, turns


def at_least(row: Row, turns: Turns, share: float, rival: str, name: str) -> None:
    """By rates, as the promise is; beside it by the processors' work, which other programs do not disturb."""
    reached = ratio([one.rate for one in turns["ours"]], [one.rate for one in turns[rival]])
    by_cost = ratio([one.cost for one in turns[rival]], [one.cost for one in turns["ours"]])
    row.promise(
        f"{reached:.2f} × {name} (CPU {by_cost:.2f})", f"≥ {share} × {name}", reached >= share
    )


def beyond_first_version(row: Row, times: int, rate: float) -> None:
    """What the first version did was measured elsewhere, so this is a sign and no proof."""
    reached = (row.rate or 0) / rate
    row.promise(f"{reached:.1f} × {rate}/s", f"≥ {times} × the first version", reached >= times)
