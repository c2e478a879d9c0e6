from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.kz.money import format_tenge, in_words, share, tenge

exact = st.decimals(-(10**12), 10**12, places=6, allow_nan=False)
amounts = st.decimals(-(10**12), 10**12, places=2)
weights = st.lists(
    st.integers(0, 10**6) | st.decimals(0, 1000, places=3), min_size=1, max_size=12
).filter(any)


@given(exact)
def test_rounds_half_up_to_a_tiyn(value):
    rounded = tenge(value)
    lost = Fraction(value) - Fraction(rounded)

    assert rounded.as_tuple().exponent == -2
    assert abs(lost) <= Fraction(1, 200)
    assert abs(lost) < Fraction(1, 200) or abs(rounded) > abs(value)
    assert tenge(rounded) == rounded
    assert tenge(-value) == -rounded


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.005", "0.01"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("1.0049999", "1.00"),
    ],
)
def test_rounds_known_amounts(value, rounded):
    assert str(tenge(value)) == rounded


@pytest.mark.parametrize("value", [0.1, True])
def test_a_float_is_not_money(value):
    with pytest.raises(TypeError):
        tenge(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_money_is_finite(value):
    with pytest.raises(ValueError):
        tenge(Decimal(value))


@given(amounts, weights)
def test_parts_add_up(total, parts):
    shared = share(total, parts)

    assert sum(shared) == total
    assert len(shared) == len(parts)
    assert all(part == tenge(part) for part in shared)


@given(amounts, weights)
def test_a_part_is_within_a_tiyn_of_the_exact_one(total, parts):
    whole = sum(Fraction(w) for w in parts)
    for part, weight in zip(share(total, parts), parts, strict=True):
        wanted = Fraction(total) * Fraction(weight) / whole
        assert abs(Fraction(part) - wanted) < Fraction(1, 100)
        assert weight != 0 or part == 0


@given(amounts, weights)
def test_a_refund_is_split_like_the_payment(total, parts):
    assert share(-total, parts) == [-part for part in share(total, parts)]


def test_the_earlier_part_takes_the_odd_tiyn():
    assert share(Decimal("100.00"), [1, 1, 1]) == [Decimal(t) for t in ("33.34", "33.33", "33.33")]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
def test_refuses_weights_that_split_nothing(bad):
    with pytest.raises(ValueError):
        share(Decimal("1.00"), bad)


def test_shows_amounts():
    assert format_tenge(Decimal("1234567.5")) == "1\u00a0234\u00a0567,50\u00a0₸"
    assert format_tenge(Decimal("1234567"), whole=True) == "1\u00a0234\u00a0567\u00a0₸"
    assert format_tenge(Decimal("0.5"), whole=True) == "0,50\u00a0₸"
    assert format_tenge(Decimal("-15000")) == "-15\u00a0000,00\u00a0₸"


@pytest.mark.parametrize(
    ("amount", "ru", "kk"),
    [
        ("0", "Ноль тенге 00 тиын", "Нөл теңге 00 тиын"),
        ("1.5", "Один тенге 50 тиын", "Бір теңге 50 тиын"),
        ("1000", "Одна тысяча тенге 00 тиын", "Бір мың теңге 00 тиын"),
        ("2002.02", "Две тысячи два тенге 02 тиын", "Екі мың екі теңге 02 тиын"),
        ("11000", "Одиннадцать тысяч тенге 00 тиын", "Он бір мың теңге 00 тиын"),
        ("112", "Сто двенадцать тенге 00 тиын", "Жүз он екі теңге 00 тиын"),
        ("21345.60", "Двадцать одна тысяча триста сорок пять тенге 60 тиын",
         "Жиырма бір мың үш жүз қырық бес теңге 60 тиын"),
        ("1000000", "Один миллион тенге 00 тиын", "Бір миллион теңге 00 тиын"),
        ("2114000019", "Два миллиарда сто четырнадцать миллионов девятнадцать тенге 00 тиын",
         "Екі миллиард жүз он төрт миллион он тоғыз теңге 00 тиын"),
        ("-5", "Минус пять тенге 00 тиын", "Минус бес теңге 00 тиын"),
    ],
)  # fmt: skip
def test_says_amounts_in_words(amount, ru, kk):
    assert in_words(Decimal(amount), "ru") == ru
    assert in_words(Decimal(amount), "kk") == kk


@given(st.integers(0, 10**15 - 1), st.sampled_from(["ru", "kk"]))
def test_different_amounts_have_different_words(number, language):
    words = in_words(Decimal(number), language)

    assert words != in_words(Decimal(number + 1 if number < 10**15 - 1 else 0), language)
    assert "  " not in words


def test_refuses_amounts_beyond_words():
    with pytest.raises(ValueError):
        in_words(Decimal(10**15), "ru")
