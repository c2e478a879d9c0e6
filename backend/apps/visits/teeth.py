"""Tooth numbers of ISO 3950: the quadrant, then the place counted from the middle of the jaw."""

_PERMANENT = frozenset(q * 10 + place for q in (1, 2, 3, 4) for place in range(1, 9))
_MILK = frozenset(q * 10 + place for q in (5, 6, 7, 8) for place in range(1, 6))
TEETH = _PERMANENT | _MILK


def is_tooth(number: int) -> bool:
    return number in TEETH
