import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.kz.phone import (
    PhoneError,
    digits_for_search,
    format_phone,
    is_kz_mobile,
    is_kz_phone,
    mask_phone,
    normalize_phone,
)

national = st.from_regex(r"7[0-9]{9}", fullmatch=True)
WRITTEN = [
    "+7{0}", "7{0}", "8{0}", "{0}", "+8{0}", "8 ({1}) {2}-{3}-{4}", "+7({1}){2}{3}{4}",
    "+7 {1} {2} {3} {4}", "8-{1}-{2}-{3}-{4}", "\u202a+7 {1} {2} {3} {4}\u202c",
    "8\u00a0{1}\u00a0{2}\u00a0{3}\u00a0{4}", "тел.: 8 {1} {2}{3}{4}", "tel:+7{0}",
    "({1}) {2}–{3}–{4}", "+7.{1}.{2}.{3}.{4}", " 8{0}\n",
]  # fmt: skip


def written(form: str, number: str) -> str:
    return form.format(number, number[:3], number[3:6], number[6:8], number[8:])


@given(national, st.sampled_from(WRITTEN))
def test_every_written_form_is_one_number(number, form):
    assert normalize_phone(written(form, number)) == f"+7{number}"


@given(national)
def test_normalising_twice_changes_nothing(number):
    phone = normalize_phone(number)

    assert normalize_phone(phone) == phone
    assert normalize_phone(format_phone(phone)) == phone


@given(st.text())
def test_any_text_is_either_a_number_or_refused(text):
    try:
        phone = normalize_phone(text)
    except PhoneError:
        return
    assert phone.startswith("+") and phone[1:].isascii() and phone[1:].isdigit()
    assert 8 <= len(phone) - 1 <= 15


@given(national, st.sampled_from(WRITTEN), st.integers(0, 30), st.integers(0, 30))
def test_any_piece_of_any_form_is_found_in_the_stored_digits(number, form, begin, length):
    typed = written(form, number)[begin : begin + length]
    if typed.startswith("+8"):  # such a plus is a mistake that only the whole number shows
        return

    assert digits_for_search(typed) in f"7{number}"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+49 30 1234567", "+49301234567"),
        ("00 49 30 1234567", "+49301234567"),
        ("8 10 49 30 1234567", "+49301234567"),
        ("+996 555 123456", "+996555123456"),
        ("998901234567", "+998901234567"),
        ("8 912 345-67-89", "+79123456789"),
        ("+7 495 123-45-67", "+74951234567"),
        ("+86 10 1234 5678", "+861012345678"),
        ("+1 (202) 555-0123", "+12025550123"),
    ],
)
def test_keeps_foreign_numbers(text, phone):
    assert normalize_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "format"),
        ("нет", "format"),
        ("8 701 123 45 6x", "format"),
        ("8 701 123 45 67, 8 702 123 45 67", "format"),
        ("٨٧٠١١٢٣٤٥٦٧", "format"),
        ("8 701 123 45", "length"),
        ("123-45-67", "length"),
        ("+7 701 123 45 678", "length"),
        ("+7 701 123 45", "length"),
        ("1234567890123456", "length"),
        ("912 345 67 89", "country"),
        ("+7 001 123 45 67", "country"),
        ("8 123 456 78 90", "country"),
        ("+0 701 123 45 67", "country"),
    ],
)
def test_refuses_what_it_cannot_be_sure_of(text, code):
    with pytest.raises(PhoneError) as refusal:
        normalize_phone(text)

    assert refusal.value.code == code


def test_finds_a_fragment_that_begins_with_eight():
    assert digits_for_search("845") in "77018451234"


def test_a_foreign_plus_is_searched_as_typed():
    assert digits_for_search("+86 10") == "8610"


def test_shows_and_hides():
    assert format_phone("+77011234567") == "+7 701 123 45 67"
    assert format_phone("+49301234567") == "+49301234567"
    assert mask_phone("+77011234567") == "+7 701 ••• •• 67"
    assert mask_phone("+49301234567") == "+49•••••••67"


def test_knows_its_own():
    assert is_kz_mobile("+77011234567")
    assert not is_kz_mobile("+77172123456")
    assert is_kz_phone("+77172123456")
    assert not is_kz_phone("+79123456789")
