"""Diagnoses that dentists use, as they are loaded into the reference table once."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "icd10_dental.csv"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    code: str
    parent: str | None  # may name a code outside the extract
    name_ru: str
    core: bool  # K00-K14, against neighbours


@cache
def rows() -> tuple[Diagnosis, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Diagnosis(r["code"], r["parent"] or None, r["name_ru"], r["core"] == "1")
            for r in csv.DictReader(file)
        )
