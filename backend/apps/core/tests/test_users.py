import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from apps.core.models import IdempotencyKey, JournalEntry, Membership, OneTimeLink, Session, User
from apps.core.permissions import STAFF
from apps.core.tenancy import tenant
from testing.clinics import CANARY, PASSWORD, build_clinic, make_user

URL = "/api/v1/users"
RANK = {"owner": 3, "admin": 2, "branch_admin": 1}
MANAGERS = ["owner", "admin", "branch_admin"]


def body(*roles: tuple[str, Any], **more: Any) -> dict[str, Any]:
    given = roles or (("registrar", None),)
    return {
        "login": "new.person",
        "last_name": "Серікбаева",
        "first_name": "Айгүл",
        "roles": [{"role": role, "branch": branch and str(branch.pk)} for role, branch in given],
    } | more


def person(clinic: Any, role: str, branch: Any = None) -> User:
    with tenant(clinic.pk):
        user = make_user(role)
        Membership.objects.create(user=user, role=role, branch=branch)
    return user


def roles_of(clinic: Any, user: User) -> set[tuple[str, Any]]:
    with tenant(clinic.pk):
        return set(Membership.objects.filter(user=user).values_list("role", "branch_id"))


def test_a_new_person_enters_by_a_link_that_works_once(as_role: Any, anonymous: Any) -> None:
    r = as_role("owner").post(URL, body())
    assert r.status_code == 201, r.content
    assert r.json()["link"].startswith("/activate#token=")
    token = r.json()["link"].partition("=")[2]
    assert token.encode() not in bytes(OneTimeLink.objects.get().digest)

    activate = "/api/v1/auth/activate"
    assert anonymous.post(activate, {"token": token, "password": "short"}).status_code == 400
    done = anonymous.post(activate, {"token": token, "password": PASSWORD})
    assert (done.status_code, done.json()) == (200, {"login": "new.person"})
    again = anonymous.post(activate, {"token": token, "password": PASSWORD + "2"})
    assert (again.status_code, again.json()["code"]) == (400, "link_invalid")
    entry = anonymous.post("/api/v1/auth/login", {"login": "new.person", "password": PASSWORD})
    assert entry.status_code == 200


def test_a_link_dies_after_72_hours_and_by_a_new_one(as_role: Any, anonymous: Any) -> None:
    owner = as_role("owner")
    made = owner.post(URL, body()).json()
    assert OneTimeLink.objects.get().expires_at - timezone.now() > timedelta(hours=71, minutes=59)
    second = owner.post(f"{URL}/{made['id']}/link").json()["link"].partition("=")[2]
    first = made["link"].partition("=")[2]

    def activate(token: str) -> int:
        return anonymous.post(
            "/api/v1/auth/activate", {"token": token, "password": PASSWORD}
        ).status_code

    assert activate(first) == 400
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert activate(second) == 400


@pytest.mark.parametrize(
    "bad", ["123456789", "qwertyuiop", "1234567890", "new.person1", "clinic-almaty"]
)
def test_every_way_to_a_password_knows_the_rule(as_role: Any, anonymous: Any, bad: str) -> None:
    token = as_role("owner").post(URL, body()).json()["link"].partition("=")[2]

    r = anonymous.post("/api/v1/auth/activate", {"token": token, "password": bad})
    assert (r.status_code, list(r.json()["fields"])) == (400, ["password"])


def test_a_repeated_answer_does_not_hold_the_link(as_role: Any, in_tenant: Any) -> None:
    owner = as_role("owner")
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = owner.post(URL, body(), **key).json()
    second = owner.post(URL, body(), **key).json()

    assert second == first | {"link": None}
    with in_tenant():
        assert first["link"].encode() not in bytes(IdempotencyKey.objects.get().answer)
        rows = JournalEntry.objects.filter(event="user_created")
        assert first["link"].partition("=")[2] not in repr(list(rows.values()))


@pytest.mark.parametrize("actor", STAFF)
def test_nobody_grants_above_himself(as_role: Any, clinic: Any, actor: str) -> None:
    client = as_role(actor)
    for granted in STAFF:
        login = f"new-{granted}"
        status = client.post(URL, body((granted, None)) | {"login": login}).status_code

        may = actor in MANAGERS and RANK.get(granted, 0) <= RANK[actor]
        assert status == (201 if may else 403), granted
        assert User.objects.filter(login=login).exists() == may


@pytest.mark.parametrize("actor", STAFF)
def test_nobody_touches_somebody_above(as_role: Any, clinic: Any, actor: str) -> None:
    clinic.user("owner")  # somebody stays
    client = as_role(actor)
    for target in STAFF:
        other = person(clinic, target)
        url = f"{URL}/{other.pk}"
        roles = [{"role": "warehouse", "branch": None}]
        answers = [
            client.patch(url, {"version": 1, "last_name": "Другая"}).status_code,
            client.post(f"{url}/link").status_code,
            client.patch(url, {"version": 2, "roles": roles}).status_code,
            client.patch(url, {"version": 3, "is_active": False}).status_code,
        ]
        if actor in MANAGERS and RANK.get(target, 0) <= RANK[actor]:
            changed = target != "warehouse"
            assert answers == [200, 201, 200, 200 if changed else 409], target
            assert roles_of(clinic, other) == {("warehouse", None)}
        else:
            assert answers == [403] * 4, target
            assert roles_of(clinic, other) == {(target, None)}
            assert User.objects.get(pk=other.pk).last_name == other.last_name


@pytest.mark.parametrize("actor", STAFF)
def test_nobody_raises_himself(as_role: Any, clinic: Any, actor: str) -> None:
    clinic.user("owner")
    client, version = as_role(actor), 1
    for wanted in STAFF:
        roles = [{"role": role, "branch": None} for role in dict.fromkeys([actor, wanted])]

        r = client.patch(f"{URL}/{client.user.pk}", {"version": version, "roles": roles})

        if actor == "owner" or (actor in MANAGERS and actor == wanted):
            assert r.status_code == 200, wanted
            version = r.json()["version"]
        else:
            assert r.status_code == 403, wanted
            assert roles_of(clinic, client.user) == {(actor, None)}


def test_a_branch_manager_acts_in_his_branches_only(as_role: Any, clinic: Any) -> None:
    manager = as_role("branch_admin", branch=clinic.branch)
    for granted in STAFF:
        statuses = [
            manager.post(
                URL, body((granted, branch)) | {"login": f"n{number}-{granted[:5]}x"}
            ).status_code
            for number, branch in enumerate([None, clinic.other_branch, clinic.branch])
        ]
        whole = granted in {"owner", "admin"}
        assert statuses == ([403, 400, 400] if whole else [403, 403, 201]), granted


def test_a_branch_manager_sees_his_people_only(as_role: Any, clinic: Any) -> None:
    here, there = (
        person(clinic, "nurse", clinic.branch),
        person(clinic, "nurse", clinic.other_branch),
    )
    everywhere = person(clinic, "nurse")
    both = person(clinic, "nurse", clinic.branch)
    with tenant(clinic.pk):
        Membership.objects.create(user=both, role="nurse", branch=clinic.other_branch)
    manager = as_role("branch_admin", branch=clinic.branch)

    shown = {one["id"]: one["may_change"] for one in manager.get(URL).json()["items"]}

    assert shown == {str(manager.user.pk): True, str(here.pk): True, str(both.pk): False}
    for hidden in (there, everywhere):
        assert manager.get(f"{URL}/{hidden.pk}").status_code == 404
        assert manager.post(f"{URL}/{hidden.pk}/link").status_code == 404
    assert manager.patch(f"{URL}/{both.pk}", {"version": 1, "is_active": False}).status_code == 403


def test_the_last_owner_stays(as_role: Any, clinic: Any) -> None:
    owner = as_role("owner")
    url = f"{URL}/{owner.user.pk}"
    lower = {"version": 1, "roles": [{"role": "doctor", "branch": None}]}

    r = owner.patch(url, lower)
    assert (r.status_code, r.json()["code"]) == (409, "last_owner")
    assert owner.patch(url, {"version": 1, "is_active": False}).status_code == 403
    second = person(clinic, "owner")
    assert owner.patch(f"{URL}/{second.pk}", {"version": 1, "is_active": False}).status_code == 200
    assert owner.patch(url, lower).status_code == 409  # a suspended owner is none
    assert owner.patch(f"{URL}/{second.pk}", {"version": 2, "is_active": True}).status_code == 200
    assert owner.patch(url, lower).status_code == 200
    assert roles_of(clinic, owner.user) == {("doctor", None)}


def test_two_owners_cannot_remove_one_another(committed_db: str) -> None:
    clinic = build_clinic()
    people = [person(clinic, "owner"), person(clinic, "owner")]
    clients = [clinic.client_of(user) for user in people]
    start, statuses = threading.Barrier(2), []

    def remove(client: Any, other: User) -> None:
        start.wait()
        try:
            url = f"{URL}/{other.pk}"
            lower = {"version": 1, "roles": [{"role": "doctor", "branch": None}]}
            statuses.append(client.patch(url, lower).status_code)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=remove, args=pair)
        for pair in zip(clients, reversed(people), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == 1
    with tenant(clinic.pk):
        assert Membership.objects.filter(role="owner").count() == 1


def test_suspending_ends_sessions_at_once(as_role: Any, clinic: Any, anonymous: Any) -> None:
    owner, registrar = as_role("owner"), as_role("registrar")
    assert registrar.get("/api/v1/auth/me").status_code == 200

    r = owner.patch(f"{URL}/{registrar.user.pk}", {"version": 1, "is_active": False})

    assert r.json()["is_active"] is False
    assert registrar.get("/api/v1/auth/me").status_code == 401
    assert Session.objects.get(user=registrar.user).end_reason == "suspended"


def test_a_changed_role_acts_at_once(as_role: Any) -> None:
    owner, registrar = as_role("owner"), as_role("registrar")
    roles = {"version": 1, "roles": [{"role": "marketer", "branch": None}]}
    owner.patch(f"{URL}/{registrar.user.pk}", roles)

    assert "appointments:write" not in registrar.get("/api/v1/auth/me").json()["permissions"]


def test_a_stale_edit_is_refused_with_who_changed_what(as_role: Any, clinic: Any) -> None:
    owner, other = as_role("owner"), person(clinic, "nurse")
    url = f"{URL}/{other.pk}"
    assert owner.patch(url, {"version": 1, "first_name": "Дана"}).json()["version"] == 2

    r = as_role("admin").patch(url, {"version": 1, "first_name": "Алма"})

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["changed"] == ["first_name"]
    assert r.json()["details"]["by"] == owner.user.short_name


def test_strangers_do_not_exist(as_role: Any, clinic: Any, rival: Any) -> None:
    owner = as_role("owner")
    other = person(rival, "nurse")
    for url in (f"{URL}/{other.pk}", f"{URL}/{uuid4()}"):
        assert owner.get(url).status_code == 404
        assert owner.patch(url, {"version": 1, "first_name": "Дана"}).status_code == 404
        assert owner.post(f"{url}/link").status_code == 404
    r = owner.post(URL, body(("nurse", rival.branch)))
    assert (r.status_code, list(r.json()["fields"])) == (400, ["roles.0.branch"])
    assert CANARY not in owner.get(URL, {"size": 200}).content.decode()


def test_a_login_or_mail_of_another_clinic_is_not_betrayed(
    as_role: Any, clinic: Any, rival: Any
) -> None:
    with tenant(rival.pk):
        twin = make_user("nurse", login="new.person", email="twin@example.kz")
        Membership.objects.create(user=twin, role="nurse")

    r = as_role("owner").post(URL, body(email="twin@example.kz"))

    assert r.status_code == 201
    assert r.json()["login"].startswith("new.person-")
    again = as_role("owner").post(URL, body() | {"login": r.json()["login"]})
    assert list(again.json()["fields"]) == ["login"]  # our own people are told


def test_a_person_of_two_clinics_is_nobodys_to_rename(
    as_role: Any, clinic: Any, rival: Any
) -> None:
    """His link would open the other clinic too."""
    shared = person(clinic, "nurse")
    with tenant(rival.pk):
        Membership.objects.create(user=shared, role="owner")
    owner, url = as_role("owner"), f"{URL}/{shared.pk}"

    assert owner.patch(url, {"version": 1, "first_name": "Дана"}).status_code == 403
    assert owner.post(f"{url}/link").status_code == 403
    assert owner.patch(url, {"version": 1, "is_active": False}).status_code == 200
    with tenant(rival.pk):
        assert Membership.objects.get(user=shared).is_active


@pytest.mark.parametrize(
    "field", ["is_staff", "is_superuser", "password", "organization", "id", "version", "last_login"]
)
def test_nothing_else_can_be_written(as_role: Any, field: str) -> None:
    r = as_role("owner").post(URL, body() | {field: True})
    assert (r.status_code, list(r.json()["fields"])) == (400, [field])


def test_the_list_costs_a_fixed_number_of_queries(
    as_role: Any, clinic: Any, django_assert_max_num_queries: Any
) -> None:
    owner = as_role("owner")
    for _ in range(30):
        person(clinic, "nurse")
    with django_assert_max_num_queries(12):
        r = owner.get(URL, {"size": 10, "role": "nurse"})
    assert (r.json()["total"], len(r.json()["items"]), r.json()["next"]) == (30, 10, 2)


def test_own_sessions_are_seen_and_ended(as_user: Any, clinic: Any, as_role: Any) -> None:
    user = clinic.user("registrar")
    here, there, stranger = as_user(user), as_user(user), as_role("cashier")
    url = "/api/v1/auth/sessions"

    shown = here.get(url).json()
    assert shown["total"] == 2
    assert [one["current"] for one in shown["items"]].count(True) == 1
    assert stranger.delete(f"{url}/{there.session_row.pk}").status_code == 404
    assert here.delete(f"{url}/{there.session_row.pk}").status_code == 204
    assert there.get(url).status_code == 401
    assert here.post("/api/v1/auth/logout").status_code == 204
    assert here.get(url).status_code == 401


def test_a_changed_password_ends_the_other_sessions(
    as_user: Any, clinic: Any, anonymous: Any
) -> None:
    user = clinic.user("registrar")
    user.set_password(PASSWORD)
    user.save()
    here, there = as_user(user), as_user(user)
    url, new = "/api/v1/auth/password", "another-long-secret"

    wrong = here.post(url, {"old_password": "x", "new_password": new})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["old_password"])
    weak = here.post(url, {"old_password": PASSWORD, "new_password": "password12"})
    assert (weak.status_code, list(weak.json()["fields"])) == (400, ["new_password"])
    assert here.post(url, {"old_password": PASSWORD, "new_password": new}).status_code == 204
    assert here.get("/api/v1/auth/me").status_code == 200
    assert there.get("/api/v1/auth/me").status_code == 401
    entry = anonymous.post("/api/v1/auth/login", {"login": user.login, "password": new})
    assert entry.status_code == 200
    assert anonymous.post(url, {"old_password": new, "new_password": PASSWORD}).status_code == 401
