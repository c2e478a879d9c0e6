"""Invariant 92: during an outage of the database requests end within five seconds, and within ten of its return all is well."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg import OperationalError
from psycopg_pool import ConnectionPool, PoolTimeout

from embedded.ports import free
from embedded.postgres import Postgres
from embedded.tests.installation import until

pytestmark = pytest.mark.proof
OUTAGE = 20


class Server:
    def __init__(self, folder: Path) -> None:
        self.postgres = Postgres(folder, free(), "only-for-this-test")
        self.postgres.make()
        self.start()

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.postgres.argv(), stdout=quiet, stderr=quiet)
        until(self.postgres.answers)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data")
    yield server
    server.kill()


def asks(pool: "ConnectionPool[Any]") -> tuple[bool, float]:
    began = time.monotonic()
    try:
        with pool.connection() as connection:
            connection.execute("SELECT 1")
    except (PoolTimeout, OperationalError):
        return False, time.monotonic() - began
    return True, time.monotonic() - began


def outage(server: Server, **options: Any) -> tuple[float, float]:
    """The longest a request waited meanwhile, and how long after the return they went on failing."""
    longest = 0.0
    with ConnectionPool(server.postgres.url(), **{**settings.POOL, **options}) as pool:
        until(lambda: asks(pool)[0])
        server.kill()
        ends = time.monotonic() + OUTAGE
        while time.monotonic() < ends:
            longest = max(longest, asks(pool)[1])
            time.sleep(0.2)
        server.start()
        back = time.monotonic()
        until(lambda: asks(pool)[0], 120)
        return longest, time.monotonic() - back


def test_requests_end_soon_and_work_resumes_by_itself(server: Server, record_property: Any) -> None:
    longest, late = outage(server)

    record_property("figures", f"longest request {longest:.1f} s, back after {late:.1f} s")
    assert longest < 2.5  # a request asks twice at most
    assert late < 10


def test_control_a_patient_pool_sleeps_on(server: Server) -> None:
    assert outage(server, reconnect_timeout=300)[1] > 2
