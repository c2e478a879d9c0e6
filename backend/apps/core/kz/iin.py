"""IIN (a person's number) and BIN (an organisation's number).

Twelve digits, the last one a two-pass weighted sum modulo 11. It is not the Luhn algorithm, which
refuses good numbers and accepts bad ones.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["M", "F"]
Kind = Literal["iin", "bin"]
ErrorCode = Literal["format", "kind", "type", "century", "date", "checksum"]

_DIGITS = re.compile(r"[0-9]{12}")  # not \d: that accepts Arabic-Indic and full-width digits
_CENTURY = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
_WEIGHTS = tuple(tuple((i + 2 * k) % 11 + 1 for i in range(11)) for k in (0, 1))


class IinError(ValueError):
    """The number is not one; ``code`` is the first reason found."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code: ErrorCode = code


@dataclass(frozen=True, slots=True)
class Iin:
    """A person. Without a birth date and sex only when ``warning`` says why."""

    value: str
    birth_date: date | None
    sex: Sex | None
    warning: ErrorCode | None = None
    kind: Kind = "iin"


@dataclass(frozen=True, slots=True)
class Bin:
    value: str
    year: int  # two digits: the number does not tell the century
    month: int
    resident: bool
    joint_enterprise: bool
    warning: ErrorCode | None = None
    kind: Kind = "bin"


def clean(text: str) -> str:
    """What a form does before it validates: white space goes, everything else stays."""
    return "".join(text.split())


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or nothing: such a number is never issued."""
    digits = [int(c) for c in first_eleven]
    for weights in _WEIGHTS:
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def kind_of(value: str) -> Kind | None:
    """Digit 5 decides: 0-3 is the day of a birth date, 4-6 the type of an organisation."""
    _require_digits(value)
    return "iin" if value[4] in "0123" else "bin" if value[4] in "456" else None


def parse_iin(value: str, *, today: date | None = None, strict: bool = True) -> Iin:
    """Read a person's number or raise ``IinError``.

    ``strict`` is for typing by hand. An import is lenient: a number whose seventh digit the public
    rule does not define is kept with a warning, and neither birth date nor sex is read from it.
    """
    _require_digits(value)
    if value[4] in "456":
        raise IinError("kind")
    century = _CENTURY.get(int(value[6]))
    if century is None:
        return _undefined_century(value, strict=strict)
    birth_date = _date(century + int(value[:2]), int(value[2:4]), int(value[4:6]))
    if birth_date > (today or date.today()):
        raise IinError("date")
    _require_check_digit(value)
    return Iin(value, birth_date, "M" if int(value[6]) % 2 else "F")


def parse_bin(value: str, *, strict: bool = True) -> Bin:
    """Read an organisation's number or raise ``IinError``.

    Registers are said to hold odd months and reserved types: an import keeps them with a warning.
    """
    _require_digits(value)
    if value[4] in "0123":
        raise IinError("type")
    warning: ErrorCode | None = None
    if value[4] not in "456":
        warning = "type"
    elif not 1 <= int(value[2:4]) <= 12:
        warning = "date"
    if warning and strict:
        raise IinError(warning)
    _require_check_digit(value)
    return Bin(
        value,
        year=int(value[:2]),
        month=int(value[2:4]),
        resident=value[4] != "5",
        joint_enterprise=value[4] == "6",
        warning=warning,
    )


def parse(value: str, *, today: date | None = None, strict: bool = True) -> Iin | Bin:
    """Whichever of the two the number is: a sole trader pays under the person's own IIN."""
    _require_digits(value)
    if value[4] in "0123":
        return parse_iin(value, today=today, strict=strict)
    return parse_bin(value, strict=strict)


def is_valid_iin(value: str, *, today: date | None = None) -> bool:
    try:
        parse_iin(value, today=today)
    except IinError:
        return False
    return True


def is_valid_bin(value: str) -> bool:
    try:
        parse_bin(value)
    except IinError:
        return False
    return True


def mask_iin(value: str) -> str:
    """What a list shows: enough to tell two people apart, not enough to use."""
    return "•" * max(len(value) - 4, 0) + value[-4:] if len(value) > 4 else "•" * len(value)


def make_iin(birth_date: date, sex: Sex, serial: int) -> str | None:
    """A synthetic number for demonstration data; nothing when this serial is never issued."""
    if not 0 <= serial <= 9999:
        raise ValueError("serial has four digits")
    if not 1800 <= birth_date.year <= 2099:
        raise ValueError("the rule knows the years 1800-2099")
    seventh = (birth_date.year // 100 - 18) * 2 + (1 if sex == "M" else 2)
    first_eleven = f"{birth_date:%y%m%d}{seventh}{serial:04d}"
    last = check_digit(first_eleven)
    return None if last is None else f"{first_eleven}{last}"


def _undefined_century(value: str, *, strict: bool) -> Iin:
    if strict:
        raise IinError("century")
    if not (1 <= int(value[2:4]) <= 12 and 1 <= int(value[4:6]) <= 31):
        raise IinError("date")
    _require_check_digit(value)
    return Iin(value, None, None, warning="century")


def _require_digits(value: str) -> None:
    if not _DIGITS.fullmatch(value):
        raise IinError("format")


def _require_check_digit(value: str) -> None:
    if check_digit(value[:11]) != int(value[11]):
        raise IinError("checksum")


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise IinError("date") from None
