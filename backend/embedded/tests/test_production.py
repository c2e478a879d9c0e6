"""Production does not start with what a hurried person leaves behind (invariant 113): one start for each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[2]
GOOD = {
    "CLINIC_MODE": "production",
    "SECRET_KEY": "bq8Zt0Wc4mX7uKp2RfVh9sLdJy6NgAe1TiOo3EvU5xYw",
    "FIELD_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "LOOKUP_KEY": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
    "DATABASE_URL": "postgresql://clinic_app:x@127.0.0.1:1/clinic",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
SAME = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


def start(**changes: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=BACKEND,
        env={**kept, **GOOD, **changes},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_starts_with_everything_right() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"DEBUG": "1"},
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "please-change-this-before-you-go-to-production-1"},
        {"FIELD_KEY": ""},
        {"FIELD_KEY": "c2hvcnQ="},
        {"FIELD_KEY": SAME},
        {"LOOKUP_KEY": ""},
        {"LOOKUP_KEY": SAME},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_ORIGINS": "https://*"},
        {"DATABASE_URL": ""},
        {"DATABASE_URL": "postgresql://clinic_owner:x@127.0.0.1:1/clinic"},
        {"DATABASE_URL": "postgresql://postgres:x@127.0.0.1:1/clinic"},
        {"CLINIC_MODE": "prod"},
    ],
    ids=lambda changes: ",".join(f"{name}={value[:12]}" for name, value in changes.items()),
)
def test_refuses(changes: dict[str, str]) -> None:
    refused = start(**changes)

    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr


def test_migrate_goes_to_the_database_as_the_owner() -> None:
    owner = "postgresql://clinic_owner:x@127.0.0.1:1/clinic"
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--check"],
        cwd=BACKEND,
        env={**os.environ, **GOOD, "DATABASE_URL": "", "DATABASE_OWNER_URL": owner},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "ImproperlyConfigured" not in asked.stderr
    assert "OperationalError" in asked.stderr  # nothing listens there
