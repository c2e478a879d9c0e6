import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core.auth import refresh
from apps.core.models import JournalEntry, Membership, RefreshToken, Session
from apps.core.tenancy import tenant
from testing.clinics import PASSWORD, build_clinic, make_user

LOGIN, REFRESH, ME = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/me"


@pytest.fixture
def entry(anonymous: Any, clinic: Any, in_tenant: Any) -> dict[str, Any]:
    return enter(anonymous, clinic)


def enter(client: Any, clinic: Any) -> dict[str, Any]:
    user = make_user("registrar", password=PASSWORD, login="aigul")
    with tenant(clinic.pk):
        Membership.objects.create(user=user, role="registrar")
    body = {"login": "aigul", "password": PASSWORD, "with_refresh": True}
    return client.post(LOGIN, body).json()


def renew(client: Any, token: str) -> Any:
    return client.post(REFRESH, {"refresh": token})


def later(seconds: int) -> None:
    RefreshToken.objects.filter(spent_at__isnull=False).update(
        spent_at=timezone.now() - timedelta(seconds=seconds)
    )


def test_the_direct_predecessor_gets_the_same_successor(anonymous: Any, entry: Any) -> None:
    first = renew(anonymous, entry["refresh"]).json()["refresh"]

    assert renew(anonymous, entry["refresh"]).json()["refresh"] == first


def test_not_after_ten_seconds(anonymous: Any, entry: Any) -> None:
    renew(anonymous, entry["refresh"])
    later(9)
    assert renew(anonymous, entry["refresh"]).status_code == 200
    later(11)
    assert renew(anonymous, entry["refresh"]).status_code == 401


def test_an_older_token_ends_the_family(
    anonymous: Any, entry: Any, clinic: Any, in_tenant: Any
) -> None:
    second = renew(anonymous, entry["refresh"]).json()["refresh"]
    third = renew(anonymous, second).json()

    assert (
        renew(anonymous, entry["refresh"]).status_code == 401
    )  # within ten seconds, but not direct

    session = Session.objects.get()
    assert session.end_reason == "token_reused"
    assert renew(anonymous, third["refresh"]).status_code == 401
    access = {"HTTP_AUTHORIZATION": f"Bearer {third['access']}"}
    assert anonymous.get(ME, **access).status_code == 401
    with in_tenant():
        row = JournalEntry.objects.get(event="refresh_token_reused")
    assert (row.outcome, row.object_id) == ("refused", session.pk)


def test_without_the_spent_list_the_reuse_would_pass(
    anonymous: Any, entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    second = renew(anonymous, entry["refresh"]).json()["refresh"]
    renew(anonymous, second)
    monkeypatch.setattr(refresh, "_is_unspent", lambda token: True)

    assert renew(anonymous, entry["refresh"]).status_code == 200


def test_a_cookie_speaks_only_for_our_own_pages(anonymous: Any, entry: Any) -> None:
    anonymous.cookies["refresh"] = entry["refresh"]

    for header in ({}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}):
        r = anonymous.post(REFRESH, **header)
        assert (r.status_code, r.json()["code"]) == (403, "origin_refused")
    r = anonymous.post(REFRESH, HTTP_ORIGIN="http://localhost:8000")
    assert r.status_code == 200
    assert "refresh" not in r.json()
    assert r.cookies["refresh"].value != entry["refresh"]


def test_a_dead_cookie_is_dropped(anonymous: Any, entry: Any) -> None:
    anonymous.cookies["refresh"] = "long-gone"
    r = anonymous.post(REFRESH, HTTP_ORIGIN="http://localhost:8000")
    assert (r.status_code, r.json()["code"]) == (401, "session_ended")
    assert r.cookies["refresh"]["max-age"] == 0


def test_fifty_parallel_refreshes_give_one_successor(committed_db: str) -> None:
    client = APIClient()
    client.default_format = "json"
    token = enter(client, build_clinic())["refresh"]
    start, answers = threading.Barrier(50), []

    def one() -> None:
        mine = APIClient()
        mine.default_format = "json"
        start.wait()
        try:
            answers.append(renew(mine, token).json().get("refresh"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert None not in answers
    assert RefreshToken.objects.filter(spent_at=None).count() == 1
