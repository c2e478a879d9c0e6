"""Paper: what people typed is set as it was typed."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from apps.core import documents

HOSTILE = [
    "#panic()", "*жирный* _курсив_", "$x^2$", "@ссылка <метка>", "`#read(\"/core/permissions.py\")`", "= Глава",
    "#import \"@preview/example:0.1.0\": *", "\\", "]", "{", "\"", "// нет", "/* нет */", "https://example.kz/a", "'; --",
]  # fmt: skip
SLIP: dict[str, Any] = {
    "language": "kk", "paper": "a6", "title": "Жазылу", "clinic": "Клиника", "patient": "", "day": "",
    "time": "14:30", "lines": [], "notes": [],
}  # fmt: skip
TEMPLATE = "calendar/handouts/slip.typ"


def text_of(pdf: bytes) -> str:
    """Without the places where a long word may be broken."""
    whole = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return whole.replace("\u200b", "")


def set_as(text: str) -> str:
    return text_of(documents.pdf(TEMPLATE, SLIP | {"patient": text}))


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_is_never_markup(text: str) -> None:
    assert text.replace(" ", "") in set_as(text).replace(" ", "").replace("\n", "")


def test_its_control_the_same_text_in_a_template_is() -> None:
    """The compiler does read what a template says, so only the way of the data protects."""
    with pytest.raises(Exception, match="panicked"):
        documents._compiler().compile(b"#panic()", format="pdf")


def test_every_kazakh_letter_and_the_tenge_are_in_the_font() -> None:
    signs = "ӘәҒғҚқҢңӨөҰұҮүҺһІі12500₸№"
    assert signs in set_as(signs)


@pytest.mark.parametrize(
    "text", ["я" * 500, "\x07\x1b[31m", "👩🏽‍⚕️ 漢字 שלום", "строка\nдругая", "\u202eзад"]
)
def test_nothing_typed_breaks_the_sheet(text: str) -> None:
    assert "14:30" in set_as(text)


def test_two_who_print_at_once_both_get_their_sheet() -> None:
    with ThreadPoolExecutor(4) as pool:
        sheets = list(pool.map(set_as, ("Один", "Два", "Три", "Четыре") * 4))
    assert all(
        name in sheet
        for name, sheet in zip(("Один", "Два", "Три", "Четыре") * 4, sheets, strict=True)
    )
