"""What processes and all that came from them have cost, as the kernel counts it."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
_PARENT, _USER, _REAPED, _RESIDENT = (
    1,
    11,
    15,
    21,
)  # fields behind the name; user and system time, then the children's


def busy(roots: Iterable[int]) -> float:
    """Seconds of processor time, those of children that have ended included."""
    return sum(sum(map(int, one[_USER:_REAPED])) for one in _family(roots)) / _TICK


def memory(roots: Iterable[int]) -> int:
    return sum(int(one[_RESIDENT]) for one in _family(roots)) * _PAGE


def _family(roots: Iterable[int]) -> list[list[str]]:
    known = _all()
    family = set(roots)
    while grown := {pid for pid, one in known.items() if int(one[_PARENT]) in family} - family:
        family |= grown
    return [known[pid] for pid in family if pid in known]


def _all() -> dict[int, list[str]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has ended meanwhile
    return found
