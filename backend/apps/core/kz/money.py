"""Tenge. Two places everywhere, rounded half up, and rounded only here."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

Language = Literal["ru", "kk"]

TIYN = Decimal("0.01")
ZERO = Decimal("0.00")
NBSP = "\u00a0"


def tenge(value: Decimal | int | str) -> Decimal:
    """The one rounding of money. A float is refused: it has already lost what we would round."""
    if isinstance(value, float | bool):
        raise TypeError("money is Decimal, int or str")
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError("money is a finite number")
    return exact.quantize(TIYN, rounding=ROUND_HALF_UP) + ZERO  # "+ 0" turns -0.00 into 0.00


def share(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split so that the parts add up to the total, each within a tiyn of its exact part.

    The tiyn left over go to the parts that lost most by rounding down, the earlier first.
    """
    exact = [Fraction(w) for w in weights]
    whole = sum(exact)
    if any(w < 0 for w in exact) or whole == 0:
        raise ValueError("weights are not negative and not all zero")
    tiyn = int(tenge(total).scaleb(2))
    sign = -1 if tiyn < 0 else 1
    wanted = [abs(tiyn) * w / whole for w in exact]
    parts = [int(w) for w in wanted]
    by_loss = sorted(range(len(parts)), key=lambda i: (parts[i] - wanted[i], i))
    for i in by_loss[: abs(tiyn) - sum(parts)]:
        parts[i] += 1
    return [Decimal(sign * part).scaleb(-2) + ZERO for part in parts]


def format_tenge(amount: Decimal, *, whole: bool = False) -> str:
    """``1 234 567,50 ₸``; lists leave out the tiyn of a whole amount."""
    rounded = tenge(amount)
    places = 0 if whole and rounded == rounded.to_integral_value() else 2
    return f"{rounded:,.{places}f}".replace(",", NBSP).replace(".", ",") + f"{NBSP}₸"


def in_words(amount: Decimal, language: Language) -> str:
    """For printed forms: ``Одна тысяча двести тенге 50 тиын``."""
    rounded = tenge(amount)
    whole, tiyn = divmod(int(abs(rounded).scaleb(2)), 100)
    if whole >= 10**15:
        raise ValueError("the amount is too large to be said in words")
    number, unit = (_russian(whole), "тенге") if language == "ru" else (_kazakh(whole), "теңге")
    text = f"{'минус ' if rounded < 0 else ''}{number} {unit} {tiyn:02d} тиын"
    return text[0].upper() + text[1:]


_RU_ONES = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
]
_RU_FEMININE = {1: "одна", 2: "две"}
_RU_TENS = [
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
]
_RU_HUNDREDS = [
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
]
_RU_SCALES = (
    ("", "", ""),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)
_KK_ONES = ["нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
_KK_TENS = ["он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
_KK_SCALES = ("", "мың", "миллион", "миллиард", "триллион")


def _groups(number: int) -> list[tuple[int, int]]:
    """Thousands from the top, empty ones left out: 1_002_000 → [(2, 1), (1, 2)]."""
    groups = []
    scale = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append((scale, group))
        scale += 1
    return groups[::-1]


def _russian(number: int) -> str:
    words: list[str] = []
    for scale, group in _groups(number):
        words += _russian_group(group, feminine=scale == 1)
        if scale:
            words.append(_RU_SCALES[scale][_russian_form(group)])
    return " ".join(words) or _RU_ONES[0]


def _russian_group(group: int, *, feminine: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_RU_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        words.append(_RU_TENS[rest // 10 - 2])
        rest %= 10
    if rest:
        words.append(_RU_FEMININE.get(rest, _RU_ONES[rest]) if feminine else _RU_ONES[rest])
    return words


def _russian_form(number: int) -> int:
    """Which of the three forms follows the number: 1 тысяча, 2 тысячи, 5 тысяч."""
    if 11 <= number % 100 <= 14:
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)


def _kazakh(number: int) -> str:
    words: list[str] = []
    for scale, group in _groups(number):
        words += _kazakh_group(group)
        if scale:
            words.append(_KK_SCALES[scale])
    return " ".join(words) or _KK_ONES[0]


def _kazakh_group(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds > 1:
        words.append(_KK_ONES[hundreds])
    if hundreds:
        words.append("жүз")
    if tens:
        words.append(_KK_TENS[tens - 1])
    if ones:
        words.append(_KK_ONES[ones])
    return words
