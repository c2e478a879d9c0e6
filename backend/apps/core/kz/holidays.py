"""Days off of the country. A calendar warns about them; a clinic may work on any of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FILE = Path(__file__).parent / "data" / "holidays_kz.json"

DayKind = Literal["holiday", "observed", "swap", "working"]


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not like its day of the week.

    ``observed``: a holiday fell on a weekend and moved here. ``swap``: the government made it a
    day off. ``working``: the weekend day that is worked instead.
    """

    date: date
    kind: DayKind
    key: str
    name_ru: str
    name_kk: str
    estimated: bool = False

    @property
    def is_off(self) -> bool:
        return self.kind != "working"


@cache
def rows() -> tuple[Day, ...]:
    """Every known day, in order; a holiday stands before a moved one on the same day."""
    years = json.loads(_FILE.read_text(encoding="utf-8"))["years"]
    return tuple(sorted((d for y in years.values() for d in _year(y)), key=lambda d: d.date))


@cache
def known_years() -> tuple[int, ...]:
    return tuple(sorted({day.date.year for day in rows()}))


def on(day: date) -> Day | None:
    return _by_date().get(day)


def between(begins: date, ends: date) -> list[Day]:
    """Special days from ``begins`` up to but without ``ends``."""
    return [day for day in _by_date().values() if begins <= day.date < ends]


@cache
def _by_date() -> dict[date, Day]:
    found: dict[date, Day] = {}
    for day in rows():
        found.setdefault(day.date, day)
    return found


def _year(year: dict[str, Any]) -> Iterator[Day]:
    names = {h["key"]: (h["name_ru"], h["name_kk"]) for h in year["holidays"]}
    for h in year["holidays"]:
        yield Day(_date(h["date"]), "holiday", h["key"], *names[h["key"]], h["estimated"])
    for o in year["observed"]:
        yield Day(_date(o["date"]), "observed", o["key"], *names[o["key"]])
    for swap in year["government_swaps"]:
        yield Day(
            _date(swap["day_off"]), "swap", "swap", "Перенос выходного", "Демалыс күні ауысты"
        )
        yield Day(_date(swap["instead_of"]), "working", "swap", "Рабочий день", "Жұмыс күні")


def _date(text: str) -> date:
    return date.fromisoformat(text)
