from datetime import date

from apps.core.kz import holidays, icd10


def test_reads_every_year():
    assert holidays.known_years() == (2024, 2025, 2026, 2027)
    assert [d.date for d in holidays.rows()] == sorted(d.date for d in holidays.rows())
    assert all(d.name_ru and d.name_kk for d in holidays.rows())


def test_a_holiday_is_a_day_off():
    nauryz = holidays.on(date(2026, 3, 22))

    assert nauryz is not None
    assert (nauryz.kind, nauryz.key, nauryz.is_off) == ("holiday", "nauryz", True)


def test_a_holiday_on_a_weekend_moves():
    moved = holidays.on(date(2027, 1, 4))

    assert moved is not None
    assert (moved.kind, moved.key, moved.name_ru) == ("observed", "new_year", "Новый год")


def test_the_government_swaps_days():
    off, worked = holidays.on(date(2025, 1, 3)), holidays.on(date(2025, 1, 5))

    assert off is not None and worked is not None
    assert (off.is_off, worked.is_off) == (True, False)


def test_an_estimate_says_so():
    ait = [d for d in holidays.between(date(2027, 1, 1), date(2028, 1, 1)) if d.estimated]

    assert len(ait) == 1


def test_an_ordinary_day_is_nothing():
    assert holidays.on(date(2026, 11, 24)) is None


def test_the_end_is_not_included():
    days = holidays.between(date(2026, 1, 1), date(2026, 1, 2))

    assert [d.date for d in days] == [date(2026, 1, 1)]


def test_diagnoses_are_whole():
    rows = icd10.rows()
    codes = {d.code for d in rows}

    assert len(rows) == len(codes) == 157
    assert {"K02.1", "K04.0", "K14"} <= codes
    assert all(d.name_ru for d in rows)
    assert all(d.parent in codes for d in rows if d.core and d.parent)
