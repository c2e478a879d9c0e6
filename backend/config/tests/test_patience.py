"""How long the database works for whom."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[2]
ASKS = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
        cursor.execute(f"SHOW {limit}")
        print(*cursor.fetchone())
"""


@pytest.mark.parametrize(
    ("migrates", "limits"), [("0", ["30s", "30s", "5s"]), ("1", ["0", "0", "5s"])]
)
def test_a_request_is_given_up_and_an_upgrade_is_not(migrates: str, limits: list[str]) -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASKS],
        cwd=BACKEND,
        env={**os.environ, "CLINIC_MIGRATES": migrates},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.stdout.split() == limits, asked.stderr
