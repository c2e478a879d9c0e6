from typing import Any

import pytest
from django.test import override_settings

from apps.core import limits
from apps.core.addresses import address_of

ME, LOGIN = "/api/v1/auth/me", "/api/v1/auth/login"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> limits.Limiter:
    """A limiter whose clock stands still, in a window of its own."""
    now = [fresh_window()]
    limiter = limits.Limiter(clock=lambda: now[0])
    limiter.now = now  # type: ignore[attr-defined]
    monkeypatch.setattr(limits, "limiter", limiter)
    return limiter


_windows = iter(range(10**6, 10**7, 7))


def fresh_window() -> float:
    import os

    return (int.from_bytes(os.urandom(4)) + next(_windows)) * 10.0


@override_settings(RATE_PER_USER=1)
def test_a_person_is_told_to_wait_and_others_are_not(as_role: Any, fresh: Any) -> None:
    registrar = as_role("registrar")

    answers = [registrar.get(ME) for _ in range(12)]

    assert [r.status_code for r in answers] == [200] * 10 + [429] * 2
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1]["Retry-After"]) == answers[-1].json()["details"]["seconds"] <= 11
    assert as_role("cashier").get(ME).status_code == 200
    fresh.now[0] += 10
    assert registrar.get(ME).status_code == 200


@override_settings(RATE_PER_ORGANIZATION=1)
def test_an_organization_does_not_spend_for_another(as_role: Any, rival: Any) -> None:
    for role in ("owner", "admin", "registrar", "cashier"):
        for _ in range(3):
            last = as_role(role).get(ME).status_code
    assert last == 429
    assert as_role("owner", clinic=rival).get(ME).status_code == 200


@override_settings(RATE_PER_ADDRESS=1)
def test_a_forged_header_does_not_help(anonymous: Any, db: None) -> None:
    def ask(number: int) -> int:
        return anonymous.get(ME, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").status_code

    assert [ask(number) for number in range(12)] == [401] * 10 + [429] * 2
    with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
        assert ask(99) == 401


def test_processes_count_together() -> None:
    now = fresh_window()
    one, two = (limits.Limiter(clock=lambda: now) for _ in range(2))

    waits = [limiter.spend("user", "x", 1) for _ in range(10) for limiter in (one, two)]

    assert waits.count(0) == 10


def test_without_the_store_each_counts_alone() -> None:
    now = fresh_window()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        limiter = limits.Limiter(clock=lambda: now)
        waits = [limiter.spend("user", "x", 1) for _ in range(12)]
    assert waits.count(0) == 10


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "found"),
    [
        ("1.2.3.4", "", [], "1.2.3.4"),
        ("1.2.3.4", "9.9.9.9", [], "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9", ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.1", "6.6.6.6, 9.9.9.9", ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.1", "9.9.9.9, 10.0.0.2", ["10.0.0.0/8"], "9.9.9.9"),
        ("10.0.0.1", "nonsense", ["10.0.0.0/8"], "10.0.0.1"),
        ("10.0.0.1", "", ["10.0.0.0/8"], "10.0.0.1"),
        ("", "9.9.9.9", [], None),
    ],
)
def test_believes_only_our_proxies(
    peer: str, forwarded: str, proxies: list[str], found: str | None
) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        assert address_of(peer, forwarded) == found
