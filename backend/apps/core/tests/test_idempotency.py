import threading
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from apps.core.api import idempotency
from apps.core.models import IdempotencyKey
from apps.core.tenancy import tenant
from apps.warehouse.models import Item
from testing.clinics import build_clinic

ITEMS = "/api/v1/warehouse/items"
KEY = {"HTTP_IDEMPOTENCY_KEY": "once"}


def thing(name: str = "Перчатки") -> dict[str, str]:
    return {"name": name, "unit": "пара"}


def count(clinic: Any) -> int:
    with tenant(clinic.pk):
        return Item.objects.count()


def test_a_repeated_request_has_one_effect_and_one_answer(as_role: Any, clinic: Any) -> None:
    client = as_role("warehouse")

    first, second = (client.post(ITEMS, thing(), **KEY) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert count(clinic) == 1


def test_another_body_is_refused(as_role: Any, clinic: Any) -> None:
    client = as_role("warehouse")
    client.post(ITEMS, thing(), **KEY)

    r = client.post(ITEMS, thing("Маски"), **KEY)

    assert (r.status_code, r.json()["code"]) == (422, "key_reused")
    assert count(clinic) == 1


def test_a_failed_request_may_be_tried_again_with_its_key(as_role: Any, clinic: Any) -> None:
    client = as_role("warehouse")
    assert client.post(ITEMS, {"name": "x"}, **KEY).status_code == 400

    assert client.post(ITEMS, thing(), **KEY).status_code == 201


def test_a_key_belongs_to_its_person_and_organization(
    as_role: Any, clinic: Any, rival: Any
) -> None:
    first = as_role("warehouse").post(ITEMS, thing(), **KEY)
    second = as_role("owner").post(ITEMS, thing("Маски"), **KEY)
    third = as_role("warehouse", clinic=rival).post(ITEMS, thing(), **KEY)

    assert first.status_code == third.status_code == 201
    assert second.status_code in {201, 403}
    assert first.json()["id"] != third.json()["id"]


@pytest.mark.parametrize("key", ["x" * 81, "a\tb", "a\u00adb"])
def test_a_strange_key_is_bad_input(as_role: Any, key: str) -> None:
    r = as_role("warehouse").post(ITEMS, thing(), HTTP_IDEMPOTENCY_KEY=key)
    assert (r.status_code, list(r.json()["fields"])) == (400, ["Idempotency-Key"])


def twenty(client: APIClient) -> list[Any]:
    start, answers = threading.Barrier(20), []

    def one() -> None:
        mine = APIClient(HTTP_AUTHORIZATION=f"Bearer {client.token}")  # type: ignore[attr-defined]
        mine.default_format = "json"
        start.wait()
        try:
            answers.append(mine.post(ITEMS, thing(), **KEY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_twenty_copies_one_does_it(committed_db: str) -> None:
    clinic = build_clinic()

    answers = twenty(clinic.client("warehouse"))

    done = [a for a in answers if a.status_code == 201]
    waiting = [a for a in answers if a.status_code == 409]
    assert len(done) + len(waiting) == 20
    assert done
    assert {a.content for a in done} == {done[0].content}
    assert {a.json()["code"] for a in waiting} <= {"in_flight"}
    assert count(clinic) == 1
    with tenant(clinic.pk):
        assert IdempotencyKey.objects.count() == 1


def test_control_without_the_key_they_would_collide(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are unique here, so the copies are refused by the name instead of answered alike."""
    monkeypatch.setattr(idempotency, "begin", lambda request, view: None)
    clinic = build_clinic()

    answers = twenty(clinic.client("warehouse"))

    assert [a.status_code for a in answers].count(201) == 1
    assert any(a.status_code in {400, 409} and a.json()["code"] != "in_flight" for a in answers)
