"""Phones as people paste them, as they are stored (E.164), shown, hidden and searched.

Country code 7 is shared with Russia; both write 8 instead of +7 inside the country. A number of
another country is kept as it is.
"""

import re
import unicodedata
from typing import Literal

PhoneErrorCode = Literal["format", "country", "length"]

_KZ_MOBILE = re.compile(r"\+77(?:0[0-25-8]|47|6[0-4]|7[15-8]|85)[0-9]{7}")
_LABEL = re.compile(r"^[^0-9+]+")  # "тел.:", "моб", "tel:", "("
_PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—−/]+")


class PhoneError(ValueError):
    def __init__(self, code: PhoneErrorCode) -> None:
        super().__init__(code)
        self.code: PhoneErrorCode = code


def normalize_phone(text: str) -> str:
    """``8 (701) 123-45-67``, ``+7701…``, ``7701…``, ``701…`` → ``+77011234567``.

    Anything that cannot be read as exactly one whole number raises ``PhoneError``: a guess would
    send somebody's reminder to a stranger.
    """
    plus, digits = _digits(text)
    for prefix in ("00", "810"):  # dialled abroad from a land line
        if not plus and digits.startswith(prefix) and len(digits) > 11:
            plus, digits = True, digits.removeprefix(prefix)
    if _is_national(plus, digits):
        digits = "7" + digits[1:]
    elif not plus and len(digits) == 10 and digits[0] == "7":
        digits = "7" + digits
    elif not plus and len(digits) < 11:
        raise PhoneError("length" if len(digits) != 10 else "country")
    return "+" + _checked(digits)


def is_kz_mobile(phone: str) -> bool:
    """Whether a stored number is a mobile of Kazakhstan; it does not tell the operator."""
    return _KZ_MOBILE.fullmatch(phone) is not None


def is_kz_phone(phone: str) -> bool:
    """Kazakhstan owns +76 and +77; the rest of +7 is Russian and costs more per message."""
    return re.fullmatch(r"\+7[67][0-9]{9}", phone) is not None


def digits_for_search(text: str) -> str:
    """Digits to look for inside stored ones, however much of the number was typed.

    A leading 8 is dropped rather than changed into 7: what is left stands in every stored form of
    the number, while a fragment that really begins with 8 is still found.
    """
    plus = text.lstrip().startswith("+")
    digits = re.sub(r"[^0-9]", "", text)
    if plus:
        return digits
    if len(digits) > 11:
        return digits.removeprefix("00").removeprefix("810")
    return digits.removeprefix("8")


def format_phone(phone: str) -> str:
    """``+77011234567`` → ``+7 701 123 45 67``; a foreign number is shown as it is stored."""
    d = phone[1:]
    if phone.startswith("+7") and len(d) == 11:
        return f"+7 {d[1:4]} {d[4:7]} {d[7:9]} {d[9:]}"
    return phone


def mask_phone(phone: str) -> str:
    """``+7 701 ••• •• 67``: known to its owner, of no use to anybody else."""
    d = phone[1:]
    if phone.startswith("+7") and len(d) == 11:
        return f"+7 {d[1:4]} ••• •• {d[9:]}"
    return phone[:3] + "•" * max(len(phone) - 5, 0) + phone[-2:] if len(phone) > 5 else "•••"


def _digits(text: str) -> tuple[bool, str]:
    """Whether a plus stood in front, and the digits; other signs inside are a mistake."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")  # pasted marks
    number = _PUNCTUATION.sub("", _LABEL.sub("", visible))
    plus = number.startswith("+")
    digits = number.removeprefix("+")
    if not re.fullmatch(r"[0-9]+", digits):
        raise PhoneError("format")
    return plus, digits


def _is_national(plus: bool, digits: str) -> bool:
    """Eleven digits led by 8; people also write +8 701, a code that no such number has."""
    return len(digits) == 11 and digits[0] == "8" and (not plus or digits[1] == "7")


def _checked(digits: str) -> str:
    if digits[0] == "0":
        raise PhoneError("country")
    if not 8 <= len(digits) <= 15:
        raise PhoneError("length")
    if digits[0] == "7":
        if len(digits) != 11:
            raise PhoneError("length")
        if digits[1] in "0125":
            raise PhoneError("country")
    return digits
