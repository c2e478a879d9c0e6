"""Devices of a branch: kept by whoever keeps its rooms, chosen by whoever books."""

from typing import Any

from apps.core.models import JournalEntry
from apps.org.models import Device

URL = "/api/v1/calendar/devices"


def test_is_added_changed_and_taken_out_of_use(as_role: Any, clinic: Any, in_tenant: Any) -> None:
    manager = as_role("branch_admin", branch=clinic.branch)
    made = manager.post(URL, {"branch": str(clinic.branch.pk), "name": "Лазер"})
    assert made.status_code == 201, made.content

    changed = manager.patch(
        f"{URL}/{made.json()['id']}", {"version": 1, "name": "Лазер 2", "is_active": False}
    )

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    with in_tenant():
        events = set(JournalEntry.objects.values_list("event", flat=True))
        assert {"device_created", "device_changed"} <= events


def test_the_desk_reads_and_does_not_change(as_role: Any, clinic: Any, in_tenant: Any) -> None:
    with in_tenant():
        Device.objects.create(branch=clinic.branch, name="Лазер")
        Device.objects.create(branch=clinic.other_branch, name="Микроскоп")
    desk = as_role("registrar", branch=clinic.branch)
    assert [one["name"] for one in desk.get(URL).json()["items"]] == ["Лазер"]
    refused = desk.post(URL, {"branch": str(clinic.branch.pk), "name": "Ещё"})
    assert refused.status_code == 403


def test_a_manager_adds_nothing_to_another_branch(as_role: Any, clinic: Any, rival: Any) -> None:
    manager = as_role("branch_admin", branch=clinic.branch)
    other = manager.post(URL, {"branch": str(clinic.other_branch.pk), "name": "Лазер"})
    strange = manager.post(URL, {"branch": str(rival.branch.pk), "name": "Лазер"})
    assert other.status_code == 403
    assert strange.status_code == 400 and "branch" in strange.json()["fields"]


def test_a_name_is_there_once_in_a_branch_and_a_stale_change_is_refused(
    as_role: Any, clinic: Any
) -> None:
    owner = as_role("owner")
    body = {"branch": str(clinic.branch.pk), "name": "Лазер"}
    made = owner.post(URL, body).json()
    assert "name" in owner.post(URL, body).json()["fields"]
    assert owner.post(URL, body | {"branch": str(clinic.other_branch.pk)}).status_code == 201
    stale = owner.patch(f"{URL}/{made['id']}", {"version": 9, "name": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
