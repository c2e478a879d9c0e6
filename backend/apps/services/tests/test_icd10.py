import pytest

from apps.core.kz import icd10
from apps.services.models import Icd10

URL = "/api/v1/services/icd10"


def codes(client, text, size=200):
    return [row["code"] for row in client.get(URL, {"q": text, "size": size}).json()["items"]]


def test_the_dental_chapter_is_loaded(as_role):
    assert Icd10.objects.count() == len(icd10.rows())
    assert as_role("doctor").get(URL).json()["total"] == len(icd10.rows())


@pytest.mark.parametrize("text", ["K02", "k02", "к02", "К02", "л02"])
def test_by_the_beginning_of_a_code_on_any_keyboard(as_role, text):
    found = codes(as_role("doctor"), text)

    assert "K02.1" in found
    assert all(code.startswith("K02") for code in found)


def test_by_words_in_any_order(as_role):
    assert (
        codes(as_role("doctor"), "дентина кариес")
        == codes(as_role("doctor"), "Кариес дентина")
        == ["K02.1"]
    )
    assert codes(as_role("doctor"), "нет такого слова") == []


def test_strangers_to_the_system_read_nothing(db, anonymous):
    assert anonymous.get(URL).status_code == 401


def test_nobody_writes_it(as_role):
    assert as_role("owner").post(URL, {"code": "X"}).status_code in (403, 405)


def test_the_list_costs_two_statements(as_role, django_assert_num_queries):
    doctor = as_role("doctor")
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        doctor.get(URL, {"q": "кариес"})
