"""Invariant 28: how passwords are hashed, and that a storm of log-ins leaves the processors to others."""

import time
from contextlib import nullcontext
from threading import Lock
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from apps.core import passwords
from testing.races import together


def test_a_password_is_hashed_with_argon2id_of_nineteen_mebibytes() -> None:
    hashed = make_password("correct-horse-battery")

    assert hashed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct-horse-battery", hashed)
    assert not check_password("correct-horse-batterx", hashed)


def test_at_most_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(monkeypatch) == 2


def test_control_without_the_gate_all_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_two_at_once", nullcontext)
    assert most_at_once(monkeypatch) > 2


def most_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    lock, now, most = Lock(), 0, 0

    def slow(*_: Any) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with lock:
            now -= 1
        return ""

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    hasher = passwords.Argon2id()
    together([lambda: hasher.encode("x", "salt") for _ in range(6)])
    return most
