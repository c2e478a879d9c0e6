"""The printed table: a row per promise of the architecture, with what stands beside it and whether it is kept."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

_HEAD = ("What", "per s", "p50 ms", "p95 ms", "alone ms", "CPU ms", "SQL per s", "SQL CPU ms", "SQL through server per s",
         "empty view per s", "Reached", "Target", "")  # fmt: skip


@dataclass
class Row:
    """Rates a second: ours, the statement straight at the database, the statement through our server, the empty view.
    Milliseconds: answers under load, an answer alone, and the processors' work for one answer."""

    what: str
    rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    alone: float | None = None
    cost: float | None = None
    statement: float | None = None
    statement_cost: float | None = None
    through: float | None = None
    empty: float | None = None
    promises: list[tuple[str, str, bool]] = field(default_factory=list)

    def promise(self, reached: str, target: str, kept: bool) -> None:
        self.promises.append((reached, target, kept))

    def cells(self) -> list[str]:
        numbers = [
            self.rate,
            self.p50,
            self.p95,
            self.alone,
            self.cost,
            self.statement,
            self.statement_cost,
            self.through,
            self.empty,
        ]
        return [
            self.what,
            *(_written(number) for number in numbers),
            *("; ".join(str(promise[part]) for promise in self.promises) for part in (0, 1)),
            " ".join("✓" if kept else "✗" for _reached, _target, kept in self.promises),
        ]  # fmt: skip


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of what each round gave: other work on the machine slows both halves of a round."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def printed(rows: Sequence[Row]) -> str:
    lines = [_HEAD, ["---"] * len(_HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _written(number: float | None) -> str:
    if number is None:
        return ""
    return (
        f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    )
