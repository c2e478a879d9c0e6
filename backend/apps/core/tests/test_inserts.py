from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.core.inserts import insert
from apps.core.tenancy import tenant
from apps.org.models import Chair, Room


def test_writes_rows_of_several_models_in_one_statement(
    clinic: Any, django_assert_num_queries: Any
) -> None:
    with tenant(clinic.pk):
        room = Room(branch=clinic.branch, name="Кабинет 9")
        chairs = [Chair(room=room, name=f"Кресло {n}", position=n) for n in (1, 2)]

        with django_assert_num_queries(1):
            insert([chairs[0], room, chairs[1]])

        found = Room.objects.get(pk=room.pk)
        assert found.chairs.count() == 2
        assert abs((datetime.now(UTC) - found.created_at).total_seconds()) < 60
        room.name = "Кабинет 10"
        room.save()  # known to be there already
        assert Room.objects.get(pk=room.pk).name == "Кабинет 10"


def test_all_or_none(clinic: Any) -> None:
    with tenant(clinic.pk):
        twice = [Room(branch=clinic.branch, name="Одна") for _ in range(2)]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert([Chair(room=clinic.room, name="Новое"), *twice])
        assert not Chair.objects.filter(name="Новое").exists()


def test_nothing_is_no_statement(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        insert([])
