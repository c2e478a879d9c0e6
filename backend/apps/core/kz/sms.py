"""How many parts a message has, which is what an operator bills."""

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")  # escaped: two septets each


@dataclass(frozen=True, slots=True)
class Sms:
    encoding: Literal["GSM-7", "UCS-2"]
    units: int  # septets, or UTF-16 units
    segments: int


def measure(text: str) -> Sms:
    """One sign outside GSM 03.38 (a Cyrillic letter, ₸, №, «») turns the whole text into UCS-2."""
    if all(c in _BASIC or c in _EXTENSION for c in text):
        sizes = [2 if c in _EXTENSION else 1 for c in text]
        return Sms("GSM-7", sum(sizes), _segments(sizes, single=160, part=153))
    sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return Sms("UCS-2", sum(sizes), _segments(sizes, single=70, part=67))


def _segments(sizes: list[int], *, single: int, part: int) -> int:
    """A sign of two units is never split over the border of two parts."""
    if not sizes:
        return 0
    if sum(sizes) <= single:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts
