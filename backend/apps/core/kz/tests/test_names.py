from itertools import islice
from random import Random

import pytest

from apps.core.kz.iin import parse_iin
from apps.core.kz.names import (
    ADULTS,
    KAZAKH_MEN,
    KAZAKH_SURNAMES,
    KAZAKH_WOMEN,
    RUSSIAN_MEN,
    RUSSIAN_SURNAMES,
    RUSSIAN_WOMEN,
    kazakh_patronymic,
    people,
    person,
    russian_patronymic,
    surname,
)
from apps.core.kz.phone import is_kz_mobile, normalize_phone

CROWD = list(people(3000, seed=7))


def test_the_lists_are_long_and_without_twins():
    lists = (
        KAZAKH_SURNAMES,
        RUSSIAN_SURNAMES,
        KAZAKH_MEN,
        KAZAKH_WOMEN,
        RUSSIAN_MEN,
        RUSSIAN_WOMEN,
    )
    for names in lists:
        assert len(names) == len(set(names)) >= 40
    assert len(KAZAKH_SURNAMES) >= 120
    assert len(RUSSIAN_SURNAMES) >= 80


def test_every_number_is_a_good_one():
    for one in CROWD:
        number = parse_iin(one["iin"])
        assert (number.birth_date, number.sex) == (one["birth_date"], one["sex"])
        assert normalize_phone(one["phone"]) == one["phone"]
        assert is_kz_mobile(one["phone"])


def test_nobody_shares_a_number():
    assert len({one["iin"] for one in CROWD}) == len({one["phone"] for one in CROWD}) == len(CROWD)


def test_the_same_seed_gives_the_same_people():
    assert list(people(50, seed=7)) == CROWD[:50]
    assert list(people(50, seed=8)) != CROWD[:50]
    assert person(Random(3)) == person(Random(3))


def test_people_come_one_by_one():
    assert len(list(islice(people(500_000), 3))) == 3


def test_staff_are_adults():
    for one in people(200, born=ADULTS):
        assert ADULTS[0] <= one["birth_date"] <= ADULTS[1]


@pytest.mark.parametrize(
    ("stem", "woman"),
    [("Иванов", "Иванова"), ("Киселёв", "Киселёва"), ("Ильин", "Ильина"), ("Шевченко", "Шевченко")],
)
def test_surnames_follow_the_sex(stem, woman):
    assert (surname(stem, "M"), surname(stem, "F")) == (stem, woman)


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Иван", "Иванович", "Ивановна"),
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Василий", "Васильевич", "Васильевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Пётр", "Петрович", "Петровна"),
        ("Ерлан", "Ерланович", "Ерлановна"),
    ],
)
def test_russian_patronymics(father, son, daughter):
    assert (russian_patronymic(father, "M"), russian_patronymic(father, "F")) == (son, daughter)


def test_kazakh_patronymics():
    assert kazakh_patronymic("Серік", "M") == "Серікұлы"
    assert kazakh_patronymic("Серік", "F") == "Серікқызы"


def test_every_russian_name_gives_a_patronymic():
    for father in RUSSIAN_MEN:
        assert russian_patronymic(father, "M").endswith("ич")
        assert russian_patronymic(father, "F").endswith("на")
