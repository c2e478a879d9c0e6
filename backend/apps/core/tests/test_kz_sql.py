"""The functions of the database answer exactly as those of Python."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.kz.text import ALPHABET, kz_fold, kz_sort_key

# Whatever PostgreSQL can hold, and often the letters that matter.
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    | st.sampled_from(ALPHABET + ALPHABET.upper() + "їЇєЄґҐўЎҳҲ Aa-'")
)
batches = st.lists(texts, min_size=20, max_size=20)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches)
def test_the_database_agrees_with_python(words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT kz_fold(w), kz_sort(w) FROM unnest(%s::text[]) AS w", [words])
        answers = cursor.fetchall()

    assert answers == [(kz_fold(w), kz_sort_key(w)) for w in words]


@pytest.mark.django_db
def test_the_database_orders_the_alphabet():
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT w FROM unnest(%s::text[]) AS w ORDER BY kz_sort(w) COLLATE "C"',
            [list(reversed(ALPHABET))],
        )
        letters = [row[0] for row in cursor.fetchall()]

    assert "".join(letters) == ALPHABET


@pytest.mark.django_db
def test_an_index_may_use_both():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, provolatile, proisstrict, proparallel FROM pg_proc"
            " WHERE proname IN ('kz_fold', 'kz_sort') ORDER BY proname"
        )
        assert cursor.fetchall() == [("kz_fold", "i", True, "s"), ("kz_sort", "i", True, "s")]


@pytest.mark.django_db
def test_nothing_stays_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT kz_fold(NULL), kz_sort(NULL)")
        assert cursor.fetchone() == (None, None)
