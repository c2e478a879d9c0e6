"""The benchmark's own installation in `.data/bench/<size>`: real PostgreSQL, Valkey, API and socket server on free ports."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import jwt
import psycopg

from benchmarks import processes, statements
from benchmarks.http import Request, Result
from benchmarks.size import number
from embedded import binaries, keys, ports
from embedded.postgres import APPLICATION, DATABASE, letters
from embedded.services import BACKEND, Installation, Service
from embedded.supervisor import Supervisor, end_leftovers

ROOT = Path(os.environ.get("BENCH_DIR") or BACKEND.parent / ".data" / "bench")


@dataclass
class Place:
    parts: Installation
    token: str
    organization: UUID
    today: date
    web: int  # the first process of the web server
    roots: list[int]  # the first processes of all parts

    @property
    def port(self) -> int:
        return self.parts.web_port

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Bearer {self.token}"), ("Accept-Language", "ru"))

    def get(self, path: str, **query: str) -> Request:
        return Request("GET", path + (f"?{urlencode(query)}" if query else ""), self.headers)

    def iin_lookup(self, card: int) -> str:
        """The keyed hash of somebody's IIN, as hex: the statement cannot compute it."""
        with psycopg.connect(self.parts.postgres.url(name=DATABASE)) as connection:
            return str(
                connection.execute(
                    "SELECT encode(iin_lookup, 'hex') FROM patients_patient"
                    " WHERE organization_id = %s AND card_number = %s",
                    [self.organization, card],
                ).fetchone()[0]
            )

    def pgbench(self, scripts: Sequence[str], seconds: float, clients: int = 8) -> Result:
        """Statements a second, straight at the database as the application's role. Each time one of the scripts."""
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / f"{n}.sql" for n in range(len(scripts))]
            for file, script in zip(files, scripts, strict=True):
                file.write_text(script)
            answer = subprocess.run(
                [binaries.postgres("pgbench"), "-n", *(f"--file={file}" for file in files),
                 "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds))), "-M", "simple", DATABASE],
                env={**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.parts.postgres_port),
                     "PGUSER": "postgres", "PGPASSWORD": self.parts.keys["PG_SUPERUSER"],
                     "PGOPTIONS": f"-c role={APPLICATION} -c app.organization_id={self.organization}"},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        rows = answer.stdout.splitlines()
        rate = next(float(row.split()[2]) for row in rows if row.startswith("tps = "))
        done = next(
            int(row.split()[5].split("/")[0]) for row in rows if "actually processed" in row
        )
        return Result(done / rate, count=done)

    @property
    def memory(self) -> int:
        """Megabytes that the web server's processes hold."""
        return processes.memory([self.web]) // 2**20

    @property
    def busy(self) -> float:
        """Seconds that processors have worked for the servers and the database of this place."""
        return processes.busy(self.roots)


@contextmanager
def ready(size: str, threads: int) -> Iterator[Place]:
    folder = ROOT / size
    folder.mkdir(parents=True, exist_ok=True)
    end_leftovers(folder)
    parts = Installation(folder, keys.load(folder), *(ports.free() for _ in range(5)))
    supervisor = Supervisor(folder)
    parts.postgres.settings |= {"shared_buffers": "1GB", "max_wal_size": "8GB"}
    try:
        today = _database(parts, supervisor, size)
        for service in _servers(parts, threads):
            supervisor.start(service)
        web = next(part for part in supervisor.parts if part.service.name == "web")
        roots = [part.process.pid for part in supervisor.parts]
        organization = number("organization", 0)
        yield Place(parts, _token(parts), organization, today, web.process.pid, roots)
    finally:
        supervisor.stop()


def _database(parts: Installation, supervisor: Supervisor, size: str) -> date:
    """Kept from run to run, and made anew when the generator or the letters of the server have changed. Its today."""
    stamp = parts.folder / "loaded.json"
    made_by = {"generator": _digest("data.py", "size.py"), "letters": letters()}
    kept = json.loads(stamp.read_text()) if stamp.exists() else {}
    if kept.get("made_by") != made_by:
        kept = {}
        stamp.unlink(missing_ok=True)
        shutil.rmtree(parts.postgres.data, ignore_errors=True)
    parts.postgres.make()
    for service in parts.stores():
        supervisor.start(service)
    parts.postgres.prepare(parts.keys["PG_OWNER"], parts.keys["PG_APPLICATION"])
    _python(parts, "manage.py", "migrate", "--verbosity=0", DATABASE_OWNER_URL=parts.owner_url())
    url = parts.postgres.url(name=DATABASE)
    _python(parts, "-m", "benchmarks.defaults", BENCH_URL=url)
    if not kept:
        print(f"loading the {size} database …", flush=True)
        began = time.monotonic()
        kept = {"made_by": made_by, "day": datetime.now(UTC).date().isoformat()}
        _python(parts, "-m", "benchmarks.data", size, kept["day"], BENCH_URL=url)
        stamp.write_text(json.dumps(kept))
        print(f"loaded in {time.monotonic() - began:.0f} s", flush=True)
    with psycopg.connect(parts.postgres.url(name=DATABASE)) as connection:
        connection.execute(statements.FUNCTIONS)
    return date.fromisoformat(kept["day"])


def _digest(*names: str) -> str:
    """Of what the code says, not of how it is laid out."""
    texts = [(BACKEND / "benchmarks" / name).read_text() for name in names]
    trees = "".join(ast.dump(ast.parse(text)) for text in texts)
    return hashlib.blake2b(trees.encode(), digest_size=8).hexdigest()


def _python(parts: Installation, *arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=BACKEND, check=True, env={**os.environ, **parts.environment(), **environment},
    )  # fmt: skip


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


def _token(parts: Installation) -> str:
    """A session of an owner, made directly: the benchmark measures the product, not Argon2."""
    organization = number("organization", 0)
    now = datetime.now(UTC)
    session = number("session", int(now.timestamp()))
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
    return jwt.encode(
        {"typ": "access", "sub": str(user[0]), "sid": str(session), "org": str(organization),
         "branch": None, "exp": now + timedelta(hours=6)},
        parts.keys["SECRET_KEY"], algorithm="HS256",
    )  # fmt: skip
