"""What a front desk types into the search field, and what is kept of a patient to be found by it.

A query of digits is a card number, an IIN or part of a phone; anything else is parts of names, each in every spelling it
may stand for. Words of one or two letters have no trigram, so they are looked for at the beginnings of names.
"""

import re
from dataclasses import dataclass
from typing import Any

from apps.core import crypto, tenancy
from apps.core.kz.phone import digits_for_search
from apps.core.kz.text import kz_fold, latin_to_cyrillic, search_variants

IIN = "patient.iin"  # the purpose of the keyed hash
_ONLY_DIGITS = re.compile(r"[0-9\s()+.\-]+")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ\-][^\W_]+)*")
_WORDS, _LONGEST = 4, 40
_WHOLE_PHONE = 10


@dataclass(frozen=True)
class Wanted:
    words: tuple[list[str], ...] = ()  # per word its patterns, the most selective word first
    beginnings: list[str] | None = None
    card: int | None = None
    iin: bytes | None = None

    def __bool__(self) -> bool:
        return bool(self.words) or self.card is not None or self.iin is not None


def kept(last_name: str, first_name: str, middle_name: str, phone: str, card_number: int) -> str:
    """The text that is searched: folded names, digits of the phone, card number; Latin names in Cyrillic too."""
    names = " ".join(filter(None, [last_name, first_name, middle_name]))
    parts = [kz_fold(names), phone.lstrip("+"), str(card_number), *latin_to_cyrillic(names)[:1]]
    return " ".join(filter(None, parts))[:420]


def iin_hash(iin: str) -> bytes:
    organization_id = tenancy.current_organization_id()
    return crypto.lookup_hash(iin, organization_id=organization_id, purpose=IIN)


def understand(text: str, *, contacts: bool) -> Wanted:
    """``contacts``: whoever sees phones masked may find by a whole number, not guess it digit by digit."""
    text = text.strip()
    if _ONLY_DIGITS.fullmatch(text):
        return _digits(text, contacts)
    if len(text) < 2:
        return Wanted()
    words = [word[:_LONGEST] for word in _WORD.findall(text)][:_WORDS]
    words = [word for word in words if contacts or not word.isdigit()]
    if not words:
        return Wanted()
    spellings = [search_variants(word) for word in words]
    ordered = sorted(spellings, key=lambda found: -min(len(one) for one in found))
    return Wanted(
        words=tuple([p for one in found for p in _patterns(one)] for found in ordered),
        beginnings=spellings[0],
    )


def _digits(text: str, contacts: bool) -> Wanted:
    digits = re.sub(r"[^0-9]", "", text)
    part = digits_for_search(text)
    searched = len(part) >= 3 and (contacts or len(digits) >= _WHOLE_PHONE)
    return Wanted(
        words=([f"%{part}%"],) if searched else (),
        card=int(digits) if digits and int(digits) < 2**31 else None,
        iin=iin_hash(digits) if len(digits) == 12 else None,
    )


def _patterns(word: str) -> list[Any]:
    """Letters and digits only, so nothing that was typed acts as a wildcard."""
    return [f"%{word}%"] if len(word) > 2 else [f"{word}%", f"% {word}%"]
