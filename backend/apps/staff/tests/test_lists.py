"""Positions and specialities."""

import pytest

URLS = ["/api/v1/staff/positions", "/api/v1/staff/specialities"]


@pytest.mark.parametrize("url", URLS)
def test_the_owner_adds_and_renames(as_role, url):
    owner = as_role("owner")

    one = owner.post(url, {"name": "Ортодонт"})
    assert one.status_code == 201
    r = owner.patch(f"{url}/{one.json()['id']}", {"version": 1, "name": "Хирург"})
    assert (r.status_code, r.json()["name"], r.json()["version"]) == (200, "Хирург", 2)
    r = owner.patch(f"{url}/{one.json()['id']}", {"version": 1, "name": "Терапевт"})
    assert (r.status_code, r.json()["code"]) == (409, "stale")


@pytest.mark.parametrize("url", URLS)
def test_a_colleague_reads_only(as_role, clinic, url):
    for client in (as_role("registrar"), as_role("branch_admin", branch=clinic.branch)):
        assert client.get(url).status_code == 200
        assert client.post(url, {"name": "Ортодонт"}).status_code == 403


@pytest.mark.parametrize("url", URLS)
def test_a_strangers_row_does_not_exist(as_role, rival, url):
    theirs = rival.position if "positions" in url else rival.speciality
    owner = as_role("owner")

    assert owner.patch(f"{url}/{theirs.pk}", {"version": 1, "name": "Х"}).status_code == 404
    assert "CANARY" not in owner.get(url).content.decode()
    assert owner.post(url, {"name": theirs.name}).status_code == 201


@pytest.mark.parametrize("url", URLS)
def test_a_name_stands_once(as_role, url):
    owner = as_role("owner")
    owner.post(url, {"name": "Ортодонт"})

    assert list(owner.post(url, {"name": "Ортодонт"}).json()["fields"]) == ["name"]


@pytest.mark.parametrize("url", URLS)
def test_a_list_costs_the_same_whatever_its_length(as_role, django_assert_num_queries, url):
    owner = as_role("owner")
    for n in range(5):
        owner.post(url, {"name": f"Должность {n}"})
    with django_assert_num_queries(7):  # savepoint, tenant, session, count, rows, back, release
        owner.get(url)
