from apps.comms import placeholders
from apps.comms.placeholders import empty_in, fill, found_in, unknown_in

VALUES = {"_ИМЯ_ПАЦИЕНТА_": "Әсел", "_ОТЧЕСТВО_": "", "_ДАТА_ВИЗИТА_": "02.03.2026"}


def test_fills_each_gap():
    text = "_ИМЯ_ПАЦИЕНТА_ _ОТЧЕСТВО_, ждём _ДАТА_ВИЗИТА_."
    assert fill(text, VALUES) == "Әсел, ждём 02.03.2026."


def test_gaps_may_touch():
    assert fill("_ИМЯ_ПАЦИЕНТА__ДАТА_ВИЗИТА_", VALUES) == "Әсел02.03.2026"


def test_a_name_that_looks_like_a_gap_is_a_name():
    assert fill("_ИМЯ_ПАЦИЕНТА_!", VALUES | {"_ИМЯ_ПАЦИЕНТА_": "_ДАТА_ВИЗИТА_"}) == "_ДАТА_ВИЗИТА_!"


def test_a_hostile_name_stays_one_line():
    hostile = "Боб\r\nПозвоните\u2028+7\u202e\x00 900"
    assert fill("_ИМЯ_ПАЦИЕНТА_", {"_ИМЯ_ПАЦИЕНТА_": hostile}) == "Боб Позвоните +7 900"
    assert len(fill("_ИМЯ_ПАЦИЕНТА_", {"_ИМЯ_ПАЦИЕНТА_": "А" * 5000})) == 200


def test_knows_what_it_does_not_know():
    assert unknown_in("_ИМЯ_ПАЦИЕНТА_ _СУММА_ _BONUS_ _имя_пациента_") == [
        "_BONUS_",
        "_СУММА_",
        "_имя_пациента_",
    ]
    assert unknown_in("https://clinic.kz/a_b_c?utm_source_x=1 snake_case_word _") == []


def test_two_gaps_glued_together_are_not_guessed_at():
    assert unknown_in("_ИМЯ_ПАЦИЕНТА_ДАТА_ВИЗИТА_") == ["_ИМЯ_ПАЦИЕНТА_ДАТА_ВИЗИТА_"]


def test_says_what_nothing_is_known_for():
    assert empty_in("_ИМЯ_ПАЦИЕНТА_ _ОТЧЕСТВО_ _ВРАЧ_", VALUES) == ["_ВРАЧ_"]


def test_every_known_placeholder_is_found():
    text = " ".join(placeholders.MEANINGS)
    assert (set(found_in(text)), unknown_in(text)) == (set(placeholders.MEANINGS), [])
