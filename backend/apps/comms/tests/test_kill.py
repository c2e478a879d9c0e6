import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.comms import actions
from apps.comms.models import Message
from apps.comms.texts import Occasion
from apps.core.tenancy import tenant
from apps.org import preferences
from embedded.pytest_plugin import application_address
from testing.clinics import build_clinic
from testing.races import size

BACKEND = Path(__file__).resolve().parents[3]


@contextmanager
def worker(database: str, url: str) -> Any:
    address = application_address(database)
    env = {**os.environ, "DATABASE_URL": address, "SMS_MOCK_URL": url, "LOG_LEVEL": "CRITICAL"}
    command = [sys.executable, "-W", "ignore", "-m", "apps.comms.tests.worker"]
    process = subprocess.Popen(command, cwd=BACKEND, env=env)
    try:
        yield process
    finally:
        process.kill()  # without warning
        process.wait()


def test_killed_workers_lose_nothing_and_send_nothing_twice(committed_db, provider, monkeypatch):
    clinic, dice = build_clinic(), random.Random(1)
    with tenant(clinic.pk):
        preferences.put(
            {"sms_rate_limit_per_min": 1000, "quiet_hours_start": 0, "quiet_hours_end": 0}
        )
        for n in range(size(30, 900)):
            occasion = Occasion(clinic.patient, clinic.branch)
            actions.send(
                occasion=occasion, text=f"№{n}", by=clinic.user("owner"), now=timezone.now()
            )
        wanted = {str(pk) for pk in Message.objects.values_list("pk", flat=True)}
    provider.control("slow", seconds=0.01)

    for _ in range(size(1, 60)):
        before = len(provider.ledger())
        with worker(committed_db, provider.url):
            wait(lambda before=before: len(provider.ledger()) > before, seconds=20)
            time.sleep(dice.random() * 0.1)
    with worker(committed_db, provider.url):
        wait(lambda: all_sent(clinic), seconds=size(30, 300))

    assert all_sent(clinic)
    assert Counter(row["id"] for row in provider.ledger()) == Counter(wanted)


def all_sent(clinic: Any) -> bool:
    with tenant(clinic.pk):
        return not Message.objects.filter(state__in=["waiting", "unknown"]).exists()


def wait(done: Any, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not done() and time.monotonic() < ends:
        time.sleep(0.02)
