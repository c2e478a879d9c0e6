"""`python -m benchmarks [--size full|tenth|smoke] [--seconds N] [--rounds N] [--only day,search,…]`: the table of speeds.

Each figure stands beside the same data by one hand-written statement and beside an authenticated empty view, in turns
within one run. Ratios may be compared between machines; absolute figures may not. A missed target is a word in the
table; only an answer that should not be is an error.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks import reads, writes
from benchmarks.place import Place, ready
from benchmarks.rounds import Rounds
from benchmarks.size import SIZES
from benchmarks.table import printed


def measures(bench: Rounds, tenth: Place | None) -> dict[str, Callable[[], None]]:
    return {
        "day": lambda: reads.day(bench, tenth),
        "week": lambda: reads.week(bench),
        "month": lambda: reads.month(bench, tenth),
        "slots": lambda: reads.slots(bench),
        "confirm": lambda: reads.confirmations(bench),
        "search": lambda: reads.search(bench),
        "card": lambda: reads.card(bench),
        "book": lambda: writes.book(bench),
        "move": lambda: writes.move(bench),
        "pay": lambda: writes.pay(bench),
        "live": lambda: writes.live(bench),
        "revenue": lambda: reads.revenue(bench, tenth),
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="full")
    arguments.add_argument("--seconds", type=float, default=2)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=4)
    arguments.add_argument("--only", default="", help="some of the measures, with commas")
    chosen = arguments.parse_args()
    only = set(filter(None, chosen.only.split(",")))
    with ExitStack() as stack:
        # The tenth of the history is asked for the same days beside the whole of it.
        is_full = chosen.size == "full" and (not only or only & {"day", "month", "revenue"})
        tenth = stack.enter_context(ready("tenth", chosen.threads)) if is_full else None
        place = stack.enter_context(ready(chosen.size, chosen.threads))
        bench = Rounds(place, SIZES[chosen.size], seconds=chosen.seconds, rounds=chosen.rounds)
        known = measures(bench, tenth)
        if only - known.keys():
            arguments.error(f"known are {', '.join(known)}")
        for name, measure in known.items():
            if not only or name in only:
                measure()
        print("\n" + printed(bench.rows))
    for fault in bench.faults:
        print(f"! {fault}")
    return 1 if bench.faults else 0


if __name__ == "__main__":
    sys.exit(main())
