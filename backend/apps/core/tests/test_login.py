from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from django.utils import timezone

from apps.core.models import JournalEntry, Membership, RefreshToken, Session, Throttle, User
from testing.clinics import PASSWORD, make_user

LOGIN, REFRESH, ME = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/me"
ORIGIN = {"HTTP_ORIGIN": "http://localhost:8000"}


@pytest.fixture
def aigul(clinic: Any, in_tenant: Any) -> User:
    user = make_user("registrar", password=PASSWORD, login="aigul", email="aigul@example.kz")
    with in_tenant():
        Membership.objects.create(user=user, role="registrar", branch=clinic.branch)
    return user


def log_in(client: Any, password: str = PASSWORD, login: str = "aigul", **more: Any) -> Any:
    return client.post(LOGIN, {"login": login, "password": password, **more})


def bearer(token: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


@pytest.mark.parametrize("name", ["aigul", "AIGUL", " aigul@example.kz "])
def test_enters_by_name_or_mail(anonymous: Any, aigul: User, clinic: Any, name: str) -> None:
    r = log_in(anonymous, login=name)

    assert r.status_code == 200, r.content
    user = r.json()["user"]
    assert user["organization"] == {"id": str(clinic.pk), "name": clinic.organization.name}
    assert [b["id"] for b in user["branches"]] == [str(clinic.branch.pk)]
    assert user["roles"] == [{"role": "registrar", "branch": str(clinic.branch.pk)}]
    assert user["permissions"]["appointments:write"] == "branch"
    assert "settings:read" not in user["permissions"]
    assert anonymous.get(ME, **bearer(r.json()["access"])).json() == user


def test_the_browser_gets_the_refresh_token_only_as_a_cookie(anonymous: Any, aigul: User) -> None:
    r = log_in(anonymous)

    assert "refresh" not in r.json()
    cookie = r.cookies["refresh"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (
        "/api/v1/auth",
        "Strict",
        True,
    )
    assert not cookie["secure"]
    assert anonymous.post(LOGIN, {"login": "aigul", "password": PASSWORD}, secure=True).cookies[
        "refresh"
    ]["secure"]


def test_an_api_client_gets_it_in_the_body(anonymous: Any, aigul: User) -> None:
    r = log_in(anonymous, with_refresh=True)

    assert "refresh" not in r.cookies
    again = anonymous.post(REFRESH, {"refresh": r.json()["refresh"]})
    assert again.status_code == 200
    assert again.json()["refresh"] != r.json()["refresh"]
    assert anonymous.get(ME, **bearer(again.json()["access"])).status_code == 200


def test_the_token_is_not_in_the_database(anonymous: Any, aigul: User) -> None:
    token = log_in(anonymous, with_refresh=True).json()["refresh"]

    assert all(token.encode() not in bytes(row.digest) for row in RefreshToken.objects.all())


def test_all_failures_look_alike(anonymous: Any, aigul: User, clinic: Any, in_tenant: Any) -> None:
    disabled = make_user("x", password=PASSWORD, login="disabled", is_active=False)
    suspended = make_user("y", password=PASSWORD, login="suspended")
    with in_tenant():
        Membership.objects.create(user=disabled, role="registrar")
        Membership.objects.create(user=suspended, role="registrar", is_active=False)
    make_user("z", password=PASSWORD, login="nowhere")
    make_user("q", login="linkless")

    answers = [
        log_in(anonymous, login="nobody"),
        log_in(anonymous, password="wrong-wrong-wrong"),
        log_in(anonymous, login="disabled"),
        log_in(anonymous, login="suspended"),
        log_in(anonymous, login="nowhere"),
        log_in(anonymous, login="linkless", password="!"),
        log_in(anonymous, organization=str(uuid4())),
    ]

    assert {r.status_code for r in answers} == {401}
    assert len({r.content for r in answers}) == 1
    assert answers[0].json()["code"] == "bad_credentials"


def test_a_refused_login_leaves_a_row(anonymous: Any, aigul: User, in_tenant: Any) -> None:
    log_in(anonymous, password="wrong-wrong-wrong")

    with in_tenant():
        row = JournalEntry.objects.get(event="login_refused")
    assert (row.outcome, row.actor, row.address) == ("refused", aigul, "127.0.0.1")


@pytest.mark.parametrize("name", ["aigul", "nobody"])
def test_guessing_is_slowed_the_same_for_everybody(anonymous: Any, aigul: User, name: str) -> None:
    answers = [log_in(anonymous, login=name, password="guess-guess-guess") for _ in range(7)]

    assert [r.status_code for r in answers] == [401] * 6 + [429]
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1]["Retry-After"]) >= 1
    assert answers[-1].json()["details"]["seconds"] == int(answers[-1]["Retry-After"])


def test_the_honest_user_gets_in_while_others_guess(anonymous: Any, aigul: User) -> None:
    assert log_in(anonymous, with_refresh=True).status_code == 200  # his usual place
    for number in range(12):
        for _ in range(3):
            anonymous.post(
                LOGIN,
                {"login": "aigul", "password": "guess-guess-guess"},
                REMOTE_ADDR=f"10.0.0.{number}",
            )

    stranger = anonymous.post(
        LOGIN, {"login": "aigul", "password": PASSWORD}, REMOTE_ADDR="10.9.9.9"
    )
    assert stranger.status_code == 429
    assert int(stranger["Retry-After"]) <= 30  # and never for long
    assert log_in(anonymous).status_code == 200


def test_an_address_that_tries_many_names_is_slowed(anonymous: Any, aigul: User) -> None:
    answers = [log_in(anonymous, login=f"name{n}", password="x" * 12) for n in range(32)]

    assert answers[-1].status_code == 429
    other = anonymous.post(LOGIN, {"login": "aigul", "password": PASSWORD}, REMOTE_ADDR="10.1.1.1")
    assert other.status_code == 200


def test_a_wait_ends(anonymous: Any, aigul: User) -> None:
    for _ in range(7):
        log_in(anonymous, password="guess-guess-guess")
    Throttle.objects.update(blocked_until=timezone.now() - timedelta(seconds=1))

    assert log_in(anonymous).status_code == 200


def test_the_address_of_a_header_counts_only_from_our_proxies(anonymous: Any, aigul: User) -> None:
    def guess(number: int) -> Any:
        return anonymous.post(
            LOGIN,
            {"login": f"name{number}", "password": "x" * 12},
            HTTP_X_FORWARDED_FOR=f"10.2.0.{number}",
        )

    assert [guess(number).status_code for number in range(32)][-1] == 429
    with override_settings(TRUSTED_PROXIES=["127.0.0.0/8"]):
        assert guess(200).status_code == 401


def test_somebody_of_two_clinics_may_choose(
    anonymous: Any, aigul: User, clinic: Any, rival: Any, in_tenant: Any
) -> None:
    with in_tenant(rival):
        Membership.objects.create(user=aigul, role="cashier")

    assert log_in(anonymous).json()["user"]["organization"]["id"] == str(clinic.pk)
    chosen = log_in(anonymous, organization=str(rival.pk)).json()["user"]
    assert chosen["organization"]["id"] == str(rival.pk)
    assert [one["role"] for one in chosen["roles"]] == ["cashier"]


def test_people_who_share_an_address_enter_by_their_own_passwords(
    anonymous: Any, aigul: User, rival: Any, in_tenant: Any
) -> None:
    other = make_user("twin", password="another-long-secret", login="twin", email=aigul.email)
    with in_tenant(rival):
        Membership.objects.create(user=other, role="doctor")

    mail = "aigul@example.kz"
    assert log_in(anonymous, login=mail).json()["user"]["login"] == "aigul"
    assert log_in(anonymous, "another-long-secret", mail).json()["user"]["login"] == "twin"


def test_platform_staff_enter_without_an_organization(anonymous: Any, db: None) -> None:
    User.objects.create_superuser("root", PASSWORD, email="root@example.kz")

    r = log_in(anonymous, login="root")

    assert r.json()["user"]["organization"] is None
    access = bearer(r.json()["access"])
    assert anonymous.get(ME, **access).status_code == 200
    assert anonymous.get("/api/v1/patients", **access).status_code in {403, 404}
    assert anonymous.patch(ME, {"theme": "dark"}, **access).json()["theme"] == "dark"


def test_changes_language_and_theme_only(anonymous: Any, as_role: Any) -> None:
    registrar = as_role("registrar")

    assert registrar.patch(ME, {"language": "kk", "theme": "dark"}).json()["language"] == "kk"
    assert registrar.get(ME).json()["theme"] == "dark"
    assert registrar.patch(ME, {"is_staff": True}).status_code == 400
    assert registrar.patch(ME, {"theme": "pink"}).status_code == 400


def test_a_disabled_person_is_out_at_once(anonymous: Any, aigul: User, in_tenant: Any) -> None:
    access = bearer(log_in(anonymous).json()["access"])
    with in_tenant():
        Membership.objects.filter(user=aigul).update(role="cashier")
    assert "patients:write" not in anonymous.get(ME, **access).json()["permissions"]
    with in_tenant():
        Membership.objects.filter(user=aigul).update(is_active=False)
    assert anonymous.get(ME, **access).status_code == 403
    User.objects.filter(pk=aigul.pk).update(is_active=False)
    assert anonymous.get(ME, **access).status_code == 401
    assert anonymous.post(REFRESH, **ORIGIN).status_code == 401


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 401)])
def test_an_idle_session_ends(anonymous: Any, aigul: User, minutes: int, status: int) -> None:
    access = bearer(log_in(anonymous).json()["access"])
    Session.objects.update(last_used_at=timezone.now() - timedelta(minutes=minutes))

    assert anonymous.get(ME, **access).status_code == status
    assert anonymous.post(REFRESH, **ORIGIN).status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(5, 200), (-5, 401)])
def test_a_session_ends_after_its_hours(
    anonymous: Any, aigul: User, seconds: int, status: int
) -> None:
    access = bearer(log_in(anonymous).json()["access"])
    session = Session.objects.get()
    assert session.expires_at - session.created_at >= timedelta(hours=11, minutes=59)
    Session.objects.update(expires_at=timezone.now() + timedelta(seconds=seconds))

    assert anonymous.get(ME, **access).status_code == status
    assert anonymous.post(REFRESH, **ORIGIN).status_code == status


def test_use_keeps_a_session_awake(anonymous: Any, aigul: User) -> None:
    access = bearer(log_in(anonymous).json()["access"])
    Session.objects.update(last_used_at=timezone.now() - timedelta(minutes=20))

    anonymous.get(ME, **access)

    assert timezone.now() - Session.objects.get().last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x y", "Bearer"])
def test_a_bad_token_is_refused(anonymous: Any, db: None, token: str) -> None:
    r = anonymous.get(ME, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert (r.status_code, r["WWW-Authenticate"]) == (401, "Bearer")
