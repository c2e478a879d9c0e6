"""Saved views: everybody has his own, one of them the default."""

from typing import Any

import pytest

from apps.core.models import JournalEntry

URL = "/api/v1/calendar/views"
LOOK = {"by": "chair", "speciality": "Терапия", "zoom": "2"}


def save(person: Any, name: str = "Терапия", **more: Any) -> Any:
    return person.post(URL, {"name": name, "look": LOOK} | more)


def test_is_kept_renamed_and_forgotten(desk: Any, in_tenant: Any) -> None:
    view = save(desk).json()
    assert (view["name"], view["look"], view["is_default"]) == ("Терапия", LOOK, False)
    url = f"{URL}/{view['id']}"
    renamed = desk.patch(url, {"version": view["version"], "name": "Кресла"}).json()
    assert (renamed["name"], renamed["look"], renamed["version"]) == ("Кресла", LOOK, 2)
    assert desk.patch(url, {"version": 1, "name": "Ещё"}).json()["code"] == "stale"
    assert desk.get(URL).json()["items"] == [renamed]
    assert desk.delete(url).status_code == 204
    assert desk.get(URL).json()["items"] == []
    with in_tenant():
        events = JournalEntry.objects.filter(resource="views").order_by("at")
        assert list(events.values_list("event", flat=True)) == [
            "view_saved",
            "view_changed",
            "view_removed",
        ]


def test_only_one_is_the_default(desk: Any) -> None:
    first = save(desk, "Утро", is_default=True).json()
    second = save(desk, "Вечер", is_default=True).json()
    shown = {one["name"]: one["is_default"] for one in desk.get(URL).json()["items"]}
    assert shown == {"Вечер": True, "Утро": False}
    desk.patch(f"{URL}/{first['id']}", {"version": first["version"], "is_default": True})
    shown = {one["name"]: one["is_default"] for one in desk.get(URL).json()["items"]}
    assert shown == {"Вечер": False, "Утро": True}
    assert second["is_default"]


def test_is_nobody_elses(desk: Any, as_role: Any) -> None:
    view, doctor = save(desk).json(), as_role("doctor")
    assert doctor.get(URL).json()["items"] == []
    assert doctor.patch(f"{URL}/{view['id']}", {"version": 1, "name": "Моё"}).status_code == 404
    assert doctor.delete(f"{URL}/{view['id']}").status_code == 404
    assert save(doctor).status_code == 201  # two people may call theirs the same


def test_has_one_name(desk: Any) -> None:
    save(desk)
    assert "name" in save(desk, "терапия").json()["fields"]


@pytest.mark.parametrize(
    "look",
    [
        [],
        "by=chair",
        {"by": {"deep": 1}},
        {"by": "x" * 401},
        {"two words": "x"},
        {f"field{n}": "x" * 400 for n in range(12)},
    ],
)
def test_a_look_is_small_and_flat(desk: Any, look: Any) -> None:
    refused = save(desk, look=look)
    assert refused.status_code == 400
    assert "look" in str(refused.json()["fields"])


def test_there_is_an_end_to_them(desk: Any) -> None:
    for number in range(30):
        assert save(desk, f"Вид {number}").status_code == 201
    assert "name" in save(desk, "Ещё один").json()["fields"]
