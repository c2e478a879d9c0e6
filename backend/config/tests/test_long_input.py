"""Invariant 108: ten kilobytes of anything are judged at once."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from apps.comms.placeholders import fill
from apps.core.kz import iin, money, phone, sms, text

SIZE = 10_000
WORST = [
    "1",
    "8",
    "+7 ",
    "+",
    " ",
    "a",
    "sh",
    "yi",
    "ә",
    "ё",
    "_",
    "_ИМЯ",
    "_ИМЯ_",
    "0,",
    "1e9",
    "-",
    "\0",
    "€",
]
CHECKS: dict[str, Callable[[str], Any]] = {
    "iin": iin.parse_iin,
    "bin": iin.parse_bin,
    "phone": phone.normalize_phone,
    "phone fragment": phone.digits_for_search,
    "money": money.tenge,
    "fold": text.kz_fold,
    "sort": text.kz_sort_key,
    "search": text.search_variants,
    "sms": sms.measure,
    "placeholders": lambda value: fill(value, {}),
}  # fmt: skip


def slowest(check: Callable[[str], Any], length: int) -> float:
    """Seconds of the processor, of the better of two, for the worst text."""

    def once(value: str) -> float:
        began = time.process_time()
        with suppress(Exception):
            check(value)
        return time.process_time() - began

    texts = [(piece * length)[:length] for piece in WORST]
    return max(min(once(value) for _ in range(2)) for value in texts)


@pytest.mark.parametrize("name", CHECKS)
def test_twice_the_length_never_costs_the_square(name: str) -> None:
    short, long = slowest(CHECKS[name], SIZE), slowest(CHECKS[name], 2 * SIZE)

    assert long < 3 * short + 0.02


@pytest.mark.proof
@pytest.mark.parametrize("name", CHECKS)
def test_ten_kilobytes_take_less_than_a_tenth_of_a_second(name: str) -> None:
    assert slowest(CHECKS[name], SIZE) < 0.1
