"""PostgreSQL in a folder: made once, started on loopback, with the two roles of the product.

As root it runs in a user namespace of its own (PostgreSQL refuses root), else directly.
"""

import locale
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from embedded import binaries, child

OWNER, APPLICATION, DATABASE = "clinic_owner", "clinic_app", "clinic"
_NAMESPACE = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]


@cache
def letters() -> str:
    """A locale that knows which signs are letters: pg_trgm asks it, and under "C" no Cyrillic word has a trigram."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "ru_RU.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        finally:
            locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"


@cache
def prefix() -> list[str] | None:
    """What to put before PostgreSQL's programs; None when only another user helps."""
    if os.geteuid() != 0:
        return []
    usable = shutil.which("unshare") and (
        subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    )
    return _NAMESPACE if usable else None


def _as_postgres_user() -> dict[str, Any]:
    return {"user": "nobody"} if prefix() is None else {}


@dataclass
class Postgres:
    folder: Path
    port: int
    password: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "pgdata"

    @property
    def has_socket(self) -> bool:
        """The kernel allows about a hundred bytes for a socket's path."""
        return len(os.fsencode(self.data)) < 85

    def make(self) -> bool:
        """initdb into a temporary folder, then rename: a kill in between leaves nothing half made."""
        if self.data.exists():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        if prefix() is None:
            shutil.chown(self.folder, "nobody")
        for half_made in self.folder.glob("pgdata.*"):
            shutil.rmtree(half_made) if half_made.is_dir() else half_made.unlink()
        temporary = Path(tempfile.mkdtemp(prefix="pgdata.", dir=self.folder))
        secret = temporary.with_suffix(".secret")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if prefix() is None:
            shutil.chown(temporary, "nobody")
            shutil.chown(secret, "nobody")
        try:
            subprocess.run(
                [*(prefix() or []), binaries.postgres("initdb"), "-D", str(temporary), "-U", "postgres",
                 "--pwfile", str(secret), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                 f"--lc-ctype={letters()}", "--locale-provider=builtin",
                 "--builtin-locale=PG_UNICODE_FAST", "--data-checksums"],
                check=True, capture_output=True, **_as_postgres_user(),
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise RuntimeError(f"initdb failed: {error.stderr.decode()[-2000:]}") from None
        finally:
            secret.unlink()
        temporary.rename(self.data)
        return True

    def argv(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.data) if self.has_socket else "",
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "effective_cache_size": "1GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "max_wal_size": "2GB",
            "log_min_duration_statement": "-1",
            "log_min_error_statement": "panic",  # a statement may hold a patient's data
            "log_error_verbosity": "terse",
            **self.settings,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = [binaries.postgres("postgres"), "-D", str(self.data), "-p", str(self.port), *flags]
        return [*(prefix() or []), *child.argv(server, signal.SIGINT)]

    def popen_options(self) -> dict[str, Any]:
        return _as_postgres_user()

    def url(
        self, user: str = "postgres", password: str | None = None, name: str = "postgres"
    ) -> str:
        place = f"?host={quote(str(self.data), safe='/')}" if self.has_socket else ""
        return (
            f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{name}{place}"
        )

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def wait_until_gone(self, seconds: float = 20) -> None:
        """A postmaster of an earlier supervisor may still be shutting down."""
        pid_file = self.data / "postmaster.pid"
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and pid_file.exists():
            try:
                os.kill(int(pid_file.read_text().split()[0]), 0)
            except (ProcessLookupError, ValueError, IndexError, FileNotFoundError):
                return
            time.sleep(0.1)

    def prepare(self, owner_password: str, application_password: str) -> None:
        """The roles and the database; may be repeated. Neither role is a superuser or passes row security."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for role, password in ((OWNER, owner_password), (APPLICATION, application_password)):
                known = connection.execute(
                    "SELECT FROM pg_roles WHERE rolname = %s", [role]
                ).fetchone()
                verb = "ALTER" if known is not None else "CREATE"
                connection.execute(
                    sql.SQL(
                        verb + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB PASSWORD {}"
                    ).format(sql.Identifier(role), sql.Literal(password))
                )
            if connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone() is None:  # fmt: skip
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APPLICATION}")
