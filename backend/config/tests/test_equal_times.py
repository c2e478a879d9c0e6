"""Invariants 12 and 37: the time of an answer tells no more than the answer. Measured by `make proof` alone."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from django.db import transaction

from apps.core.models import Membership
from apps.core.tenancy import tenant
from testing.clinics import PASSWORD, Clinic, make_user

LOGIN, PATIENTS = "/api/v1/auth/login", "/api/v1/patients"
pytestmark = pytest.mark.proof


def alike(kinds: list[Callable[[int], Any]], within: float) -> bool:
    """A difference that is really there shows every time; one that the machine made does not."""
    return any(spread(kinds) < within for _ in range(4))


def spread(kinds: list[Callable[[int], Any]], times: int = 25) -> float:
    """Seconds between the medians of the quickest and the slowest kind, asked in turn."""
    taken: list[list[float]] = [[] for _ in kinds]
    for number in range(times):
        for kind, seconds in zip(kinds, taken, strict=True):
            began = time.perf_counter()
            kind(number)
            seconds.append(time.perf_counter() - began)
    medians = [median(seconds) for seconds in taken]
    return max(medians) - min(medians)


def test_a_refused_login_takes_the_same_time_whoever_asks(anonymous: Any, clinic: Clinic) -> None:
    known = [make_user("x", password=PASSWORD) for _ in range(25)]
    disabled = [make_user("y", password=PASSWORD, is_active=False) for _ in range(25)]
    with tenant(clinic.pk):
        for user in known + disabled:
            Membership.objects.create(user=user, role="registrar")

    def asks(login: str, address: str) -> None:
        body = {"login": login, "password": "wrong-wrong-wrong"}
        assert anonymous.post(LOGIN, body, REMOTE_ADDR=address).status_code == 401

    kinds = [
        lambda n: asks(f"nobody{n}", f"10.0.1.{n}"),
        lambda n: asks(known[n].login, f"10.0.2.{n}"),
        lambda n: asks(disabled[n].login, f"10.0.3.{n}"),
    ]
    assert alike(kinds, within=0.015)


def test_a_twin_in_another_clinic_takes_no_longer(clinic: Clinic, rival: Clinic) -> None:
    desk = clinic.client("registrar")

    def registers(phone: str, last_name: str) -> None:
        with transaction.atomic():
            body = {"last_name": last_name, "first_name": "А", "phone": phone}
            assert desk.post(PATIENTS, body).status_code == 201
            transaction.set_rollback(True)

    theirs = rival.patient
    kinds = [
        lambda _: registers(theirs.phone, theirs.last_name),
        lambda n: registers(f"+77015550{n:03d}", "Единственная"),
    ]
    assert alike(kinds, within=0.010)


def test_control_a_difference_is_found() -> None:
    assert not alike([lambda _: time.sleep(0.001), lambda _: time.sleep(0.02)], within=0.015)
