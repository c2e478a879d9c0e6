"""Texts with gaps such as ``_ИМЯ_ПАЦИЕНТА_``. Each gap is filled once: what stands in a name is never a gap itself."""

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

PATIENT = {
    "_ИМЯ_ПАЦИЕНТА_": _("First name of the patient"),
    "_ОТЧЕСТВО_": _("Patronymic of the patient"),
}
VISIT = {
    "_ДАТА_ВИЗИТА_": _("Date of the visit"),
    "_ВРЕМЯ_ВИЗИТА_": _("Time of the visit"),
    "_ВРАЧ_": _("Doctor"),
}
CLINIC = {
    "_ФИЛИАЛ_": _("Branch"),
    "_ССЫЛКА_НА_ОНЛАЙН_ЗАПИСЬ_": _("Address of online booking"),
}
MEANINGS = PATIENT | VISIT | CLINIC
MAY_BE_EMPTY = {"_ОТЧЕСТВО_"}

_GAP = re.compile(r"_[^\W\d_]+(?:_[^\W\d_]+)*_")


def found_in(text: str) -> list[str]:
    """What stands in the text as a placeholder, known or not; ``snake_case_words`` of an address do not."""
    return [gap for gap in _GAP.findall(text) if gap.isupper() or gap.upper() in MEANINGS]


def unknown_in(text: str) -> list[str]:
    return sorted({gap for gap in found_in(text) if gap not in MEANINGS})


def empty_in(text: str, values: Mapping[str, str]) -> list[str]:
    """Gaps that nothing is known for: sending stops rather than saying "on at"."""
    return sorted({g for g in found_in(text) if not values.get(g) and g not in MAY_BE_EMPTY})


def fill(text: str, values: Mapping[str, str]) -> str:
    filled = _GAP.sub(lambda m: _plain(values[m[0]]) if m[0] in values else m[0], text)
    return re.sub(r"[ \t]+([,.!?:;])", r"\1", re.sub(r"[ \t]{2,}", " ", filled)).strip()


def _plain(value: str) -> str:
    """A value is one line of visible signs, whatever somebody typed as his name."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in value)
    return " ".join(visible.split())[:200]
