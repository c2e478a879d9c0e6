"""The benchmark's own installation in `.data/bench/<size>`: real PostgreSQL, Valkey, API and socket server on free ports."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from benchmarks import data, statements
from embedded import binaries, keys, ports
from embedded.postgres import APPLICATION, DATABASE
from embedded.services import BACKEND, Installation, Service
from embedded.supervisor import Supervisor, end_leftovers

ROOT = Path(os.environ.get("BENCH_DIR") or BACKEND.parent / ".data" / "bench")


@dataclass
class Place:
    parts: Installation
    token: str
    organization: UUID
    today: date

    @property
    def port(self) -> int:
        return self.parts.web_port

    def pgbench(
        self, name: str, values: dict[str, str], seconds: int = 4, clients: int = 8
    ) -> float:
        """Statements a second, straight at the database as the application's role, 8 connections."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(statements.literal(name, values))
            script.flush()
            answer = subprocess.run(
                [binaries.postgres("pgbench"), "-n", "-f", script.name, "-c", str(clients), "-j", "2",
                 "-T", str(seconds), "-M", "simple", DATABASE],
                env={**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.parts.postgres_port),
                     "PGUSER": "postgres", "PGPASSWORD": self.parts.keys["PG_SUPERUSER"],
                     "PGOPTIONS": f"-c role={APPLICATION} -c app.organization_id={self.organization}"},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        line = next(row for row in answer.stdout.splitlines() if row.startswith("tps = "))
        return float(line.split()[2])


@contextmanager
def ready(size: data.Size, name: str, threads: int) -> Iterator[Place]:
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    end_leftovers(folder)
    parts = Installation(folder, keys.load(folder), *(ports.free() for _ in range(5)))
    supervisor = Supervisor(folder)
    parts.postgres.settings |= {"shared_buffers": "1GB", "max_wal_size": "8GB"}
    try:
        parts.postgres.make()
        for service in parts.stores():
            supervisor.start(service)
        parts.postgres.prepare(parts.keys["PG_OWNER"], parts.keys["PG_APPLICATION"])
        _manage(parts, "migrate", "--verbosity=0")
        today = _load(parts, size)
        for service in _servers(parts, threads):
            supervisor.start(service)
        yield Place(parts, _token(parts), data.number("organization", 0), today)
    finally:
        supervisor.stop()


def _load(parts: Installation, size: data.Size) -> date:
    today = datetime.now(UTC).date()
    with psycopg.connect(parts.postgres.url(name=DATABASE)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_loaded (day date, size text)")
        row = connection.execute(
            "SELECT day FROM bench_loaded WHERE size = %s", [str(size)]
        ).fetchone()
        connection.commit()
        if row is not None:
            return date.fromisoformat(str(row[0]))
        print(f"loading {size.days} days, {size.patients} patients …", flush=True)
        seconds = data.load(connection, size, today)
        connection.execute("INSERT INTO bench_loaded VALUES (%s, %s)", [today, str(size)])
        print(f"loaded in {seconds:.0f} s", flush=True)
    return today


def _servers(parts: Installation, threads: int) -> list[Service]:
    environment = parts.environment() | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    environment |= {"LOG_LEVEL": "WARNING", "DB_POOLED": "1"}
    services = [service for service in parts.product() if service.name in ("web", "ws")]
    for service in services:
        service.env = environment
    web = services[0]
    argv = web.argv
    web.argv = lambda: [
        str(threads) if before == "--blocking-threads" else word
        for before, word in zip(["", *argv()], argv(), strict=False)
    ]
    return services


def _manage(parts: Installation, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=BACKEND,
        check=True,
        env={**os.environ, **parts.environment(), "DATABASE_URL": parts.owner_url()},
    )


def _token(parts: Installation) -> str:
    """A session of an owner, made directly: the benchmark measures the product, not Argon2."""
    user, organization = None, data.number("organization", 0)
    now = datetime.now(UTC)
    session = data.number("session", int(now.timestamp()))
    with psycopg.connect(parts.postgres.url(name=DATABASE), autocommit=True) as connection:
        user = connection.execute("SELECT id FROM core_user WHERE login = 'bench'").fetchone()
        assert user is not None
        connection.execute(
            """INSERT INTO core_membership (id, organization_id, user_id, role, is_active, version, created_at, updated_at)
               SELECT gen_random_uuid(), %s, %s, role, true, 1, now(), now() FROM (VALUES ('owner'), ('cashier')) r(role)
               ON CONFLICT DO NOTHING""",
            [organization, user[0]],
        )
        connection.execute(
            """INSERT INTO core_session (id, user_id, organization_id, created_at, last_used_at, expires_at, end_reason, user_agent)
               VALUES (%s, %s, %s, now(), now(), now() + interval '6 hours', '', '')""",
            [session, user[0], organization],
        )
    import jwt

    return jwt.encode(
        {"typ": "access", "sub": str(user[0]), "sid": str(session), "org": str(organization),
         "branch": None, "exp": now + timedelta(hours=6)},
        parts.keys["SECRET_KEY"], algorithm="HS256",
    )  # fmt: skip
