import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.kz.text import ALPHABET, kz_fold, kz_sort_key, latin_to_cyrillic, search_variants

kazakh = st.text(ALPHABET + ALPHABET.upper() + " -")


def test_folds_kazakh_letters_to_russian_keys():
    assert kz_fold("Ёлкина") == "елкина"
    assert kz_fold("Әсем Ғабит Қайрат Ңұр Өмір Үміт Һақ") == "асем габит кайрат нур омир умит хак"
    assert kz_fold("Smith-O'Brien 7") == "smith-o'brien 7"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert kz_fold(kz_fold(text)) == kz_fold(text)
    assert len(kz_fold(text)) == len(text)


@given(kazakh)
def test_case_never_matters(text):
    assert kz_fold(text) == kz_fold(text.upper()) == kz_fold(text.lower())
    assert kz_sort_key(text) == kz_sort_key(text.upper())


def test_orders_the_forty_two_letters():
    assert len(ALPHABET) == 42
    assert "".join(sorted(set(ALPHABET), key=kz_sort_key)) == ALPHABET


@given(kazakh, kazakh)
def test_order_is_that_of_the_letters(one, two):
    def places(text: str) -> list[int]:
        return [" -".find(c) - 2 if c in " -" else ALPHABET.index(c) for c in text.lower()]

    assert (kz_sort_key(one) < kz_sort_key(two)) == (places(one) < places(two))


def test_sorts_names():
    ordered = [
        "Borisov",
        "Алиев",
        "Әлиев",
        "Ильясов",
        "Касымов",
        "Қасымов",
        "Ысқақов",
        "Іңкәрбеков",
        "Яшин",
    ]

    assert sorted(set(ordered), key=kz_sort_key) == ordered


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Akhmetov", "Ахметов"), ("Ahmetov", "Ахметов"), ("AKHMET", "Ахметов"),
        ("Zhumabayev", "Жұмабаев"), ("Jumabaev", "Жұмабаев"), ("Kairat", "Қайрат"),
        ("Qairat", "Қайрат"), ("Kayrat", "Қайрат"), ("Saida", "Саида"), ("Dmitriy", "Дмитрий"),
        ("Dmitry", "Дмитрий"), ("Dmitrii", "Дмитрий"), ("Olga", "Ольга"), ("Tatyana", "Татьяна"),
        ("Ilyas", "Ильяс"), ("Yulia", "Юлия"), ("Julia", "Юлия"), ("Maria", "Мария"),
        ("Shcherbakov", "Щербаков"), ("Yerlan", "Ерлан"), ("Erlan", "Ерлан"), ("Elmira", "Эльмира"),
        ("Alexander", "Александр"), ("Kuznetsov", "Кузнецов"), ("Tsoi", "Цой"), ("Äsem", "Әсем"),
        ("Gulnara", "Гульнара"), ("Nursultan", "Нұрсұлтан"), ("Akhmetov Daulet", "Ахметов Даулет"),
        ("Kydyrbai", "Қыдырбай"), ("Dzhamilya", "Джамиля"), ("Peter", "Пётр"),
        ("Aigerim", "Әйгерім"),
    ],
)  # fmt: skip
def test_a_latin_query_finds_a_cyrillic_name(typed, name):
    assert any(variant in kz_fold(name) for variant in search_variants(typed))


def test_a_cyrillic_query_has_one_variant():
    assert latin_to_cyrillic("Ахметов 701") == []
    assert search_variants("Ахметов") == ["ахметов"]


@given(st.text(max_size=60))
def test_variants_stay_few(text):
    variants = search_variants(text)

    assert variants[0] == kz_fold(text)
    assert len(variants) == len(set(variants)) <= 13
